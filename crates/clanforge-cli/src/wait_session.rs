//! Runs a wait to its end or to a signal, and passes each update on to the progress and standard output.

use std::time::Duration;

use clanforge::WaitCall;
use clanforge::monitor::{Freshness, OutcomeKind, Update};

use crate::failure::Failure;
use crate::options::output::WaitFormat;
use crate::reports::update::UpdateReport;
use crate::terminal::progress::Progress;
use crate::terminal::signals::Signals;
use crate::terminal::streams::Streams;
use clanforge::ExitCode;

/// How often progress is refreshed between updates.
const REFRESH_INTERVAL: Duration = Duration::from_secs(1);

pub(crate) struct WaitSession {
    format: WaitFormat,
    progress: Progress,
    saw_start: bool,
    outcome: Option<OutcomeKind>,
    warnings_shown: Vec<String>,
    /// Received for as long as the session lives, so that a signal also ends a command whose last message blocks.
    signals: Signals,
}

impl WaitSession {
    pub(crate) fn new(format: WaitFormat, progress: Progress) -> Result<Self, Failure> {
        let signals =
            Signals::listen().map_err(|error| Failure::system("start a thread that receives signals", &error))?;
        Ok(Self { format, progress, saw_start: false, outcome: None, warnings_shown: Vec::new(), signals })
    }

    /// Returns true if a reading gave evidence that the rollout has started.
    pub(crate) const fn saw_start(&self) -> bool {
        self.saw_start
    }

    /// Returns how the wait ended, if it has an outcome.
    pub(crate) const fn outcome(&self) -> Option<OutcomeKind> {
        self.outcome
    }

    /// Waits, and returns the exit code of the outcome, of a wait that goes on after its only reading, or of the signal that ended the wait.
    pub(crate) async fn run(&mut self, call: WaitCall, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
        let report = UpdateReport::begin(self.format, call.recording_header(), streams)?;
        let mut updates = call.stream();
        let mut last = None;
        loop {
            let update = tokio::select! {
                update = updates.next() => update,
                exit = self.signals.next() => return Ok(exit),
                () = tokio::time::sleep(REFRESH_INTERVAL) => {
                    self.progress.refresh(streams);
                    continue;
                }
            };
            let Some(update) = update.transpose()? else {
                let last = last.ok_or_else(|| Failure::internal("the wait ended without a reading"))?;
                report.write_pending(&last, streams)?;
                return Ok(ExitCode::NotReady);
            };
            self.progress.show(&update, streams);
            self.warn(&update, streams);
            let written = report.write(&update, streams);
            match &update {
                Update::Reading(reading) => self.saw_start |= reading.freshness == Freshness::Observed,
                Update::Outcome(outcome) => {
                    // An outcome that cannot be written is an outcome still.
                    if let Err(failure) = written {
                        streams.fail(&failure);
                    }
                    self.outcome = Some(outcome.kind);
                    return Ok(outcome.kind.exit_code());
                }
                _ => {}
            }
            written?;
            last = Some(update);
        }
    }

    /// Shows the warnings that are new.
    fn warn(&mut self, update: &Update, streams: &mut Streams<'_>) {
        let warnings = match update {
            Update::Reading(reading) => reading.warnings.as_slice(),
            Update::Outcome(outcome) => outcome.warnings.as_slice(),
            _ => &[],
        };
        for warning in warnings {
            if self.warnings_shown.contains(warning) {
                continue;
            }
            self.warnings_shown.push(warning.clone());
            streams.write_message(&format!("warning: {warning}\n"));
        }
    }
}
