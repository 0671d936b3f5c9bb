//! Properties of decoding.

use clanforge_core::{ApiError, DecodeError, ImageStatus, ResponseError, decode_image_status};
use serde_json::Value;

use crate::status;

/// The maximum length of an error's text, whatever it quotes: five IDs of 200 characters each, and 300 characters of a
/// value, each character possibly written as an escape.
const LONGEST_TEXT: usize = 12_000;

/// The depth of the deepest field of a status.
const DEEPEST_FIELD: usize = 5;

/// Checks that a body decodes to the status that it holds, or to an error with a location.
pub fn body(body: &[u8]) -> &'static str {
    match decode_image_status(body) {
        Ok(decoded) => {
            status(&decoded);
            stated(body, &decoded);
            "status"
        }
        Err(ResponseError::Api(refusal)) => {
            refused(body, &refusal);
            "refusal"
        }
        Err(ResponseError::Decode(error)) => {
            located(body, &error);
            "error"
        }
    }
}

/// Checks that the counts are those that another JSON decoder finds.
fn stated(body: &[u8], status: &ImageStatus) {
    // That decoder rejects numbers that no float can hold, in any field.
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return };
    let count = |name: &str| match &value[name] {
        Value::Null if name == "failed_machines" => Some(0),
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    };
    assert!(value.is_object());
    assert_eq!(count("pending_machines"), Some(status.pending_machines()));
    assert_eq!(count("failed_machines"), Some(status.failed_machines()));
    assert_eq!(count("completed_machines"), Some(status.completed_machines()));
    assert_eq!(value.get("fleets").is_some(), status.fleets().is_some());
}

fn refused(body: &[u8], refusal: &ApiError) {
    assert!(!refusal.message().trim().is_empty());
    one_line(&refusal.to_string());
    let read_alone = ApiError::from_error_body(body).expect("an error body is one whatever the HTTP status");
    assert_eq!(&read_alone, refusal);
}

fn located(body: &[u8], error: &DecodeError) {
    let text = error.to_string();
    one_line(&text);
    assert!(text.starts_with(&format!("{}: ", error.path())) && !error.problem().is_empty());
    assert!(is_json_path(error.path()), "not a JSONPath: {}", error.path());
    let lines = body.split(|byte| *byte == b'\n').count();
    assert!(error.line() <= lines && error.column() <= body.len(), "{text}: the location is outside the body");
}

fn one_line(text: &str) {
    assert!(!text.chars().any(char::is_control), "more than one line: {text:?}");
    assert!(text.len() <= LONGEST_TEXT, "{} bytes: {text}", text.len());
}

/// Returns true for `$` followed by names, names in brackets and indices.
fn is_json_path(path: &str) -> bool {
    let Some(mut rest) = path.strip_prefix('$') else { return false };
    for _ in 0..DEEPEST_FIELD {
        let segment = match rest.as_bytes() {
            [b'.', ..] => rest[1..].find(['.', '[']).map_or(rest.len(), |end| end + 1),
            [b'[', b'\'', ..] => match closing_quote(&rest[2..]) {
                Some(end) if rest[2 + end..].starts_with("']") => end + 4,
                _ => return false,
            },
            [b'[', ..] => match rest.find(']') {
                Some(end) if rest[1..end].parse::<usize>().is_ok() => end + 1,
                _ => return false,
            },
            [] => return true,
            _ => return false,
        };
        rest = &rest[segment..];
    }
    rest.is_empty()
}

/// Returns the place of the first quote that no backslash escapes.
fn closing_quote(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(index, character)| {
        let is_closing = character == '\'' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        is_closing.then_some(index)
    })
}
