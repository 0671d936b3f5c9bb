//! The native module of the npm package `clanforge`: client, decoding, gate, monitor, simulator and command.
//!
//! The public API is written in TypeScript, in `node/src`. A status crosses the FFI boundary as a handle, whose fields are
//! converted when they are read; everything else crosses as JSON.

pub mod client;
pub mod completion_queue;
pub mod error;
pub mod monitor;
mod number;
pub mod simulator;
pub mod status;

use std::ffi::OsString;

use clanforge_cli::Streams;
use napi_derive::napi;

use crate::error::export;

export! {
    /// Returns the version of this module, which must be the version of the package.
    fn version() -> &'static str = Ok(env!("CARGO_PKG_VERSION"));

    /// Writes the logs of all clients of the process to standard error from now on.
    fn log_to_stderr() -> () = {
        // The filter is valid.
        let _ = clanforge_cli::log_to_stderr("clanforge=debug");
        Ok(())
    };

    /// Runs the command with these arguments, starting with the name of the program, and returns its exit code.
    fn main(arguments: Vec<String>) -> u8 =
        Ok(clanforge_cli::run(arguments.into_iter().map(OsString::from), &mut Streams::standard()).code());
}
