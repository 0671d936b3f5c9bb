//! Why one attempt failed, before it is known whether another follows.

use std::time::{Duration, SystemTime};

use clanforge_core::ErrorKind;
use clanforge_core::text::cut;

use crate::error::client_error::{Details, Error};
use crate::error::redactor::Redactor;

/// Why one attempt failed, and whether another may succeed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) message: String,
    pub(crate) details: Details,
    pub(crate) retry: Retry,
    pub(crate) progress: Progress,
    /// The Date header of the response: what the service's clock showed.
    pub(crate) service_time: Option<SystemTime>,
    /// The service may be at another address: its name has no addresses, or what responds has no such path.
    pub(crate) maybe_elsewhere: bool,
}

/// Whether and when another attempt follows a failed one. `call::attempt` decides it by the HTTP status, `http` by what
/// happened to the connection, `auth` for rejected credentials; `call::retry_loop` obeys it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// The error is permanent.
    Never,
    /// The error is transient.
    AfterBackoff,
    /// The error is probably permanent: one retry follows in a call, after a backoff.
    OnceAfterBackoff,
    /// The cause is removed: one retry follows for each reason in a call, without backoff. It does not count towards the
    /// retries of the call.
    Immediately(RetryReason),
}

/// What the next attempt does differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryReason {
    /// It uses another connection: the idle one was dead, or the server rejected the request before processing it.
    Connection,
    /// It uses new credentials of the provider.
    Credentials,
    /// It is signed by the service's clock.
    Clock,
}

/// How far an attempt got, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Nothing was sent, because there were no credentials. This does not count as an attempt.
    NotStarted,
    /// The service certainly did not process the request: there was no connection, or it rejected the request unprocessed.
    NotProcessed,
    /// The service may have processed the request. Only an idempotent one is sent again.
    MaybeProcessed,
}

impl Failure {
    /// Returns a failure of a request that the service may have processed.
    pub(crate) fn new(kind: ErrorKind, retry: Retry, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            details: Details::default(),
            retry,
            progress: Progress::MaybeProcessed,
            service_time: None,
            maybe_elsewhere: false,
        }
    }

    /// Returns a permanent failure before anything was sent.
    pub(crate) fn not_started(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { progress: Progress::NotStarted, ..Self::new(kind, Retry::Never, message) }
    }

    pub(crate) fn with_causes(mut self, causes: Vec<String>) -> Self {
        self.details.causes = causes;
        self
    }

    /// Returns the failure with details of the response, which keep the causes that it has.
    pub(crate) fn with_details(self, details: Details) -> Self {
        let causes = self.details.causes;
        Self { details: Details { causes, ..details }, ..self }
    }

    /// Returns the failure with every secret removed from every text.
    pub(crate) fn redacted(self, redactor: &Redactor) -> Self {
        let clean = |text: Option<String>| text.map(|text| redactor.clean(&text));
        // These texts quote what the service sent, and some CI systems run commands that they find in a log.
        let sentence = |text: &str| cut(&redactor.clean(text), usize::MAX);
        let details = Details {
            causes: self.details.causes.iter().map(|cause| sentence(cause)).collect(),
            request_id: clean(self.details.request_id),
            api_code: clean(self.details.api_code),
            api_message: clean(self.details.api_message),
            json_path: clean(self.details.json_path),
            status: self.details.status,
            retry_after: self.details.retry_after,
            from_service: self.details.from_service,
        };
        Self { message: sentence(&self.message), details, ..self }
    }

    /// Returns the error that the caller gets.
    pub(crate) fn into_error(self, attempts: u32, elapsed: Duration) -> Error {
        Error::new(self.kind, self.message, self.details, attempts, elapsed)
    }
}
