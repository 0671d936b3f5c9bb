//! What the bindings have in common: each language's own half adds how its values look, and how its threads are woken.
//!
//! What crosses a border is a handle to a status, which is looked into only where somebody looks, and small texts of JSON
//! for the rest: settings, a policy, an update. What goes wrong is a [`Fault`], whatever it came of.

mod client;
mod fault;
mod monitor;
mod provider;
mod runtime;
mod settings;
mod simulation;

pub use crate::client::{Found, Watch, image_status, watch, watch_by};
pub use crate::fault::{Fault, Fields, Guarded, guarded};
pub use crate::monitor::{Before, Monitor, Step, Told, check_gate, check_policy, evaluate};
pub use crate::provider::{Ask, Request, asking};
pub use crate::runtime::runtime;
pub use crate::settings::{Settings, duration, origin};
pub use crate::simulation::{Simulation, scenarios};

/// Returns the JSON of what always has one.
pub fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
