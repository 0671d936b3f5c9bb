//! Conversion of errors to JSON, from which the TypeScript layer creates an error of the class for its kind.

use clanforge_bindings::{BindingError, json};
use napi_derive::napi;

/// The prefix of a message that contains the JSON of an error, by which errors of this module are recognized.
const ERROR_PREFIX: &str = "clanforge error ";

/// Runs a function, and converts its error or panic to an error that JavaScript can throw.
pub(crate) fn catch<T>(run: impl FnOnce() -> Result<T, BindingError>) -> napi::Result<T> {
    clanforge_bindings::catch_panic(run)
        .map_err(|error| napi::Error::from_reason(format!("{ERROR_PREFIX}{}", json(&error))))
}

/// Exports functions, or the methods of a class. Each is a signature and what it returns: a result, whose error JavaScript can throw.
/// A word before a method is its option for napi, such as `[getter]`.
macro_rules! export {
    ($($(#[$attribute:meta])* fn $name:ident($($argument:tt)*) -> $value:ty = $result:expr;)+) => {$(
        $(#[$attribute])*
        #[napi]
        pub fn $name($($argument)*) -> napi::Result<$value> {
            $crate::error::catch(|| $result)
        }
    )+};
    (impl $class:ident {$(
        $(#[$attribute:meta])* $([$option:ident])? fn $name:ident($($argument:tt)*) -> $value:ty = $result:expr;
    )+}) => {
        #[napi]
        impl $class {$(
            $(#[$attribute])*
            #[napi$(($option))?]
            pub fn $name($($argument)*) -> napi::Result<$value> {
                $crate::error::catch(|| $result)
            }
        )+}
    };
}
pub(crate) use export;

export! {
    /// Panics, so that the tests can see how the installed package handles a panic.
    fn panic_for_tests(text: String) -> () = panic!("{text}");
}
