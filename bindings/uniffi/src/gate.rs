//! The gate, and its verdict on a status.

use std::sync::Arc;

use clanforge_bindings::json;

use crate::checks::{Options, from_json};
use crate::generated::{Gate, Result, Verdict};
use crate::status::ImageStatus;

/// Returns the verdict of a gate on a status.
#[uniffi::export] // Not a method: UniFFI generates wrong Ruby code for a method of a record with an argument.
pub fn evaluate(gate: Gate, status: Arc<ImageStatus>) -> Result<Verdict> {
    Ok(from_json(&gate.pass(|gate| clanforge_bindings::evaluate(gate, &status.0))?)?)
}

#[uniffi::export]
impl Gate {
    /// Returns whether the gate needs a status with detail.
    pub fn needs_detail(&self) -> Result<bool> {
        Ok(self.pass(clanforge_bindings::gate_needs_detail)?)
    }
}

#[uniffi::export]
impl Verdict {
    /// Returns the verdict in JSON, as `clanforge check -o json` writes it.
    pub fn to_json(&self) -> String {
        json(self)
    }
}
