//! The gate.

use clanforge::{ErrorKind, Gate};
use pyo3::prelude::*;

use crate::error;
use crate::status::{Status, json};

/// Raises where this is no gate; else returns it with every field.
#[pyfunction]
pub(crate) fn check_gate(py: Python<'_>, text: &str) -> PyResult<String> {
    error::guarded(py, || Ok(json(&parsed(py, text)?)))
}

/// Returns the verdict as JSON.
#[pyfunction]
pub(crate) fn evaluate(py: Python<'_>, gate: &str, status: &Status) -> PyResult<String> {
    error::guarded(py, || {
        let gate = parsed(py, gate)?;
        Ok(py.detach(|| json(&gate.evaluate(&status.0))))
    })
}

fn parsed(py: Python<'_>, gate: &str) -> PyResult<Gate> {
    let invalid = |problem| error::of_kind(py, ErrorKind::Configuration, &format!("invalid gate: {problem}"));
    serde_json::from_str(gate).map_err(invalid)
}
