//! `clanforge replay`

use std::path::PathBuf;

use clanforge::core::documents::RecordingHeader;
use clanforge::monitor::{Monitor, Next, Reading, ReadingTaken, Step, Update};
use clap::{Arg, Args};

use crate::failure::Failure;
use crate::options::generated::{GateOptions, PolicyOptions};
use crate::options::output::{WaitFormat, WaitOutputOptions};
use crate::reports::recording::{Recording, read};
use crate::reports::update::write_update;
use crate::terminal::streams::Streams;
use crate::terminal::wait_state::clock;
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge replay wait.jsonl
  clanforge replay wait.jsonl --max-failed 5% --confirmations 3

Options of the gate and the policy default to those of the recorded wait. If the recording ends
before the wait does, the exit code is 8.";

#[derive(Args)]
pub(crate) struct Arguments {
    /// File that `clanforge wait --record` wrote
    file: PathBuf,

    #[command(flatten)]
    output: WaitOutputOptions,

    #[command(flatten)]
    gate: GateOptions,

    #[command(flatten)]
    policy: PolicyOptions,
}

/// Removes the default of an option whose default is what the recording has: those of the gate and the policy, which
/// stand under headings.
pub(super) fn without_default(argument: Arg) -> Arg {
    match argument.get_help_heading() {
        Some(_) => {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let help = help.split_once(" [default: ").map_or(help.as_str(), |(help, _)| help).to_owned();
            argument.default_value(None).help(help)
        }
        None => argument,
    }
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let mut exit = ExitCode::NotReady;
    for recording in read(&arguments.file)? {
        exit = replay(arguments, recording, streams)?;
    }
    Ok(exit)
}

/// Evaluates a recorded wait again, with its own policy and what was typed.
fn replay(arguments: &Arguments, recording: Recording, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let format = arguments.output.format;
    let RecordingHeader { image, mut policy, baseline, .. } = recording.header;
    arguments.policy.apply_to(&mut policy);
    arguments.gate.apply_to(&mut policy.gate);
    let mut monitor = Monitor::new(image, policy, baseline.as_ref()).map_err(Failure::usage)?;
    for update in recording.updates {
        let (elapsed, reading) = match update {
            Update::Reading(ReadingTaken { elapsed, age, status, .. }) => (elapsed, Reading::Cached { status, age }),
            Update::ReadFailed(failed) => (failed.elapsed, Reading::Failed(failed.error)),
            // The monitor takes readings only, and decides the outcome anew.
            _ => continue,
        };
        let Step { update, next } = monitor.observe(elapsed, reading);
        write_update(format, &update, streams)?;
        match (next, update) {
            (Next::Read { .. }, _) => {}
            (Next::Finished(outcome), _) => {
                let exit = outcome.kind.exit_code();
                if format == WaitFormat::Text {
                    streams.write_message(&format!("outcome after {} of waiting\n", clock(outcome.elapsed)));
                }
                write_update(format, &Update::Outcome(*outcome), streams)?;
                return Ok(exit);
            }
            (Next::GiveUp, Update::ReadFailed(failed)) => {
                return Err(Failure { exit: failed.error.kind.exit_code(), message: failed.error.message });
            }
            (Next::GiveUp, _) => return Err(Failure::internal("a successful reading ended the wait with an error")),
        }
    }
    streams.write_message("undecided: the recording ends before the wait does\n");
    Ok(ExitCode::NotReady)
}
