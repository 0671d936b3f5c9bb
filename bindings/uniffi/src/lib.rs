//! The UniFFI bindings: clanforge for Kotlin, Ruby and Swift.
//!
//! Records have the JSON of the core's models, and objects hold core types. UniFFI generates names, documentation and errors
//! of each language from this crate.

mod checks;
mod client;
mod error;
mod gate;
#[rustfmt::skip]
mod generated;
mod models;
mod monitor;
mod simulation;
mod updates;

pub use crate::client::{
    CallResult, Cancellation, Client, PendingCall, UpdateListener, Watch, image_status,
    image_status_blocking,
};
pub use crate::gate::{evaluate, evaluate_to_json, gate_from_json, gate_needs_detail, gate_to_json};
pub use crate::generated::*;
pub use crate::models::{
    FleetStatus, ImageStatus, MachineCounts, Mismatch, RegionRow, RegionStatus, is_ready, percent_complete,
    percent_text, readiness, total_machines,
};
pub use crate::monitor::{
    Monitor, Step, baseline_from_json, baseline_to_json, policy_from_json, policy_to_json,
};
pub use crate::simulation::{Simulation, scenarios};

uniffi::setup_scaffolding!("clanforge");

/// Returns the version of this library.
#[uniffi::export]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
