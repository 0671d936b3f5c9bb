//! What `wait`, `replay` and `demo` print.

use std::time::Duration;

use clanforge::core::documents::{CombinedPendingDocument, PendingDocument};
use clanforge::core::recording::RecordingHeader;
use clanforge::monitor::{CombinedOutcome, Update};

use crate::failure::Failure;
use crate::options::image::label;
use crate::options::output::WaitFormat;
use crate::terminal::streams::Streams;

/// Writes the updates of a wait: all of them as a recording, and only the outcome in the other formats. Several images have
/// one outcome.
pub(crate) struct UpdateReport {
    format: WaitFormat,
    is_single: bool,
    /// One for each image.
    headers: Vec<RecordingHeader>,
}

impl UpdateReport {
    /// Begins the report of a wait. `is_combined` makes a wait for one image be reported like one for several.
    pub(crate) fn begin(
        format: WaitFormat,
        is_combined: bool,
        headers: Vec<RecordingHeader>,
        streams: &mut Streams<'_>,
    ) -> Result<Self, Failure> {
        if format == WaitFormat::Jsonl {
            for header in &headers {
                streams.write_json_line(header)?;
            }
        }
        let is_single = headers.len() == 1 && !is_combined;
        Ok(Self { format, is_single, headers })
    }

    /// Returns true if the wait is reported as that of one image.
    pub(crate) const fn is_single(&self) -> bool {
        self.is_single
    }

    /// Writes where a wait for one image stands after its only reading. A recording has this in the update.
    pub(crate) fn write_pending(&self, update: &Update, streams: &mut Streams<'_>) -> Result<(), Failure> {
        let Some(pending) = PendingDocument::new(update) else { return Ok(()) };
        match self.format {
            WaitFormat::Jsonl => Ok(()),
            WaitFormat::Json => streams.write_json(&pending),
            WaitFormat::Text => {
                let seconds = pending.next.as_secs_f64().ceil();
                streams.write_data(&format!("{}; next reading in {seconds} s\n", pending.message))
            }
        }
    }

    /// Writes where a wait for several images stands after its only readings.
    pub(crate) fn write_combined_pending(
        &self,
        combined: &CombinedOutcome,
        next: Duration,
        streams: &mut Streams<'_>,
    ) -> Result<(), Failure> {
        match self.format {
            WaitFormat::Jsonl => Ok(()),
            WaitFormat::Json => streams.write_json(&CombinedPendingDocument::new(&combined.outcomes, next)),
            WaitFormat::Text => {
                let (images, seconds) = (combined.outcomes.len(), next.as_secs_f64().ceil());
                let waiting = combined.outcomes.iter().filter(|image| !image.is_decided()).count();
                streams.write_data(&format!("waiting for {waiting} of {images} images; next reading in {seconds} s\n"))
            }
        }
    }

    /// Writes how a wait for several images ended.
    pub(crate) fn write_combined(&self, combined: &CombinedOutcome, streams: &mut Streams<'_>) -> Result<(), Failure> {
        match self.format {
            WaitFormat::Jsonl => streams.write_json_line(combined),
            WaitFormat::Json => streams.write_json(combined),
            WaitFormat::Text => {
                let paint = streams.stdout_paint();
                let lines = combined.outcomes.iter().map(|image| {
                    let line = format!("{}: {}", label(image.image), image.reason());
                    let line = if image.is_ready() { paint.green(&line) } else { paint.red(&line) };
                    format!("{line}\n")
                });
                streams.write_data(&lines.collect::<String>())
            }
        }
    }

    /// Writes an update.
    pub(crate) fn write(&self, update: &Update, streams: &mut Streams<'_>) -> Result<(), Failure> {
        match (self.format, update) {
            (WaitFormat::Jsonl, update) => {
                let header = self.headers.iter().find(|header| header.image == update.image());
                let header = header.ok_or_else(|| Failure::internal("an update is of another image"))?;
                streams.write_json_line(&header.line(update))
            }
            // Several images have one document at the end.
            (WaitFormat::Json | WaitFormat::Text, _) if !self.is_single() => Ok(()),
            (WaitFormat::Json, Update::Outcome(_)) => streams.write_json(update),
            (WaitFormat::Text, Update::Outcome(outcome)) => {
                let paint = streams.stdout_paint();
                let reason = match outcome.is_ready() {
                    true => paint.green(&outcome.reason),
                    false => paint.red(&outcome.reason),
                };
                streams.write_data(&format!("{reason}\n"))
            }
            (WaitFormat::Text | WaitFormat::Json, _) => Ok(()),
        }
    }
}
