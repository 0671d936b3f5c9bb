//! The native half of the npm package `clanforge`.
//!
//! It holds what JavaScript cannot do itself: the client, the decoding and the answers of a status, the gate, the monitor,
//! the simulator and the command. What people see is written in TypeScript, in `node/src`; what crosses the border is a
//! handle to a status, which is looked into only where somebody looks, and small texts of JSON for the rest.

pub mod client;
pub mod error;
pub mod mailbox;
pub mod monitor;
mod number;
pub mod simulator;
pub mod status;

use std::ffi::OsString;

use clanforge_cli::Streams;
use napi_derive::napi;

/// The version of this half, which must be that of the other.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Runs the command with these arguments, the program's name first, and returns its exit code.
#[napi]
pub fn main(arguments: Vec<String>) -> napi::Result<u8> {
    error::guarded(
        || Ok(clanforge_cli::run(arguments.into_iter().map(OsString::from), &mut Streams::standard()).code()),
    )
}
