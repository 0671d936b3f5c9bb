//! Errors on the way to JavaScript: the JSON of their fields, which the TypeScript layer turns into an error of its class.

use clanforge_bindings::{BindingError, json};
use napi_derive::napi;

/// The prefix of a message that holds the JSON of an error: it tells errors of this module from all others.
const ERROR_PREFIX: &str = "clanforge error ";

/// Runs a function, and turns its error or panic into an error that JavaScript can throw.
pub(crate) fn catch<T>(run: impl FnOnce() -> Result<T, BindingError>) -> napi::Result<T> {
    clanforge_bindings::catch_panic(run)
        .map_err(|error| napi::Error::from_reason(format!("{ERROR_PREFIX}{}", json(&error))))
}

/// Panics, so that the tests can see how the installed package handles a panic.
#[napi]
pub fn panic_for_tests(text: String) -> napi::Result<()> {
    catch(|| panic!("{text}"))
}
