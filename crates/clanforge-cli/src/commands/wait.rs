//! `clanforge wait`

use std::time::Duration;

use clanforge::WaitCall;
use clanforge::monitor::{Freshness, Monitor, Outcome, Policy, Update};

use crate::commands::baseline;
use crate::commands::{ProgressKind, WaitArguments, WaitFormat};
use crate::exit::{Exit, Failure};
use crate::options::connection::runtime;
use crate::reports::recording::{Beginning, Recorder};
use crate::terminal::progress::Progress;
use crate::terminal::signals::Signals;
use crate::terminal::streams::Streams;

pub(crate) fn run(arguments: &WaitArguments, typed: &[String], streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let image = arguments.connection.image()?;
    let mut policy = arguments.policy.apply_to(Policy::default());
    policy.gate = arguments.gate.apply_to(policy.gate);
    let progress = match arguments.progress {
        // On one terminal a picture and lines of data would draw over each other.
        ProgressKind::Auto if streams.draws() && !(arguments.format == WaitFormat::Jsonl && streams.shows_data()) => {
            Progress::drawn(image)
        }
        ProgressKind::Tty => Progress::drawn(image),
        ProgressKind::Auto | ProgressKind::Plain => Progress::lines(LINE_GAP, HEARTBEAT),
        ProgressKind::None => Progress::none(),
    };
    let baseline = arguments.since.as_deref().map(baseline::read).transpose()?;
    let client = arguments.connection.client()?;
    // What cannot be waited by is refused before anything is written.
    Monitor::new(image, policy.clone(), baseline.as_ref()).map_err(Failure::usage)?;
    if arguments.record.is_some() && arguments.record == arguments.since {
        return Err(Failure::usage("--record and --since name the same file: the baseline would be spoiled"));
    }
    let recorder = match &arguments.record {
        Some(file) => Some(Recorder::open(file, &Beginning::new(image, policy.clone(), baseline.clone()))?),
        None => None,
    };
    let call = client.wait(image).policy(policy).detail(progress.wants_detail());
    let call = match baseline {
        Some(baseline) => call.baseline(baseline),
        None => call,
    };
    let mut waiting = Waiting { format: arguments.format, progress, recorder, has_started: false };
    let mut signals = Signals::listen()?;
    let ended = runtime()?.block_on(waiting.wait(call, &mut signals, streams))?;
    let exit = match &ended {
        Ended::Outcome(outcome) => Exit::of_outcome(outcome.kind),
        Ended::Stopped(exit) => *exit,
    };
    if let Ended::Stopped(exit) = ended {
        streams.message(&format!("{}: the rollout goes on, and nobody waits for it\n", exit.meaning()))?;
    }
    if matches!(
        exit,
        Exit::Stalled | Exit::TimedOut | Exit::NotStarted | Exit::Unreachable | Exit::Interrupted | Exit::Terminated
    ) {
        let started =
            if waiting.has_started && !typed.iter().any(|word| word == "--started") { " --started" } else { "" };
        streams.message(&format!("to go on waiting: {}{started}\n", command_line(typed)))?;
    }
    Ok(exit)
}

/// In logs, a line at most this often, and one this often where nothing changes.
const LINE_GAP: Duration = Duration::from_secs(10);
const HEARTBEAT: Duration = Duration::from_secs(60);

/// How a command that waits ended.
pub(crate) enum Ended {
    Outcome(Box<Outcome>),
    Stopped(Exit),
}

/// A wait, and how it is shown.
pub(crate) struct Waiting {
    pub(crate) format: WaitFormat,
    pub(crate) progress: Progress,
    pub(crate) recorder: Option<Recorder>,
    /// The rollout was seen to start.
    pub(crate) has_started: bool,
}

impl Waiting {
    /// Waits until the end or a signal, and writes what there is to write.
    pub(crate) async fn wait(
        &mut self,
        call: WaitCall,
        signals: &mut Signals,
        streams: &mut Streams<'_>,
    ) -> Result<Ended, Failure> {
        let mut updates = call.stream();
        loop {
            let update = tokio::select! {
                update = updates.next() => update,
                exit = signals.next() => return Ok(Ended::Stopped(exit)),
                () = tokio::time::sleep(TICK) => {
                    self.progress.refresh(streams)?;
                    continue;
                }
            };
            let update = update.ok_or_else(|| Failure::internal("the wait ended without an outcome"))??;
            self.progress.show(&update, streams)?;
            if let Some(recorder) = &mut self.recorder
                && let Err(failure) = recorder.write(&update)
            {
                // What is recorded is worth less than what is waited for.
                streams.message(&format!("note: nothing more is recorded: {}\n", failure.message))?;
                self.recorder = None;
            }
            if self.format == WaitFormat::Jsonl {
                streams.json_line(&update)?;
            }
            match update {
                Update::Reading(reading) => self.has_started |= reading.freshness == Freshness::Observed,
                Update::ReadFailed(_) => {}
                Update::Outcome(outcome) => {
                    write_outcome(self.format, &outcome, streams)?;
                    return Ok(Ended::Outcome(Box::new(outcome)));
                }
            }
        }
    }
}

/// Writes how a wait ended; as lines of JSON it has been written already.
pub(crate) fn write_outcome(format: WaitFormat, outcome: &Outcome, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let paint = streams.data_paint();
    match format {
        WaitFormat::Text if outcome.is_ready() => streams.data(&format!("{}\n", paint.good(&outcome.reason)))?,
        WaitFormat::Text => streams.data(&format!("{}\n", paint.bad(&outcome.reason)))?,
        WaitFormat::Json => streams.json(&Update::Outcome(outcome.clone()))?,
        WaitFormat::Jsonl => {}
    }
    Ok(())
}

/// How often the picture is drawn anew, and a sign of life is thought of.
const TICK: Duration = Duration::from_secs(1);

/// Returns a command as it would be typed in a shell.
fn command_line(words: &[String]) -> String {
    let is_plain = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:=%,+@".contains(&byte))
    };
    let quoted = words.iter().map(|word| match is_plain(word) {
        true => word.clone(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    });
    ["clanforge".to_owned()].into_iter().chain(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_can_be_typed_again() {
        let words = ["wait", "--image", "5", "--region", "North America", "--region", "it's"].map(str::to_owned);
        assert_eq!(command_line(&words), r"clanforge wait --image 5 --region 'North America' --region 'it'\''s'");
    }
}
