//! Why one attempt has no answer, before it is known whether another follows.

use std::error::Error as StdError;
use std::io;
use std::time::{Duration, SystemTime};

use clanforge_core::ErrorKind;

use crate::error::client_error::{Details, Error};
use crate::error::redactor::Redactor;

/// Why one attempt has no answer, and whether another may have one.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
    pub(crate) details: Details,
    pub(crate) retry: Retry,
    /// What the service's clock showed when it answered, where the answer says so.
    pub(crate) service_time: Option<SystemTime>,
    /// The request was sent, for all that is known.
    pub(crate) was_sent: bool,
}

/// Whether another attempt may mend a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// It fails the same way every time.
    Never,
    /// It may pass after a pause.
    AfterBackoff,
    /// It may pass at once, since its cause is mended: once in a call for each.
    Immediately(RetryReason),
}

/// What another attempt does without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryReason {
    /// A connection that had died while it was idle, or a service that turned the request away without looking at it:
    /// nothing was wrong with the service or the request.
    Connection,
    /// Credentials that were refused, and that a provider may renew.
    Credentials,
    /// A clock that differed from the service's.
    Clock,
}

impl Failure {
    pub(crate) fn new(kind: ErrorKind, retry: Retry, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), details: Details::default(), retry, service_time: None, was_sent: true }
    }

    /// Returns a failure before anything was sent.
    pub(crate) fn unsent(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { was_sent: false, ..Self::new(kind, Retry::Never, message) }
    }

    pub(crate) fn with_causes(mut self, causes: Vec<String>) -> Self {
        self.details.causes = causes;
        self
    }

    pub(crate) const fn retry_after(&self) -> Option<Duration> {
        self.details.retry_after
    }

    /// Returns the same with every secret taken out of every text.
    pub(crate) fn cleaned(self, redactor: &Redactor) -> Self {
        let clean = |text: Option<String>| text.map(|text| redactor.clean(&text));
        let details = Details {
            causes: self.details.causes.iter().map(|cause| redactor.clean(cause)).collect(),
            request_id: clean(self.details.request_id),
            api_code: clean(self.details.api_code),
            api_message: clean(self.details.api_message),
            json_path: clean(self.details.json_path),
            status: self.details.status,
            retry_after: self.details.retry_after,
        };
        Self { message: redactor.clean(&self.message), details, ..self }
    }

    /// Returns the caller's error.
    pub(crate) fn into_error(self, attempts: u32, elapsed: Duration) -> Error {
        Error::new(self.kind, self.message, self.details, attempts, elapsed)
    }
}

/// Returns each error below `error`, looking into the errors that `io::Error` wraps without naming them as its source.
pub(crate) fn error_chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(below(error), |error| below(*error))
}

fn below<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

/// Returns the texts of the errors below `error`, leaving out what only repeats the one above.
pub(crate) fn cause_texts(error: &(dyn StdError + 'static)) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for cause in error_chain(error) {
        let text = cause.to_string();
        if texts.last() != Some(&text) {
            texts.push(text);
        }
    }
    texts
}
