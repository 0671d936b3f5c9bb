//! The UniFFI bindings: clanforge for Kotlin, Ruby and Swift.
//!
//! Records have the same JSON as the core's models, and objects contain core types. UniFFI generates names, documentation and
//! errors of each language from this crate: the documentation of what is exported uses the names of Kotlin and Swift.

mod checks;
mod client;
mod gate;
#[rustfmt::skip]
mod generated;
mod log;
mod monitor;
mod simulation;
mod status;
mod updates;

pub use crate::{client::*, gate::evaluate, generated::*, log::*, monitor::*, simulation::*, status::*, updates::*};

uniffi::setup_scaffolding!("clanforge");

/// Returns the version of this library.
#[uniffi::export]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
