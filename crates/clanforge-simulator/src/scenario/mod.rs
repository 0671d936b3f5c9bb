//! Scenario files: what the simulator serves.
//!
//! `docs/scenarios.md` describes the format, [`SCHEMA`] is its JSON Schema.

/// The JSON Schema (2020-12) of a scenario.
pub const SCHEMA: &str = include_str!("../../schemas/scenario.json");

mod duration;
mod fault;
mod file;
mod invalid;
mod plan;
mod reply;

pub use fault::{During, Fault, Requests, When};
pub use file::Scenario;
pub use invalid::InvalidScenario;
pub use plan::{
    BatchesPlan, Between, FailurePlan, FleetPlan, InstallPlan, Packaging, RegionPlan, ReplicasPlan, RolloutPlan,
    ScalingStep,
};
pub use reply::Reply;
