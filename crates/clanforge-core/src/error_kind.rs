//! What kinds of things go wrong.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of thing went wrong: what a program decides by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The client or the call is set up wrongly; nothing was sent.
    Configuration,
    /// The service does not accept the credentials (401).
    Authentication,
    /// The service forbids the call (403): the service answers so to bad credentials as well as to missing permission.
    PermissionDenied,
    /// The service has no such image or account service (404).
    NotFound,
    /// The service asks for fewer calls (429).
    RateLimited,
    /// The service failed (5xx).
    Server,
    /// The service said no in its own words, whatever the HTTP status, or answered with one that has no other kind.
    Api,
    /// The service sent the client elsewhere (3xx), where credentials must not follow.
    Redirect,
    /// The service could not be reached, or the connection broke.
    Connection,
    /// An attempt or the whole call took longer than allowed, or the service gave up waiting (408).
    Timeout,
    /// The answer is no image status.
    Decode,
    /// A defect of this library.
    Internal,
}

impl ErrorKind {
    /// Every kind, in the order of their documentation.
    pub const ALL: [Self; 12] = [
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
        Self::Internal,
    ];

    /// Returns true where no repetition mends it: the set-up or the credentials are to blame, or this library.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Configuration | Self::Authentication | Self::PermissionDenied | Self::Internal => true,
            Self::NotFound
            | Self::RateLimited
            | Self::Server
            | Self::Api
            | Self::Redirect
            | Self::Connection
            | Self::Timeout
            | Self::Decode => false,
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
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
