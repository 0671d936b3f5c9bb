//! `clanforge replay`

use clanforge::monitor::{Monitor, Next, Outcome, Reading, Step, Update};

use crate::commands::wait::write_outcome;
use crate::commands::{ReplayArguments, WaitFormat};
use crate::exit::{Exit, Failure};
use crate::reports::recording::{Beginning, Recording, read};
use crate::terminal::streams::Streams;

pub(crate) fn run(arguments: &ReplayArguments, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let mut exit = Exit::NotReady;
    for recording in read(&arguments.file)? {
        exit = replay(arguments, recording, streams)?;
    }
    Ok(exit)
}

/// Decides a recorded wait again, by its own policy with what was typed.
fn replay(arguments: &ReplayArguments, recording: Recording, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let Beginning { image, mut policy, baseline, .. } = recording.beginning;
    policy.gate = arguments.gate.apply_to(policy.gate);
    let policy = arguments.policy.apply_to(policy);
    let mut monitor = Monitor::new(image, policy, baseline.as_ref()).map_err(Failure::usage)?;
    for update in recording.updates {
        let (elapsed, reading) = match update {
            Update::Reading(reading) => (reading.elapsed, Reading::Status(reading.status)),
            Update::ReadFailed(failed) => (failed.elapsed, Reading::Failed(failed.error)),
            // How it ended is decided anew.
            Update::Outcome(_) => continue,
        };
        let Step { update, next } = monitor.observe(elapsed, reading);
        if arguments.format == WaitFormat::Jsonl {
            streams.json_line(&update)?;
        }
        match (next, update) {
            (Next::Read { .. }, _) => {}
            (Next::Finished(outcome), _) => return conclude(arguments.format, *outcome, streams),
            (Next::GiveUp, Update::ReadFailed(failed)) => {
                return Err(Failure { exit: Exit::of_error(failed.error.kind), message: failed.error.message });
            }
            (Next::GiveUp, _) => return Err(Failure::internal("a status ended the wait as an error")),
        }
    }
    streams.message("undecided: the recording ends before the wait does\n")?;
    Ok(Exit::NotReady)
}

fn conclude(format: WaitFormat, outcome: Outcome, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let exit = Exit::of_outcome(outcome.kind);
    if format == WaitFormat::Text {
        let seconds = outcome.elapsed.as_secs();
        streams.message(&format!("decided {}:{:02} after the wait began\n", seconds / 60, seconds % 60))?;
    }
    if format == WaitFormat::Jsonl {
        streams.json_line(&Update::Outcome(outcome))?;
    } else {
        write_outcome(format, &outcome, streams)?;
    }
    Ok(exit)
}
