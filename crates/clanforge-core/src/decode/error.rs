//! Why a body is not a status, as data.

use std::fmt;

use crate::text::one_line;

/// Why a body is not a status.
///
/// Exhaustive on purpose: a body that is not a status is either the service's own error or anything else.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// The service refused the request with an error of its own.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The body is not what the documentation describes.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

/// The error that the service returned, with its code and message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    code: Option<String>,
    message: String,
}

impl ApiError {
    pub(super) fn new(code: Option<String>, message: &str) -> Self {
        Self { code, message: message.to_owned() }
    }

    /// Returns the service's error code as text: the service sends a number or a word.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Returns the service's message, never empty.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.code {
            Some(code) => {
                write!(f, "the service returned error code {}: {}", one_line(code), one_line(&self.message))
            }
            None => write!(f, "the service refused the request: {}", one_line(&self.message)),
        }
    }
}

impl std::error::Error for ApiError {}

/// What is wrong with a body, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    pub(super) path: String,
    pub(super) problem: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

impl DecodeError {
    /// Returns the location in the body as a `JSONPath` (RFC 9535): `$.fleets['ab-12'].regions['eu'].pending_machines`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what is wrong there, without the location.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// Returns the line of the body, from 1; 0 if the problem concerns the body as a whole.
    pub const fn line(&self) -> usize {
        self.line
    }

    /// Returns the column in that line, from 1; 0 if the problem concerns the body as a whole.
    pub const fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.problem)?;
        match self.line {
            0 => Ok(()),
            line => write!(f, " (line {line}, column {})", self.column),
        }
    }
}

impl std::error::Error for DecodeError {}
