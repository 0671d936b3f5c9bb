//! Faults on their way to Python.

use clanforge_bindings::Fault;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// A fault, or an exception of Python that came up on the way, such as from a signal handler.
pub(crate) enum Raised {
    Fault(Fault),
    Python(PyErr),
}

impl<E: Into<Fault>> From<E> for Raised {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// Runs what may fail or panic, and raises what comes of it as the exception of its kind.
pub(crate) fn guarded<T>(py: Python<'_>, run: impl FnOnce() -> Result<T, Raised>) -> PyResult<T> {
    clanforge_bindings::guarded(run).map_err(|raised| match raised {
        Raised::Fault(fault) => exception(py, &fault),
        Raised::Python(error) => error,
    })
}

/// Returns a fault as the exception of its kind.
pub(crate) fn exception(py: Python<'_>, fault: &Fault) -> PyErr {
    let made = || -> PyResult<PyErr> {
        let fault = fault.fields();
        let fields = PyDict::new(py);
        fields.set_item("status", fault.status)?;
        fields.set_item("request_id", &fault.request_id)?;
        fields.set_item("attempts", fault.attempts)?;
        fields.set_item("elapsed", fault.elapsed_seconds)?;
        fields.set_item("retry_after", fault.retry_after_seconds)?;
        fields.set_item("api_code", &fault.api_code)?;
        fields.set_item("api_message", &fault.api_message)?;
        fields.set_item("json_path", &fault.json_path)?;
        fields.set_item("causes", &fault.causes)?;
        let of_kind = py.import("clanforge.errors")?.getattr("_of_kind")?;
        Ok(PyErr::from_value(of_kind.call((fault.kind, &fault.message), Some(&fields))?))
    };
    made().unwrap_or_else(|error| error)
}

/// Panics, as a defect would: for the tests, which see what becomes of one in the package as it is installed.
#[pyfunction]
pub(crate) fn defect(py: Python<'_>, text: &str) -> PyResult<()> {
    guarded(py, || panic!("{text}"))
}
