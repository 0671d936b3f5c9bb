//! Runs a wait to its end or to a signal, and passes each update on to the progress and standard output.

use std::time::Duration;

use clanforge::monitor::{Freshness, ImageOutcome, OutcomeKind, Update};
use clanforge::{AllUpdates, ImageRef, WaitAllCall};

use crate::failure::Failure;
use crate::options::output::WaitFormat;
use crate::reports::update::UpdateReport;
use crate::terminal::ci::Ci;
use crate::terminal::progress::Progress;
use crate::terminal::signals::Signals;
use crate::terminal::streams::Streams;
use clanforge::ExitCode;

/// How often progress is refreshed between updates.
const REFRESH_INTERVAL: Duration = Duration::from_secs(1);

pub(crate) struct WaitSession<'a> {
    /// The reporter of the wait to a CI system.
    ci: &'a mut Ci,
    format: WaitFormat,
    progress: Progress,
    /// Whether a reading gave evidence that a rollout has started.
    saw_start: bool,
    /// Whether a single image has a combined outcome, as several have.
    is_combined: bool,
    outcomes: Vec<OutcomeKind>,
    warnings_shown: Vec<(ImageRef, String)>,
    /// Received for as long as the session lives, so that a signal also ends a command whose last message blocks.
    signals: Signals,
}

impl<'a> WaitSession<'a> {
    pub(crate) fn new(format: WaitFormat, progress: Progress, ci: &'a mut Ci) -> Result<Self, Failure> {
        let signals =
            Signals::listen().map_err(|error| Failure::system("start a thread that receives signals", &error))?;
        Ok(Self {
            ci,
            format,
            progress,
            saw_start: false,
            is_combined: false,
            outcomes: Vec::new(),
            warnings_shown: Vec::new(),
            signals,
        })
    }

    /// Reports a single image in the form for several images.
    pub(crate) fn combined(self) -> Self {
        Self { is_combined: true, ..self }
    }

    /// Returns true if a reading gave evidence that a rollout has started.
    pub(crate) const fn saw_start(&self) -> bool {
        self.saw_start
    }

    /// Returns how the waits for the images ended, of those that have an outcome.
    pub(crate) fn outcomes(&self) -> &[OutcomeKind] {
        &self.outcomes
    }

    /// Waits, and returns the exit code: of the outcome, of the signal that ended the wait, or of a wait that goes on
    /// after it has read once.
    pub(crate) async fn run(&mut self, call: WaitAllCall, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
        let headers = call.recording_headers();
        self.ci.begin(&headers, streams);
        let report = UpdateReport::begin(self.format, self.is_combined, headers, streams)?;
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
                return end(&updates, last.as_ref(), &report, self.ci, streams);
            };
            self.ci.update(&update, streams);
            // The error that ends the wait for the only image follows, with the same words.
            if !(report.is_single() && matches!(&update, Update::ReadFailed(failed) if failed.next.is_none())) {
                self.progress.show(&update, streams);
            }
            self.warn(&update, !report.is_single(), streams);
            if report.is_single() && matches!(update, Update::Outcome(_)) {
                self.ci.end_group(streams);
            }
            let written = report.write(&update, streams);
            match &update {
                Update::Reading(reading) if reading.freshness == Freshness::Observed => {
                    self.saw_start = true;
                    written?;
                }
                // An outcome that cannot be written still decides the exit code.
                Update::Outcome(outcome) => {
                    if let Err(failure) = written {
                        streams.fail(&failure);
                    }
                    self.outcomes.push(outcome.kind);
                }
                _ => written?,
            }
            last = Some(update);
        }
    }

    /// Writes why the wait failed, and returns its exit code.
    pub(crate) fn fail(&mut self, failure: &Failure, streams: &mut Streams<'_>) -> ExitCode {
        self.ci.failed(failure.message());
        streams.fail(failure)
    }

    /// Shows the warnings that are new.
    fn warn(&mut self, update: &Update, with_image: bool, streams: &mut Streams<'_>) {
        let warnings = match update {
            Update::Reading(reading) => reading.warnings.as_slice(),
            Update::Outcome(outcome) => outcome.warnings.as_slice(),
            _ => &[],
        };
        for warning in warnings {
            let shown = (update.image(), warning.clone());
            if !self.warnings_shown.contains(&shown) {
                streams.write_warning(with_image.then_some(shown.0), warning);
                self.warnings_shown.push(shown);
            }
        }
    }
}

/// Writes how a wait ended after its last update, or where it stands, and returns the exit code.
fn end(
    updates: &AllUpdates,
    last: Option<&Update>,
    report: &UpdateReport,
    ci: &mut Ci,
    streams: &mut Streams<'_>,
) -> Result<ExitCode, Failure> {
    ci.end_group(streams);
    let combined = updates.outcome().ok_or_else(|| Failure::internal("the wait ended without an outcome"))?;
    if let (true, [image]) = (report.is_single(), &combined.outcomes[..]) {
        return match (&image.error, &image.outcome, last) {
            (Some(error), _, _) => Err(error.clone().into()),
            (None, Some(outcome), _) => Ok(outcome.kind.exit_code()),
            (None, None, Some(last)) => report.write_pending(last, streams).map(|()| ExitCode::NotReady),
            (None, None, None) => Err(Failure::internal("the wait ended without a reading")),
        };
    }
    for image in &combined.outcomes {
        if let Some(error) = &image.error {
            let failure = Failure::from(error.clone()).of_image(image.image);
            ci.failed(failure.message());
            streams.write_error(&failure);
        }
    }
    let (exit, written) = match updates.next_reading() {
        Some(next) => (ExitCode::NotReady, report.write_combined_pending(combined, next, streams)),
        None => {
            let exit = ExitCode::first(combined.outcomes.iter().map(ImageOutcome::exit_code));
            (exit, report.write_combined(combined, streams))
        }
    };
    if let Err(failure) = written {
        streams.fail(&failure);
    }
    Ok(exit)
}
