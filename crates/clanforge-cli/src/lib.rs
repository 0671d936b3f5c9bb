//! The `clanforge` command as a library: [`run`] is all of it, for whoever ships the command in a package of their own.
//!
//! Standard output carries data only; progress, messages and logs go to standard error. What the exit codes mean stands
//! in [`Exit`]. With `RUST_LOG` set (`debug`, `clanforge=debug`), logs go to the process's standard error.

mod commands;
mod exit;
mod options;
mod reports;
mod terminal;

use std::ffi::OsString;

use clap::Parser;

use crate::commands::{Arguments, Command, baseline, check, completions, demo, replay, simulate, status, wait};
use crate::terminal::log;

pub use exit::Exit;
pub use terminal::streams::Streams;

/// Runs the command with these arguments, the name of the program first, and returns how it ended.
///
/// It blocks until the command is done; `simulate` is done when the process is interrupted.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> Exit {
    if let Err(problem) = log::start() {
        // Where standard error is closed nobody would read the logs either.
        let _ = streams.message(&format!("note: {problem}\n"));
    }
    let arguments: Vec<_> = arguments.into_iter().collect();
    let typed: Vec<_> = arguments.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let ended = match Arguments::try_parse_from(arguments) {
        Ok(Arguments { command }) => match command {
            Command::Status(arguments) => status::run(&arguments, streams),
            Command::Check(arguments) => check::run(&arguments, streams),
            Command::Wait(arguments) => wait::run(&arguments, &typed, streams),
            Command::Baseline(arguments) => baseline::run(&arguments, streams),
            Command::Replay(arguments) => replay::run(&arguments, streams),
            Command::Simulate(arguments) => simulate::run(&arguments, streams),
            Command::Demo(arguments) => demo::run(&arguments, streams),
            Command::Completions(arguments) => completions::run(&arguments, streams),
        },
        Err(error) => streams.usage(&error),
    };
    ended.unwrap_or_else(|failure| streams.fail(&failure))
}
