//! The kinds of errors.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::exit_code::ExitCode;

/// The kind of an error, for programs to match on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transform = with_exit_codes))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client, the call or the wait is misconfigured, or was closed.
    Configuration,
    /// The service rejected the credentials (401).
    Authentication,
    /// The service denied access (403): it does so for wrong credentials as well as for missing permission.
    PermissionDenied,
    /// The service has no such image or account service (404).
    NotFound,
    /// The service is rate limiting requests (429).
    RateLimited,
    /// The service failed (5xx), and returned no error of its own.
    Server,
    /// The service returned an error of its own with HTTP 200 or 5xx, or an HTTP status that no other kind covers.
    Api,
    /// The service redirected the client (3xx), which follows no redirect because its credentials would be sent along.
    Redirect,
    /// The service could not be reached, or the connection broke.
    Connection,
    /// An attempt or the whole call exceeded its timeout, or the service timed out (408).
    Timeout,
    /// The response is not an image status.
    Decode,
    /// This machine lacks a resource that the call needs, such as threads, file descriptors or disk space.
    Local,
    /// Another rollout of an image is running: at least half of its machines are pending, or another process has just started it
    /// with the same state.
    Busy,
    /// Starting the rollout failed or was interrupted, in this process or in an earlier one.
    Deploy,
    /// A defect of this library.
    Internal,
}

impl ErrorKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 15] = [
        Self::Configuration,
        Self::Authentication,
        Self::PermissionDenied,
        Self::NotFound,
        Self::RateLimited,
        Self::Server,
        Self::Api,
        Self::Redirect,
        Self::Connection,
        Self::Timeout,
        Self::Decode,
        Self::Local,
        Self::Busy,
        Self::Deploy,
        Self::Internal,
    ];

    /// Returns true for an error that a proxy or an ingress in between may cause for a while: one of credentials, of
    /// permission, or of an unknown image.
    pub const fn may_come_from_a_proxy(self) -> bool {
        matches!(self, Self::Authentication | Self::PermissionDenied | Self::NotFound)
    }

    /// Returns true for a permanent error, which no retry can resolve: wrong configuration or credentials, a deployment
    /// that failed or whose result is unknown, or a defect.
    pub const fn is_permanent(self) -> bool {
        match self {
            Self::Configuration | Self::Authentication | Self::PermissionDenied | Self::Deploy | Self::Internal => true,
            Self::NotFound
            | Self::RateLimited
            | Self::Server
            | Self::Api
            | Self::Redirect
            | Self::Connection
            | Self::Timeout
            | Self::Decode
            | Self::Local
            | Self::Busy => false,
        }
    }

    /// Returns the exit code of a command that ends with an error of this kind.
    pub const fn exit_code(self) -> ExitCode {
        match self {
            Self::Configuration => ExitCode::Usage,
            Self::Authentication | Self::PermissionDenied => ExitCode::Unauthorized,
            Self::NotFound
            | Self::RateLimited
            | Self::Server
            | Self::Api
            | Self::Redirect
            | Self::Connection
            | Self::Timeout
            | Self::Decode
            | Self::Internal => ExitCode::Unreachable,
            Self::Local => ExitCode::LocalError,
            Self::Busy => ExitCode::NotReady,
            Self::Deploy => ExitCode::DeployFailed,
        }
    }

    /// Returns the name that JSON and other languages use, such as `permission_denied`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Authentication => "authentication",
            Self::PermissionDenied => "permission_denied",
            Self::NotFound => "not_found",
            Self::RateLimited => "rate_limited",
            Self::Server => "server",
            Self::Api => "api",
            Self::Redirect => "redirect",
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::Decode => "decode",
            Self::Local => "local",
            Self::Busy => "busy",
            Self::Deploy => "deploy",
            Self::Internal => "internal",
        }
    }
}

#[cfg(feature = "schema")]
fn with_exit_codes(schema: &mut schemars::Schema) {
    crate::exit_code::add_to_schema(schema, &ErrorKind::ALL, ErrorKind::exit_code);
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
