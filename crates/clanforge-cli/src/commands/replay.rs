//! `clanforge replay`

use std::path::{Path, PathBuf};

use clanforge::core::recording::{self, RecordedUpdate, RecordedWait, Recording};
use clanforge::monitor::{Monitor, Next, Reading, ReadingTaken, Step, Update};
use clanforge_simulator::text_file;
use clap::{Arg, Args};

use crate::failure::Failure;
use crate::options::generated::{GateOptions, PolicyOptions};
use crate::options::help_without_default;
use crate::options::output::{WaitFormat, WaitOutputOptions};
use crate::reports::update::UpdateReport;
use crate::terminal::streams::Streams;
use crate::terminal::wait_state::clock;
use clanforge::{ErrorReport, ExitCode};

pub(super) const EXAMPLES: &str = "Examples:
  clanforge replay wait.jsonl
  clanforge replay wait.jsonl --max-failed 5% --confirmations 3

Options of the gate and the policy default to those of the recorded wait. If the recording ends
before the wait does, the exit code is 8.";

#[derive(Args)]
pub(crate) struct Arguments {
    /// File that `clanforge wait --record` or `--output jsonl` wrote
    file: PathBuf,

    #[command(flatten)]
    output: WaitOutputOptions,

    #[command(flatten)]
    gate: GateOptions,

    #[command(flatten)]
    policy: PolicyOptions,
}

/// Removes the default from the options of the gate and the policy, which default to the values of the recording: the
/// options under a heading.
pub(super) fn without_default(argument: Arg) -> Arg {
    match argument.get_help_heading() {
        Some(_) => {
            let help = help_without_default(&argument);
            argument.default_value(None).help(help)
        }
        None => argument,
    }
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let mut exit = ExitCode::NotReady;
    for wait in read_recording(&arguments.file, streams)? {
        exit = replay(arguments, wait, streams)?;
    }
    Ok(exit)
}

/// Returns the waits of a recording, and warns of lines that are incomplete.
pub(super) fn read_recording(file: &Path, streams: &mut Streams<'_>) -> Result<Vec<RecordedWait>, Failure> {
    let name = file.display();
    let text = text_file::read(file).map_err(|error| Failure::usage(format!("could not read {name}: {error}")))?;
    let Recording { waits, warnings } = recording::parse(&text).map_err(|error| {
        Failure::usage(format!("{name}: {error}; record a wait with `clanforge wait --record wait.jsonl`"))
    })?;
    for warning in warnings {
        streams.write_message(&format!("warning: {name}: {warning}\n"));
    }
    Ok(waits)
}

/// Evaluates a recorded wait again, with its own policy and the options of the command line.
fn replay(arguments: &Arguments, wait: RecordedWait, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let RecordedWait { mut header, updates } = wait;
    arguments.policy.apply_to(&mut header.policy);
    arguments.gate.apply_to(&mut header.policy.gate);
    let mut monitor =
        Monitor::new(header.image, header.policy.clone(), header.baseline.as_ref()).map_err(Failure::usage)?;
    let format = arguments.output.format;
    let report = UpdateReport::begin(format, false, vec![header], streams)?;
    for RecordedUpdate { update, .. } in updates {
        let (elapsed, reading) = match update.into_owned() {
            Update::Reading(ReadingTaken { elapsed, age, status, .. }) => (elapsed, Reading::Cached { status, age }),
            Update::ReadFailed(failed) => (failed.elapsed, Reading::Failed(failed.error)),
            // The monitor takes readings only, and decides the outcome again.
            _ => continue,
        };
        let Step { update, next } = monitor.observe(elapsed, reading);
        report.write(&update, streams)?;
        match (next, update) {
            (Next::Read { .. }, _) => {}
            (Next::Finished(outcome), _) => {
                let exit = outcome.kind.exit_code();
                if format == WaitFormat::Text {
                    streams.write_message(&format!("outcome after {} of waiting\n", clock(outcome.elapsed)));
                }
                report.write(&Update::Outcome(*outcome), streams)?;
                return Ok(exit);
            }
            (Next::GiveUp, Update::ReadFailed(failed)) => {
                return Err(ErrorReport::new(failed.error.kind, failed.error.message).into());
            }
            (Next::GiveUp, _) => return Err(Failure::internal("a successful reading ended the wait with an error")),
        }
    }
    streams.write_message("undecided: the recording ends before the wait does\n");
    Ok(ExitCode::NotReady)
}
