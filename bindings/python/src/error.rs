//! Errors on their way to Python.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use clanforge::core::ResponseError;
use clanforge::{Error, ErrorKind};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Returns an error of the client as the exception of its kind.
pub(crate) fn exception(py: Python<'_>, error: &Error) -> PyErr {
    let fields = PyDict::new(py);
    let filled = || -> PyResult<()> {
        fields.set_item("status", error.status())?;
        fields.set_item("request_id", error.request_id())?;
        fields.set_item("attempts", error.attempts())?;
        fields.set_item("elapsed", error.elapsed().as_secs_f64())?;
        fields.set_item("retry_after", error.retry_after().map(|pause| pause.as_secs_f64()))?;
        fields.set_item("api_code", error.api_code())?;
        fields.set_item("api_message", error.api_message())?;
        fields.set_item("json_path", error.json_path())?;
        fields.set_item("causes", error.causes().collect::<Vec<_>>())
    };
    filled().err().unwrap_or_else(|| raised(py, error.kind(), &error.to_string(), &fields))
}

/// Returns the exception of a kind that was no call.
pub(crate) fn of_kind(py: Python<'_>, kind: ErrorKind, message: &str) -> PyErr {
    raised(py, kind, message, &PyDict::new(py))
}

/// Returns what is wrong with a text that is no status as the exception of its kind.
pub(crate) fn of_response(py: Python<'_>, error: &ResponseError) -> PyErr {
    let fields = PyDict::new(py);
    let (kind, filled) = match error {
        ResponseError::Api(api) => (
            ErrorKind::Api,
            fields.set_item("api_code", api.code()).and_then(|()| fields.set_item("api_message", api.message())),
        ),
        ResponseError::Decode(decode) => (ErrorKind::Decode, fields.set_item("json_path", decode.path())),
    };
    filled.err().unwrap_or_else(|| raised(py, kind, &error.to_string(), &fields))
}

/// Runs what may panic, which is a defect and no reason to tear an interpreter down.
pub(crate) fn guarded<T>(py: Python<'_>, run: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(panicked(py, &*panic)))
}

/// Returns a panic as an exception.
pub(crate) fn panicked(py: Python<'_>, panic: &(dyn Any + Send)) -> PyErr {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    of_kind(py, ErrorKind::Internal, &format!("a defect of clanforge: {}", text.unwrap_or("a panic without a message")))
}

/// Panics, as a defect would: for the tests, which see what becomes of one in the package as it is installed.
#[pyfunction]
pub(crate) fn defect(py: Python<'_>, text: &str) -> PyResult<()> {
    guarded(py, || panic!("{text}"))
}

fn raised(py: Python<'_>, kind: ErrorKind, message: &str, fields: &Bound<'_, PyDict>) -> PyErr {
    let made = py
        .import("clanforge.errors")
        .and_then(|errors| errors.getattr("_of_kind")?.call((kind.as_str(), message), Some(fields)));
    made.map_or_else(|error| error, PyErr::from_value)
}
