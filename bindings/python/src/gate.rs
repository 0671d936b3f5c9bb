//! The gate, and what counts alone say.

use clanforge::MachineCounts;
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

/// Returns the completed machines in percent of all; `None` without machines.
#[pyfunction]
pub(crate) fn percent_complete(pending: u64, failed: u64, completed: u64) -> Option<f64> {
    counts(pending, failed, completed).percent_complete()
}

/// Returns the percentage as text.
#[pyfunction]
pub(crate) fn percent_text(pending: u64, failed: u64, completed: u64) -> String {
    counts(pending, failed, completed).percent_text()
}

/// Returns the readiness by its name.
#[pyfunction]
pub(crate) fn readiness(pending: u64, failed: u64, completed: u64) -> &'static str {
    counts(pending, failed, completed).readiness().as_str()
}

/// Returns the counts, whose sum the Python layer has checked.
fn counts(pending: u64, failed: u64, completed: u64) -> MachineCounts {
    MachineCounts::new(pending, failed, completed).unwrap_or_default()
}

/// Evaluates a gate on a status, and returns the verdict in JSON.
#[pyfunction]
pub(crate) fn evaluate(py: Python<'_>, gate: &str, status: &Status) -> PyResult<String> {
    error::catch(py, || Ok(py.detach(|| clanforge_bindings::evaluate(gate, &status.0))?))
}
