//! The gate.

use pyo3::prelude::*;

use crate::error;
use crate::status::Status;

/// Raises where this is no gate; else returns it with every field.
#[pyfunction]
pub(crate) fn check_gate(py: Python<'_>, text: &str) -> PyResult<String> {
    error::guarded(py, || Ok(clanforge_bindings::check_gate(text)?))
}

/// Returns the verdict as JSON.
#[pyfunction]
pub(crate) fn evaluate(py: Python<'_>, gate: &str, status: &Status) -> PyResult<String> {
    error::guarded(py, || Ok(py.detach(|| clanforge_bindings::evaluate(gate, &status.0))?))
}
