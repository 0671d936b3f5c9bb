//! From the bytes of a response to a status, or to what is wrong with them and where.
//!
//! The service's habits that shape this module:
//! - The documentation's own example has no `failed_machines`: absent means 0. A body without `pending_machines` or
//!   `completed_machines` is not a status.
//! - The older API answers errors with HTTP 200 in an envelope of `success`, `error`, `error_code`, `error_message`.
//! - It also sends integers in strings, and an empty map as `[]` or `null`.
//! - Fields appear over time, so unknown ones are passed over.

use std::fmt;

use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::status::ImageStatus;
use crate::text::{cut, one_line};
use crate::wire::{Envelope, Root, scalar_text};

/// Returns the status that the body of a successful response holds.
///
/// # Errors
/// [`ResponseError::Api`] where the body is the service's own refusal, [`ResponseError::Decode`] where it is anything
/// else that is not a status.
///
/// ```
/// use clanforge_core::{ResponseError, decode_image_status};
///
/// let refused = decode_image_status(br#"{"success": false, "error": true, "error_code": 1, "error_message": "locked"}"#);
/// assert!(matches!(refused, Err(ResponseError::Api(error)) if error.message() == "locked"));
///
/// let odd = decode_image_status(br#"{"pending_machines": -1, "completed_machines": 0}"#).unwrap_err();
/// assert!(odd.to_string().starts_with("$.pending_machines: "));
/// ```
pub fn decode_image_status(body: &[u8]) -> Result<ImageStatus, ResponseError> {
    // Looked at as a whole, bytes turn out to be text much sooner than string by string.
    let read = match str::from_utf8(body) {
        Ok(text) => serde_json::from_str::<Root>(text),
        Err(_) => serde_json::from_slice::<Root>(body),
    };
    match read {
        Ok(root) => root.into_status(),
        // The envelope counts also where the counts beside it make no sense.
        Err(error) => Err(match ApiError::from_envelope(body) {
            Some(refusal) => ResponseError::Api(refusal),
            None => ResponseError::Decode(locate(body, &error)),
        }),
    }
}

/// Why a body is not a status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// The service said no in its own words.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The body is not what the documentation describes.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

/// The service's own refusal, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    code: Option<String>,
    message: String,
}

impl ApiError {
    /// Returns the refusal that a body holds in the older API's envelope of `success`, `error`, `error_code` and
    /// `error_message`; `None` where it holds none.
    pub fn from_envelope(body: &[u8]) -> Option<Self> {
        Envelope::read(body)?.refusal(false)
    }

    /// Returns the refusal that the body of an unsuccessful response holds in whatever shape: the older API's envelope,
    /// or an object with a text under `message`, `detail`, `title` or `error`. The error bodies of this endpoint are
    /// not documented.
    pub fn from_error_body(body: &[u8]) -> Option<Self> {
        if let Some(refusal) = Self::from_envelope(body) {
            return Some(refusal);
        }
        let Value::Object(fields) = serde_json::from_slice(body).ok()? else { return None };
        let text = |name: &str| fields.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let message = ["error_message", "message", "detail", "title", "error"].into_iter().find_map(text)?;
        let code = fields.get("error_code").or_else(|| fields.get("code")).and_then(scalar_text);
        Some(Self::new(code, message))
    }

    pub(crate) fn new(code: Option<String>, message: &str) -> Self {
        Self { code, message: message.to_owned() }
    }

    /// Returns the service's error code as text: it may be a number or a word.
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
                write!(f, "the service refused with error code {}: {}", one_line(code), one_line(&self.message))
            }
            None => write!(f, "the service refused: {}", one_line(&self.message)),
        }
    }
}

impl std::error::Error for ApiError {}

/// What is wrong with a body, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    path: String,
    problem: String,
    line: usize,
    column: usize,
}

impl DecodeError {
    /// Returns the place in the body as a `JSONPath` (RFC 9535): `$.fleets['ab-12'].regions['eu'].pending_machines`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns what is wrong there, without the place.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// Returns the line of the body, from 1; 0 where the problem belongs to the body as a whole.
    pub const fn line(&self) -> usize {
        self.line
    }

    /// Returns the column in that line, from 1; 0 where the problem belongs to the body as a whole.
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

/// Says where a body went wrong by reading it once more: only errors pay for keeping the path.
#[cold]
fn locate(body: &[u8], error: &serde_json::Error) -> DecodeError {
    let read = serde_path_to_error::deserialize::<_, Root>(&mut serde_json::Deserializer::from_slice(body));
    // What decodes up to its end and is followed by something else is wrong at the top.
    let path = read.err().map_or_else(|| "$".to_owned(), |error| json_path(error.path()));
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let problem = text.strip_suffix(&place).unwrap_or(&text);
    DecodeError { path, problem: one_line(&describe(body, problem)), line: error.line(), column: error.column() }
}

/// Adds what a person would see at once: that the body is empty, or no JSON at all.
fn describe(body: &[u8], problem: &str) -> String {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => "the body is empty".to_owned(),
        Some(b'<') => format!("the body is HTML or XML, not JSON: {problem}"),
        Some(_) => problem.to_owned(),
    }
}

/// How deep the fields of a status lie: `$.fleets.ID.regions.ID.name`.
const DEEPEST_FIELD: usize = 5;

/// Writes a path down to where fields of a status lie: below may be anything, and ever so deep.
fn json_path(path: &Path) -> String {
    path.iter().take(DEEPEST_FIELD).fold("$".to_owned(), |parent, segment| match segment {
        Segment::Seq { index } => format!("{parent}[{index}]"),
        Segment::Map { key } if is_shorthand(key) => format!("{parent}.{key}"),
        Segment::Map { key } => {
            let name = cut(&key.replace('\\', "\\\\").replace('\'', "\\'"), 200);
            format!("{parent}['{name}']")
        }
        Segment::Enum { .. } | Segment::Unknown => parent,
    })
}

fn is_shorthand(key: &str) -> bool {
    key.len() <= 64
        && key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
