//! What `wait`, `replay` and `demo` print.

use clanforge::monitor::Update;

use crate::failure::Failure;
use crate::options::output::WaitFormat;
use crate::terminal::streams::Streams;

/// Writes an update: all of them as lines of JSON, and only the outcome in the other formats.
pub(crate) fn write_update(format: WaitFormat, update: &Update, streams: &mut Streams<'_>) -> Result<(), Failure> {
    match (format, update) {
        (WaitFormat::Jsonl, update) => streams.write_json_line(update),
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
