//! Log messages of the client: collected on the thread that emits them, and passed to `logging` by the thread of the caller.

use std::fmt::{self, Write as _};
use std::sync::{Arc, LazyLock, Mutex};

use clanforge_bindings::lock;
use pyo3::prelude::*;
use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};

/// The subscriber of all calls. One for each call would make tracing go through all of them whenever a call starts.
static COLLECTOR: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(Collector));

tokio::task_local! {
    /// The messages of the call that runs in this task.
    static LOGS: LogBuffer;
}

/// Messages of a call at or above a level, which were not passed to `logging` yet.
#[derive(Clone)]
pub(crate) struct LogBuffer {
    level: i64,
    messages: Arc<Mutex<Vec<(i64, String)>>>,
}

impl LogBuffer {
    pub(crate) fn new(level: i64) -> Self {
        Self { level, messages: Arc::default() }
    }

    /// Runs a call, and collects its messages.
    pub(crate) async fn collect<T>(self, call: impl Future<Output = T>) -> T {
        LOGS.scope(self, call.with_subscriber(COLLECTOR.clone())).await
    }

    /// Passes the messages collected so far to `logging`.
    pub(crate) fn flush(&self, py: Python<'_>) -> PyResult<()> {
        let messages = std::mem::take(&mut *lock(&self.messages));
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

/// Collects the events of the client.
struct Collector;

impl Subscriber for Collector {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        let is_of_client = metadata.is_event() && metadata.target().starts_with("clanforge");
        if is_of_client { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        LOGS.try_with(|logs| level(metadata) >= logs.level).unwrap_or(false)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut message = LogMessage::default();
        event.record(&mut message);
        let message = (level(event.metadata()), message.0);
        // An event outside of a call is not enabled.
        let _ = LOGS.try_with(|logs| lock(&logs.messages).push(message));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Returns the level in Python's `logging`.
fn level(metadata: &Metadata<'_>) -> i64 {
    match *metadata.level() {
        Level::ERROR => 40,
        Level::WARN => 30,
        Level::INFO => 20,
        _ => 10,
    }
}

/// The message of an event, which comes first, and its fields.
#[derive(Default)]
struct LogMessage(String);

impl Visit for LogMessage {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a `String` does not fail.
        let _ = match field.name() {
            "message" => write!(self.0, "{value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}
