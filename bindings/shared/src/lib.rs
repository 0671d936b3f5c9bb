//! The code that the bindings of all languages share. Each binding adds its types, and the way to wake its threads.
//!
//! A status crosses the FFI boundary as a handle, whose fields are converted when they are read. Everything else crosses as
//! JSON: settings, a policy, an update. Every error is a [`BindingError`].

use std::sync::{Mutex, MutexGuard, PoisonError};

mod client;
mod closing;
mod credentials;
mod error;
mod monitor;
mod runtime;
mod settings;
mod simulation;

pub use crate::client::{Watch, image_status, rollout, wait_options, watch, watch_all, watch_rollout};
pub use crate::closing::Closing;
pub use crate::credentials::{CredentialsCallback, CredentialsRequest, with_credentials_callback};
pub use crate::error::{BindingError, catch_panic, catch_panic_of};
pub use crate::monitor::{
    BaselineParts, EncodedCombinedOutcome, EncodedUpdate, Monitor, Step, baseline, baseline_parts, check_gate,
    check_policy, evaluate, gate_needs_detail, not_all_ready, now, outcome_html, parse_recording, report,
};
pub use crate::runtime::{runtime, spawn};
pub use crate::settings::{Settings, duration};
pub use crate::simulation::{ScenarioSource, Simulation, SimulationOptions, scenarios};

/// The memory of the native modules: a call and a large status are many small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Locks a mutex, also after another thread panicked while it held the lock.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns a value in JSON, for types whose serialization does not fail.
pub fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
