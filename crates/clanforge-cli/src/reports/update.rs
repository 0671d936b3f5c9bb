//! What `wait`, `replay` and `demo` print.

use clanforge::core::documents::PendingDocument;
use clanforge::core::recording::RecordingHeader;
use clanforge::monitor::Update;

use crate::failure::Failure;
use crate::options::output::WaitFormat;
use crate::terminal::streams::Streams;

/// Writes the updates of one wait: all of them as a recording, and only the outcome in the other formats.
pub(crate) struct UpdateReport {
    format: WaitFormat,
    header: RecordingHeader,
}

impl UpdateReport {
    /// Begins the report of a wait.
    pub(crate) fn begin(
        format: WaitFormat,
        header: RecordingHeader,
        streams: &mut Streams<'_>,
    ) -> Result<Self, Failure> {
        if format == WaitFormat::Jsonl {
            streams.write_json_line(&header)?;
        }
        Ok(Self { format, header })
    }

    /// Writes where a wait stands after its only reading. A recording has it in the update.
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

    /// Writes an update.
    pub(crate) fn write(&self, update: &Update, streams: &mut Streams<'_>) -> Result<(), Failure> {
        match (self.format, update) {
            (WaitFormat::Jsonl, update) => streams.write_json_line(&self.header.line(update)),
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
