//! Your definition of ready.

use std::sync::Arc;

use crate::checks::from_json;
use crate::error::Result;
use crate::generated::{Gate, Verdict};
use crate::models::ImageStatus;

/// Evaluates the gate on a status.
#[uniffi::export]
pub fn evaluate(gate: Gate, status: Arc<ImageStatus>) -> Result<Verdict> {
    from_json(&evaluate_to_json(gate, status)?)
}

/// Evaluates a gate on a status, and returns the verdict in JSON, in the format of the `-o json` output.
#[uniffi::export]
pub fn evaluate_to_json(gate: Gate, status: Arc<ImageStatus>) -> Result<String> {
    Ok(clanforge_bindings::evaluate(&gate.encode()?, &status.0)?)
}

/// Returns whether a gate needs a status with detail.
#[uniffi::export]
pub fn gate_needs_detail(gate: Gate) -> Result<bool> {
    Ok(clanforge_bindings::gate_needs_detail(&gate.encode()?)?)
}

/// Parses a gate from JSON. Missing fields have their defaults; an unknown field is an error.
#[uniffi::export]
pub fn gate_from_json(text: &str) -> Result<Gate> {
    from_json(&clanforge_bindings::check_gate(text)?)
}

/// Returns a gate in JSON, with every field.
#[uniffi::export]
pub fn gate_to_json(gate: Gate) -> Result<String> {
    Ok(clanforge_bindings::check_gate(&gate.encode()?)?)
}
