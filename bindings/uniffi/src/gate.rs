//! Your definition of ready, and what it says of a status.

use std::sync::Arc;

use clanforge_bindings::json;

use crate::checks::{Options, from_json, renamed};
use crate::error::Result;
use crate::generated::{Gate, Verdict};
use crate::models::ImageStatus;

/// Evaluates a gate on a status.
#[uniffi::export] // As a method with an argument, UniFFI writes it wrongly for Ruby.
pub fn evaluate(gate: Gate, status: Arc<ImageStatus>) -> Result<Verdict> {
    from_json(&clanforge_bindings::evaluate(&gate.encode()?, &status.0).map_err(renamed::<Gate>)?)
}

#[uniffi::export]
impl Gate {
    /// Returns whether the gate needs a status with detail.
    pub fn needs_detail(&self) -> Result<bool> {
        clanforge_bindings::gate_needs_detail(&self.encode()?).map_err(renamed::<Self>)
    }
}

#[uniffi::export]
impl Verdict {
    /// Returns the verdict in JSON, in the format of the `-o json` output.
    pub fn to_json(&self) -> String {
        json(self)
    }
}
