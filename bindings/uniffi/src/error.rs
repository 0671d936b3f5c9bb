//! Errors: one variant for each kind, with fields. None holds a secret.

use clanforge_bindings::BindingError;

/// The fields of an error beside its reason.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ErrorFields {
    /// The HTTP status of the last response, where there was one.
    pub status: Option<u16>,
    /// The request ID of the last response, where it has one. The support of the service asks for it.
    pub request_id: Option<String>,
    /// The number of requests sent.
    pub attempts: u32,
    /// The duration of the call, in seconds.
    pub elapsed_seconds: f64,
    /// How long the service asked the client to wait, in seconds, where it did.
    pub retry_after_seconds: Option<f64>,
    /// The error code of the response body, where it has one.
    pub api_code: Option<String>,
    /// The error message of the response body, where it has one.
    pub api_message: Option<String>,
    /// The `JSONPath` of the invalid value in a response body that cannot be decoded.
    pub json_path: Option<String>,
    /// The technical details of the cause, the nearest first.
    pub causes: Vec<String>,
}

impl ErrorFields {
    /// Returns the fields of an error without a call.
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
        /// The error of a call. Its reason states what happened, to what, why and what to do, in one line without secrets.
        #[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
        pub enum ClanforgeError {
            $(
                $(#[$doc])*
                #[error("{reason}")]
                $variant {
                    /// What happened, to what, why and what to do, in one line.
                    reason: String,
                    /// The other fields of the error.
                    fields: ErrorFields,
                },
            )*
        }

        impl From<BindingError> for ClanforgeError {
            fn from(error: BindingError) -> Self {
                let error = error.fields();
                let reason = error.message.clone();
                let fields = ErrorFields {
                    status: error.status,
                    request_id: error.request_id.clone(),
                    attempts: error.attempts,
                    elapsed_seconds: error.elapsed_seconds,
                    retry_after_seconds: error.retry_after_seconds,
                    api_code: error.api_code.clone(),
                    api_message: error.api_message.clone(),
                    json_path: error.json_path.clone(),
                    causes: error.causes.clone(),
                };
                match error.kind {
                    $($kind => Self::$variant { reason, fields },)*
                    _ => Self::Internal { reason, fields },
                }
            }
        }
    };
}

errors! {
    /// An argument or setting is invalid. No request was sent.
    Configuration = "configuration",
    /// The service rejected the credentials (401).
    Authentication = "authentication",
    /// The service denied the request (403). It also does so for unknown credentials.
    PermissionDenied = "permission_denied",
    /// The image or account service does not exist (404).
    NotFound = "not_found",
    /// There were too many requests (429).
    RateLimited = "rate_limited",
    /// The service returned a server error (5xx).
    Server = "server",
    /// The response body is an error of the service, whatever the HTTP status.
    Api = "api",
    /// The service returned a redirect (3xx), which the client does not follow.
    Redirect = "redirect",
    /// The connection to the service failed.
    Connection = "connection",
    /// An attempt or the call exceeded its timeout, or the service returned 408.
    Timeout = "timeout",
    /// The response is not an image status.
    Decode = "decode",
    /// The call was cancelled by its `Cancellation`.
    Cancelled = "cancelled",
    /// A bug in this library.
    Internal = "internal",
}

impl From<clanforge::Error> for ClanforgeError {
    fn from(error: clanforge::Error) -> Self {
        BindingError::from(error).into()
    }
}

impl From<clanforge::core::ResponseError> for ClanforgeError {
    fn from(error: clanforge::core::ResponseError) -> Self {
        BindingError::from(error).into()
    }
}

pub(crate) fn configuration(problem: impl ToString) -> ClanforgeError {
    BindingError::configuration(problem).into()
}

pub(crate) type Result<T> = std::result::Result<T, ClanforgeError>;
