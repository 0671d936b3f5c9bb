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

/// Runs a function, and converts its error or panic to the exception for its kind.
pub(crate) fn catch<T>(py: Python<'_>, run: impl FnOnce() -> Result<T, CallError>) -> PyResult<T> {
    clanforge_bindings::catch_panic(run).map_err(|error| match error {
        CallError::Client(error) => exception(py, &error),
        CallError::Python(exception) => exception,
    })
}

/// Returns the exception for an error, of the class for its kind.
pub(crate) fn exception(py: Python<'_>, error: &BindingError) -> PyErr {
    let convert = || {
        let from_json = py.import("clanforge._generated.errors")?.getattr("from_json")?;
        Ok(PyErr::from_value(from_json.call1((json(error),))?))
    };
    convert().unwrap_or_else(|error| error)
}

/// Panics, so that the tests can see how the installed package handles a panic.
#[pyfunction]
pub(crate) fn panic_for_tests(py: Python<'_>, text: &str) -> PyResult<()> {
    catch(py, || panic!("{text}"))
}
