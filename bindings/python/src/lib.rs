//! The native module of the Python package `clanforge`: client, decoding, gate, monitor, simulator and command.
//!
//! The public API is written in Python, in `python/clanforge`. A status crosses the FFI boundary as a handle, whose fields
//! are converted when they are read; everything else crosses as JSON.

mod client;
mod error;
mod log;
mod monitor;
mod rollout;
mod runtime;
mod simulator;
mod status;
mod watch;

use std::ffi::OsString;

use clanforge_cli::Streams;
use pyo3::prelude::*;

use crate::error::{detached, export};

export! {
    /// Runs the command with these arguments, starting with the name of the program, and returns its exit code.
    fn main(arguments: Vec<OsString>) -> u8 =
        Ok(detached(|| clanforge_cli::run(arguments, &mut Streams::standard()).code()));
}

#[pymodule(gil_used = false)]
mod _clanforge {
    #[pymodule_export]
    use super::{
        client::Client,
        error::panic_for_tests,
        main,
        monitor::{
            Monitor, baseline_warnings, check_gate, check_policy, evaluate, gate_needs_detail, not_all_ready, now,
            outcome_html, parse_recording, report,
        },
        rollout::Rollout,
        runtime::{
            background::{reset_after_fork, shut_down},
            call::Call,
            completion_queue::{CompletionQueue, CredentialsRequest, Task},
        },
        simulator::{Simulator, scenarios},
        status::{Status, describe_counts},
        watch::Watch,
    };

    #[pymodule_export]
    #[allow(non_upper_case_globals)] // The name of the attribute in Python.
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
