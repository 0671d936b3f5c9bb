//! What goes wrong, as callers see it.

use std::fmt;
use std::time::Duration;

use clanforge_core::ErrorKind;

/// Why a call has no answer.
///
/// Its text holds the whole chain of causes, the HTTP status, the service's request id and the number of attempts. No
/// form of it holds a key, a token or a query: they are taken out of every text that comes from outside.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    details: Details,
    attempts: u32,
    elapsed: Duration,
}

/// What one answer, or the lack of one, says about itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Details {
    pub(crate) causes: Vec<String>,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) api_code: Option<String>,
    pub(crate) api_message: Option<String>,
    pub(crate) json_path: Option<String>,
}

impl Error {
    /// Returns what kind of thing went wrong.
    pub const fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the HTTP status of the last answer, where there was one.
    pub const fn status(&self) -> Option<u16> {
        self.0.details.status
    }

    /// Returns the service's id of the last request, where its answer had one: quote it when asking the service's
    /// support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.details.request_id.as_deref()
    }

    /// Returns how many attempts were made; 0 where the call failed before the first.
    pub const fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns how long the call took, pauses between attempts included.
    pub const fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Returns how long the last answer asked to wait before another request.
    pub const fn retry_after(&self) -> Option<Duration> {
        self.0.details.retry_after
    }

    /// Returns the service's own error code as text, where it gave one: it may be a number or a word.
    pub fn api_code(&self) -> Option<&str> {
        self.0.details.api_code.as_deref()
    }

    /// Returns the service's own message, where it gave one.
    pub fn api_message(&self) -> Option<&str> {
        self.0.details.api_message.as_deref()
    }

    /// Returns the place of the answer that could not be read, as a `JSONPath` (RFC 9535).
    pub fn json_path(&self) -> Option<&str> {
        self.0.details.json_path.as_deref()
    }

    /// Returns the message without causes, status and attempts.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the causes from the nearest to the deepest, each without its own causes.
    pub fn causes(&self) -> impl Iterator<Item = &str> {
        self.0.details.causes.iter().map(String::as_str)
    }

    pub(crate) fn new(kind: ErrorKind, message: String, details: Details, attempts: u32, elapsed: Duration) -> Self {
        Self(Box::new(Inner { kind, message, details, attempts, elapsed }))
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message.into(), Details::default(), 0, Duration::ZERO)
    }

    pub(crate) fn outside_a_runtime() -> Self {
        Self::configuration("called outside a tokio runtime: use one, or clanforge::blocking::Client")
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message.into(), Details::default(), 0, Duration::ZERO)
    }

    fn remarks(&self) -> Vec<String> {
        let details = &self.0.details;
        let status = details.status.map(|status| format!("HTTP {status}"));
        let request_id = details.request_id.as_ref().map(|id| format!("request id {id}"));
        let seconds = self.0.elapsed.as_secs_f64();
        let attempts = match self.0.attempts {
            0 | 1 => None,
            attempts => Some(format!("{attempts} attempts in {seconds:.1} s")),
        };
        let retry_after =
            details.retry_after.map(|wait| format!("the service asks to wait {} s", wait.as_secs_f64().ceil()));
        [status, request_id, retry_after, attempts].into_iter().flatten().collect()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        for cause in self.causes() {
            write!(f, ": {cause}")?;
        }
        match self.remarks() {
            remarks if remarks.is_empty() => Ok(()),
            remarks => write!(f, " ({})", remarks.join(", ")),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, message, details, attempts, elapsed } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("message", message)
            .field("details", details)
            .field("attempts", attempts)
            .field("elapsed", elapsed)
            .finish()
    }
}

// The causes are texts within the error, so there is no `source`: printing a chain would say everything twice.
impl std::error::Error for Error {}
