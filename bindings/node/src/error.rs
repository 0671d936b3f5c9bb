//! Errors on their way to JavaScript: as the JSON of their fields, which the other half makes an error of.

use clanforge_bindings::{Fault, json};
use napi_derive::napi;

/// What tells an error of this half from any other.
const BRAND: &str = "clanforge fault ";

/// What is thrown: a fault, in the place of an error's message.
pub(crate) struct Thrown(pub(crate) Fault);

impl<E: Into<Fault>> From<E> for Thrown {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// Runs what may fail or panic.
pub(crate) fn guarded<T>(run: impl FnOnce() -> Result<T, Thrown>) -> napi::Result<T> {
    clanforge_bindings::guarded(run)
        .map_err(|Thrown(fault)| napi::Error::from_reason(format!("{BRAND}{}", json(&fault))))
}

/// Panics, as a defect would: for the tests, which see what becomes of one in the package as it is installed.
#[napi]
pub fn defect(text: String) -> napi::Result<()> {
    guarded(|| panic!("{text}"))
}
