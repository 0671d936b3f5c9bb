//! Errors: one for each kind, with fields, and without a secret in any form.

use clanforge_bindings::Fault;

/// What an error says beside its reason.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ErrorFields {
    /// The HTTP status of the last answer, where there was one.
    pub status: Option<u16>,
    /// The service's id of the last request, where its answer had one: what its support asks for.
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
    /// How long the call took, in seconds.
    pub elapsed_seconds: f64,
    /// How long the service asked to wait, in seconds, where it did.
    pub retry_after_seconds: Option<f64>,
    /// The service's own code of the error, where it gave one.
    pub api_code: Option<String>,
    /// The service's own words, where it gave some.
    pub api_message: Option<String>,
    /// Where in the answer the mistake is, as `JSONPath`, for an answer that cannot be read.
    pub json_path: Option<String>,
    /// The technical details below the message, the nearest first.
    pub causes: Vec<String>,
}

impl ErrorFields {
    /// Returns those of an error that came of no call.
    pub(crate) const fn none() -> Self {
        Self {
            status: None,
            request_id: None,
            attempts: 0,
            elapsed_seconds: 0.0,
            retry_after_seconds: None,
            api_code: None,
            api_message: None,
            json_path: None,
            causes: Vec::new(),
        }
    }
}

macro_rules! errors {
    ($($(#[$doc:meta])* $variant:ident = $kind:literal),* $(,)?) => {
        /// What a call fails with. Its reason states the cause in one line, and holds neither a key nor a query.
        #[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
        pub enum ClanforgeError {
            $(
                $(#[$doc])*
                #[error("{reason}")]
                $variant {
                    /// What happened, to what, why and what to do, in one line.
                    reason: String,
                    /// Everything else that is known of it.
                    fields: ErrorFields,
                },
            )*
        }

        impl From<Fault> for ClanforgeError {
            fn from(fault: Fault) -> Self {
                let fault = fault.fields();
                let reason = fault.message.clone();
                let fields = ErrorFields {
                    status: fault.status,
                    request_id: fault.request_id.clone(),
                    attempts: fault.attempts,
                    elapsed_seconds: fault.elapsed_seconds,
                    retry_after_seconds: fault.retry_after_seconds,
                    api_code: fault.api_code.clone(),
                    api_message: fault.api_message.clone(),
                    json_path: fault.json_path.clone(),
                    causes: fault.causes.clone(),
                };
                match fault.kind {
                    $($kind => Self::$variant { reason, fields },)*
                    _ => Self::Internal { reason, fields },
                }
            }
        }
    };
}

errors! {
    /// The client or the call is set up wrongly; nothing was sent.
    Configuration = "configuration",
    /// The service does not accept the credentials (401).
    Authentication = "authentication",
    /// The service forbids the call (403), as it does for credentials that it does not know as well.
    PermissionDenied = "permission_denied",
    /// The service has no such image or account service (404).
    NotFound = "not_found",
    /// The service asks for fewer calls (429).
    RateLimited = "rate_limited",
    /// The service failed (5xx).
    Server = "server",
    /// The service said no in its own words, whatever the HTTP status.
    Api = "api",
    /// The service sent the client elsewhere (3xx), where credentials must not follow.
    Redirect = "redirect",
    /// The service could not be reached, or the connection broke.
    Connection = "connection",
    /// An attempt or the whole call took longer than allowed, or the service gave up waiting (408).
    Timeout = "timeout",
    /// The answer is no image status.
    Decode = "decode",
    /// The call was ended by its `Cancellation`.
    Cancelled = "cancelled",
    /// A defect of this library.
    Internal = "internal",
}

impl From<clanforge::Error> for ClanforgeError {
    fn from(error: clanforge::Error) -> Self {
        Fault::from(error).into()
    }
}

impl From<clanforge::core::ResponseError> for ClanforgeError {
    fn from(error: clanforge::core::ResponseError) -> Self {
        Fault::from(error).into()
    }
}

pub(crate) fn configuration(problem: impl ToString) -> ClanforgeError {
    Fault::configuration(problem).into()
}

pub(crate) type Result<T> = std::result::Result<T, ClanforgeError>;
