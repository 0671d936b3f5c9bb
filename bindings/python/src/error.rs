//! Conversion of errors to exceptions of Python.

use clanforge_bindings::{BindingError, json};
use pyo3::prelude::*;

/// Why a call failed: an error of the client, or a Python exception, such as from a signal handler.
pub(crate) enum CallError {
    Client(BindingError),
    Python(PyErr),
}

impl<E: Into<BindingError>> From<E> for CallError {
    fn from(error: E) -> Self {
        Self::Client(error.into())
    }
}

/// Runs a function, and converts its error or panic to the exception for its kind. Called with the GIL held.
pub(crate) fn catch<T>(run: impl FnOnce() -> Result<T, CallError>) -> PyResult<T> {
    clanforge_bindings::catch_panic(run).map_err(|error| match error {
        CallError::Client(error) => exception(&error),
        CallError::Python(exception) => exception,
    })
}

/// Returns the exception for an error, of the class for its kind. Called with the GIL held.
pub(crate) fn exception(error: &BindingError) -> PyErr {
    Python::attach(|py| {
        let from_json = py.import("clanforge._generated.errors")?.getattr("from_json")?;
        Ok(PyErr::from_value(from_json.call1((json(error),))?))
    })
    .unwrap_or_else(|error| error)
}

/// Runs a function without the GIL.
pub(crate) fn detached<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    Python::attach(|py| py.detach(run))
}

/// Exports functions, or the methods of a class. Each is a signature and what it returns: a result, whose error becomes an exception.
macro_rules! export {
    ($($(#[$attribute:meta])* fn $name:ident($($argument:tt)*) -> $value:ty = $result:expr;)+) => {$(
        $(#[$attribute])*
        #[pyfunction]
        pub(crate) fn $name($($argument)*) -> PyResult<$value> {
            $crate::error::catch(|| $result)
        }
    )+};
    (impl $class:ident {$($(#[$attribute:meta])* fn $name:ident($($argument:tt)*) -> $value:ty = $result:expr;)+}) => {
        #[pymethods]
        impl $class {$(
            $(#[$attribute])*
            fn $name($($argument)*) -> PyResult<$value> {
                $crate::error::catch(|| $result)
            }
        )+}
    };
}
pub(crate) use export;

export! {
    /// Panics, so that the tests can see how the installed package handles a panic.
    fn panic_for_tests(text: &str) -> () = panic!("{text}");
}
