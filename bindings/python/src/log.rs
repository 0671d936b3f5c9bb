//! Log messages of the client: collected on the thread that emits them, and passed to `logging` by the thread of the caller.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// The levels of Python's `logging`.
const DEBUG: u8 = 10;
const INFO: u8 = 20;
const WARNING: u8 = 30;
const ERROR: u8 = 40;

/// Messages that were not passed to `logging` yet.
#[derive(Clone, Default)]
pub(crate) struct LogBuffer(Arc<Mutex<Vec<(u8, String)>>>);

impl LogBuffer {
    /// Passes the messages collected so far to `logging`.
    pub(crate) fn flush(&self, py: Python<'_>) -> PyResult<()> {
        let messages = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if messages.is_empty() {
            return Ok(());
        }
        let logger = py.import("logging")?.call_method1("getLogger", ("clanforge",))?;
        for (level, text) in messages {
            logger.call_method1("log", (level, "%s", text))?;
        }
        Ok(())
    }
}

/// Collects the events of the client at or above a level of `logging`.
pub(crate) struct Collector {
    pub(crate) logs: LogBuffer,
    pub(crate) level: u8,
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with("clanforge") && level(metadata) >= self.level
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut message = LogMessage::default();
        event.record(&mut message);
        let text = format!("{}{}", message.text, message.fields);
        self.logs.0.lock().unwrap_or_else(PoisonError::into_inner).push((level(event.metadata()), text));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn level(metadata: &Metadata<'_>) -> u8 {
    match *metadata.level() {
        Level::ERROR => ERROR,
        Level::WARN => WARNING,
        Level::INFO => INFO,
        _ => DEBUG,
    }
}

#[derive(Default)]
struct LogMessage {
    text: String,
    fields: String,
}

impl Visit for LogMessage {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a `String` does not fail.
        let _ = match field.name() {
            "message" => write!(self.text, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
