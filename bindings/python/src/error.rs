//! Errors on the way to Python.

use clanforge_bindings::BindingError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

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

/// Runs a function, and turns its error or panic into the exception of its kind.
pub(crate) fn catch<T>(py: Python<'_>, run: impl FnOnce() -> Result<T, CallError>) -> PyResult<T> {
    clanforge_bindings::catch_panic(run).map_err(|error| match error {
        CallError::Client(error) => exception(py, &error),
        CallError::Python(exception) => exception,
    })
}

/// Returns an error as the exception of its kind.
pub(crate) fn exception(py: Python<'_>, error: &BindingError) -> PyErr {
    let convert = || -> PyResult<PyErr> {
        let error = error.report();
        let fields = PyDict::new(py);
        fields.set_item("status", error.status)?;
        fields.set_item("request_id", &error.request_id)?;
        fields.set_item("attempts", error.attempts)?;
        fields.set_item("elapsed", error.elapsed.as_secs_f64())?;
        fields.set_item("retry_after", error.retry_after.map(|time| time.as_secs_f64()))?;
        fields.set_item("api_code", &error.api_code)?;
        fields.set_item("api_message", &error.api_message)?;
        fields.set_item("json_path", &error.json_path)?;
        fields.set_item("causes", &error.causes)?;
        let class = py.import("clanforge.errors")?.getattr("BY_KIND")?.get_item(error.kind.as_str())?;
        Ok(PyErr::from_value(class.call((&error.message,), Some(&fields))?))
    };
    convert().unwrap_or_else(|error| error)
}

/// Panics, so that the tests can see how the installed package handles a panic.
#[pyfunction]
pub(crate) fn panic_for_tests(py: Python<'_>, text: &str) -> PyResult<()> {
    catch(py, || panic!("{text}"))
}
