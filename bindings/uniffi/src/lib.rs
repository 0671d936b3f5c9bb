//! The UniFFI bindings: clanforge for Kotlin, Ruby and Swift.
//!
//! Records mirror the models of the core, and objects hold core types. UniFFI generates names, documentation and errors of
//! each language from this crate.

mod client;
mod error;
mod gate;
mod models;
mod monitor;
mod simulation;
mod updates;

pub use crate::client::{
    Cancellation, Client, ClientSettings, UpdateListener, Watch, image_status, image_status_blocking,
};
pub use crate::error::{ClanforgeError, ErrorFields};
pub use crate::gate::{
    CountName, Gate, Per, Scope, ScopeKind, ScopeVerdict, Shortfall, Verdict, evaluate, evaluate_to_json,
    gate_from_json, gate_needs_detail, gate_to_json,
};
pub use crate::models::{
    FleetStatus, ImageRef, ImageStatus, MachineCounts, Mismatch, Readiness, RegionRow, RegionStatus, is_ready,
    percent_complete, percent_text, readiness, total_machines,
};
pub use crate::monitor::{
    Baseline, Monitor, Policy, Step, baseline_from_json, baseline_to_json, policy_from_json, policy_to_json,
};
pub use crate::simulation::{Simulation, scenarios};
pub use crate::updates::{
    Changes, Estimate, Freshness, Outcome, OutcomeKind, ReadFailed, ReadFailure, ReadingTaken, Update,
};

uniffi::setup_scaffolding!("clanforge");

/// Returns the version of this library.
#[uniffi::export]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
