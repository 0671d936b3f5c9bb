//! The gate.

use pyo3::prelude::*;

use crate::error;
use crate::status::Status;

/// Checks a gate in JSON, and returns it with every field.
#[pyfunction]
pub(crate) fn check_gate(py: Python<'_>, text: &str) -> PyResult<String> {
    error::catch(py, || Ok(clanforge_bindings::check_gate(text)?))
}

/// Whether a gate in JSON needs the counts of each fleet and region.
#[pyfunction]
pub(crate) fn gate_needs_detail(py: Python<'_>, text: &str) -> PyResult<bool> {
    error::catch(py, || Ok(clanforge_bindings::gate_needs_detail(text)?))
}

/// Evaluates a gate on a status, and returns the verdict in JSON.
#[pyfunction]
pub(crate) fn evaluate(py: Python<'_>, gate: &str, status: &Status) -> PyResult<String> {
    error::catch(py, || Ok(py.detach(|| clanforge_bindings::evaluate(gate, &status.0))?))
}
