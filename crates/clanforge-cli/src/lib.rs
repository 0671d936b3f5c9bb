//! The `clanforge` command as a library: [`run`] is all of it, for packages that ship the command as their own.
//! [`log_to_stderr`] starts only its logs.
//!
//! | Module | Contents |
//! | --- | --- |
//! | `commands` | each command: its options, its examples and what it does |
//! | `options` | groups of options that several commands share |
//! | `wait_session` | runs a wait to its end or to a signal, for `wait`, `rollout` and `demo` |
//! | `deploy_command` | runs the command that starts a rollout |
//! | `reports` | the documents on standard output, and recordings |
//! | `terminal` | standard output and standard error: streams, colours, tables, progress, signals, logs |
//! | `runtime` | the asynchronous runtime |
//! | `failure` | errors that end a command, with their exit codes |
//!
//! Standard output carries data only; progress, messages and logs go to standard error. [`ExitCode`] lists the exit
//! codes. With `RUST_LOG` set (`debug`, `clanforge=debug`), logs go to the standard error of the process; without it,
//! only warnings about CA certificates that cannot be used.

mod commands;
mod deploy_command;
mod failure;
mod options;
mod reports;
mod runtime;
mod terminal;
mod wait_session;

use std::ffi::OsString;

use crate::terminal::signals;

pub use clanforge::ExitCode;
pub use terminal::log::log_to_stderr;
pub use terminal::streams::Streams;

/// Runs the command with these arguments, the name of the program first, and returns its exit code.
///
/// Blocks until the command is done. `simulate` runs until the process is interrupted.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> ExitCode {
    if let Err(error) = signals::end_by_signals() {
        streams.write_message(&format!("warning: the command may not react to signals: {error}\n"));
    }
    let arguments: Vec<_> = arguments.into_iter().collect();
    commands::run(&arguments, streams).unwrap_or_else(|failure| streams.fail(&failure))
}
