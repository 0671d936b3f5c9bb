//! Decodes the body of a response: bytes to a status, to the service's own error, or to what is wrong and where.
//!
//! The module exports [`decode_image_status`] and its errors, which are plain data. Three properties of the service
//! shape the code:
//! - The documentation's own example has no `failed_machines`, so an absent count of failed machines is 0. A body
//!   without `pending_machines` or `completed_machines` is not a status.
//! - The older API returns errors with HTTP 200, in an envelope of `success`, `error`, `error_code`, `error_message`.
//!   It also sends integers as strings, and an empty map as `[]` or `null`.
//! - New fields appear over time, so unknown fields are ignored.

mod body;
mod envelope;
mod error;
mod fields;
mod locate;

pub use error::{ApiError, DecodeError, ResponseError};

use crate::status::ImageStatus;
use body::Root;

/// Returns the status in the body of a successful response.
///
/// # Errors
/// [`ResponseError::Api`] if the body is the service's own error, [`ResponseError::Decode`] if it is anything else that
/// is not a status.
///
/// ```
/// use clanforge_core::{ResponseError, decode_image_status};
///
/// let refused = decode_image_status(br#"{"success": false, "error": true, "error_message": "locked"}"#);
/// assert!(matches!(refused, Err(ResponseError::Api(error)) if error.message() == "locked"));
///
/// let invalid = decode_image_status(br#"{"pending_machines": -1, "completed_machines": 0}"#).unwrap_err();
/// assert!(invalid.to_string().starts_with("$.pending_machines: "));
/// ```
pub fn decode_image_status(body: &[u8]) -> Result<ImageStatus, ResponseError> {
    let body = without_byte_order_mark(body);
    // Checking UTF-8 once for the whole body is faster than string by string.
    let read = match str::from_utf8(body) {
        Ok(text) => serde_json::from_str::<Root>(text),
        Err(_) => serde_json::from_slice::<Root>(body),
    };
    match read {
        Ok(root) => root.into_status(),
        // The envelope takes precedence even if the counts beside it are invalid.
        Err(error) => Err(match ApiError::from_envelope(body) {
            Some(refusal) => ResponseError::Api(refusal),
            None => ResponseError::Decode(locate::locate(body, &error)),
        }),
    }
}

/// Returns a body without its byte order mark, which a parser may ignore (RFC 8259, section 8.1).
fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}
