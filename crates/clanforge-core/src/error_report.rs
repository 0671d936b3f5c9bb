//! What is known of an error, as plain data.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error_kind::ErrorKind;
use crate::seconds;
use crate::version::Version;

/// The fields of an error. They contain no key, no token and no query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Error"))]
#[non_exhaustive]
pub struct ErrorReport {
    version: Version,
    /// The kind of the error, for programs to decide by.
    pub kind: ErrorKind,
    /// What went wrong, to what, why, and what to do.
    pub message: String,
    /// The HTTP status of the last response; absent if there was none.
    pub status: Option<u16>,
    /// The ID that the service gave to the last request, for its support; absent if the response had none.
    pub request_id: Option<String>,
    /// The number of attempts, including those that could not connect; 0 if the call failed before the first.
    pub attempts: u32,
    /// The duration of the call, backoff included.
    #[serde(rename = "elapsed_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub elapsed: Duration,
    /// How long the service asked to wait before another request; absent if it did not.
    #[serde(rename = "retry_after_seconds", with = "seconds::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::seconds::Schema>"))]
    pub retry_after: Option<Duration>,
    /// The service's own error code; absent if it gave none.
    pub api_code: Option<String>,
    /// The service's own message; absent if it gave none.
    pub api_message: Option<String>,
    /// The place in the response that could not be decoded, as a `JSONPath` (RFC 9535); absent for other errors.
    pub json_path: Option<String>,
    /// The messages of the causes, the nearest first.
    pub causes: Vec<String>,
}

impl ErrorReport {
    /// Returns the report of an error that occurred without a request.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            version: Version,
            kind,
            message: message.into(),
            status: None,
            request_id: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            retry_after: None,
            api_code: None,
            api_message: None,
            json_path: None,
            causes: Vec::new(),
        }
    }
}
