//! The error that callers get.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use clanforge_core::text::one_line;
use clanforge_core::{ErrorKind, ErrorReport, ResponseError};

/// Why a call failed.
///
/// `Display` is one line that is useful alone: what happened, to what, why in plain words, and, if you can do something
/// about it, what. The HTTP status, the service's request ID and the number of attempts follow in parentheses.
/// [`source`](StdError::source) leads to the technical details below that line, such as the operating system's error
/// code; they are texts of this crate, so that no type of another crate is part of the API.
///
/// No form of an error holds a key, a token or a query: they are removed from all text that comes from outside.
///
/// ```
/// use std::error::Error;
///
/// # fn print(error: &clanforge::Error) {
/// eprintln!("{error}");
/// let mut detail = error.source();
/// while let Some(error) = detail {
///     eprintln!("  {error}");
///     detail = error.source();
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    details: Details,
    source: Option<Box<Cause>>,
    attempts: u32,
    elapsed: Duration,
}

/// What is known of one failed attempt and its response, apart from the message.
#[derive(Clone, Debug, Default)]
pub(crate) struct Details {
    pub(crate) causes: Vec<String>,
    pub(crate) status: Option<u16>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) api_code: Option<String>,
    pub(crate) api_message: Option<String>,
    pub(crate) json_path: Option<String>,
    /// The body is an error in the service's own format.
    pub(crate) from_service: bool,
}

/// One technical detail below an error.
#[derive(Debug)]
struct Cause {
    text: String,
    source: Option<Box<Self>>,
}

impl Error {
    /// Returns the kind of the error, for programs to match on.
    pub const fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the HTTP status of the last response; `None` if there was no response.
    pub const fn status(&self) -> Option<u16> {
        self.0.details.status
    }

    /// Returns the service's ID of the last request, if the response had one: quote it when you ask the service's
    /// support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.details.request_id.as_deref()
    }

    /// Returns how many attempts were made; 0 if the call failed before the first.
    pub const fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns how long the call took, backoff between attempts included.
    pub const fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Returns how long the last response asked to wait before another request (Retry-After).
    pub const fn retry_after(&self) -> Option<Duration> {
        self.0.details.retry_after
    }

    /// Returns the service's own error code as text, if it gave one: it may be a number or a word.
    pub fn api_code(&self) -> Option<&str> {
        self.0.details.api_code.as_deref()
    }

    /// Returns the service's own message, if it gave one.
    pub fn api_message(&self) -> Option<&str> {
        self.0.details.api_message.as_deref()
    }

    /// Returns the place in the response body that could not be decoded, as a `JSONPath` (RFC 9535).
    pub fn json_path(&self) -> Option<&str> {
        self.0.details.json_path.as_deref()
    }

    /// Returns the service's own message, if the body is in its own format: no proxy or ingress in between reports the error.
    pub(crate) fn service_message(&self) -> Option<&str> {
        self.api_message().filter(|_| self.0.details.from_service)
    }

    /// Returns the message without HTTP status, request ID and attempts.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the technical details below the message, from the nearest to the root cause: the texts that
    /// [`source`](StdError::source) leads to.
    pub fn causes(&self) -> impl Iterator<Item = &str> {
        self.0.details.causes.iter().map(String::as_str)
    }

    /// Returns what is known of the error as plain data; its message is the text of [`Display`](fmt::Display).
    pub fn into_report(self) -> ErrorReport {
        let mut report = ErrorReport::new(self.kind(), self.to_string());
        let Inner { details, attempts, elapsed, .. } = *self.0;
        report.attempts = attempts;
        report.elapsed = elapsed;
        report.status = details.status;
        report.request_id = details.request_id;
        report.retry_after = details.retry_after;
        report.api_code = details.api_code;
        report.api_message = details.api_message;
        report.json_path = details.json_path;
        report.causes = details.causes;
        report
    }

    pub(crate) fn new(kind: ErrorKind, message: String, details: Details, attempts: u32, elapsed: Duration) -> Self {
        let texts = details.causes.iter().rev();
        let source = texts.fold(None, |source, text| Some(Box::new(Cause { text: text.clone(), source })));
        Self(Box::new(Inner { kind, message, details, source, attempts, elapsed }))
    }

    /// Returns an error that occurred outside any attempt.
    pub(crate) fn of_kind(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(kind, message.into(), Details::default(), 0, Duration::ZERO)
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::of_kind(ErrorKind::Configuration, message)
    }

    pub(crate) fn outside_a_runtime() -> Self {
        Self::configuration("called outside a tokio runtime: use one, or clanforge::blocking::Client")
    }

    pub(crate) fn local(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Local, message.into(), Details::default(), 0, Duration::ZERO)
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::of_kind(ErrorKind::Internal, message)
    }

    fn remarks(&self) -> Vec<String> {
        let details = &self.0.details;
        let status = details.status.map(|status| format!("HTTP {status}"));
        // The message about an unsuccessful response begins with its status.
        let status = status.filter(|status| !self.0.message.starts_with(status));
        let request_id = details.request_id.as_ref().map(|id| format!("request id {}", one_line(id)));
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

/// The error of a response body that is decoded without a call.
impl From<ResponseError> for Error {
    fn from(error: ResponseError) -> Self {
        let (message, mut details) = (error.to_string(), Details::default());
        let kind = match error {
            ResponseError::Api(error) => {
                details.api_code = error.code().map(str::to_owned);
                details.api_message = Some(error.message().to_owned());
                ErrorKind::Api
            }
            ResponseError::Decode(error) => {
                details.json_path = Some(error.path().to_owned());
                ErrorKind::Decode
            }
        };
        Self::new(kind, message, details, 0, Duration::ZERO)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        match self.remarks() {
            remarks if remarks.is_empty() => Ok(()),
            remarks => write!(f, " ({})", remarks.join(", ")),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The causes of the details are the texts of the source.
        let Inner { kind, message, details, source: _, attempts, elapsed } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("message", message)
            .field("details", details)
            .field("attempts", attempts)
            .field("elapsed", elapsed)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|cause| cause as _)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Cause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|cause| cause as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(message: &str, details: Details) -> Error {
        Error::new(ErrorKind::Connection, message.to_owned(), details, 3, Duration::from_millis(1540))
    }

    #[test]
    fn the_text_states_the_message_once_and_the_source_chain_the_details() {
        let causes = ["client error (Connect)", "Connection refused (os error 111)"].map(str::to_owned).to_vec();
        let error = error("could not connect to x: connection refused", Details { causes, ..Details::default() });
        assert_eq!(error.to_string(), "could not connect to x: connection refused (3 attempts in 1.5 s)");
        let (mut texts, mut source) = (Vec::new(), error.source());
        while let Some(cause) = source {
            texts.push(cause.to_string());
            source = cause.source();
        }
        assert_eq!(texts, error.causes().collect::<Vec<_>>());
        let printed = format!("{:#}", anyhow::Error::from(error));
        assert_eq!(printed.matches("connect to x").count(), 1, "{printed}");
        assert!(printed.ends_with(": client error (Connect): Connection refused (os error 111)"), "{printed}");
    }

    #[test]
    fn the_status_is_stated_once() {
        let details = Details { status: Some(503), request_id: Some("abc".to_owned()), ..Details::default() };
        let refused = error("HTTP 503 Service Unavailable: the service failed", details.clone()).to_string();
        assert_eq!(refused, "HTTP 503 Service Unavailable: the service failed (request id abc, 3 attempts in 1.5 s)");
        let broken = error("the response body ended early", details).to_string();
        assert_eq!(broken, "the response body ended early (HTTP 503, request id abc, 3 attempts in 1.5 s)");
    }
}
