//! Finds where in a body an error is, as a `JSONPath`.

use serde_path_to_error::{Path, Segment};

use super::body::Root;
use super::error::DecodeError;
use crate::text::{cut, one_line};

/// Decodes a body a second time to find the path of its error: only errors pay for tracking it.
#[cold]
pub(super) fn locate(body: &[u8], error: &serde_json::Error) -> DecodeError {
    let read = serde_path_to_error::deserialize::<_, Root>(&mut serde_json::Deserializer::from_slice(body));
    // A status that is followed by something else decodes here: the error is at the root.
    let path = read.err().map_or_else(|| "$".to_owned(), |error| json_path(error.path()));
    let suffix = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let problem = text.strip_suffix(&suffix).unwrap_or(&text);
    DecodeError { path, problem: one_line(&describe(body, problem)), line: error.line(), column: error.column() }
}

/// Says first what a person would see at a glance: that the body is empty, or not JSON at all.
fn describe(body: &[u8], problem: &str) -> String {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => "the body is empty".to_owned(),
        Some(b'<') => format!("the body is HTML or XML, not JSON: {problem}"),
        Some(_) => problem.to_owned(),
    }
}

/// The depth of the deepest field of a status: `$.fleets.ID.regions.ID.name`.
const MAX_DEPTH: usize = 5;

/// Writes a path, at most as deep as the fields of a status: below them a body may nest without limit.
fn json_path(path: &Path) -> String {
    path.iter().take(MAX_DEPTH).fold("$".to_owned(), |parent, segment| match segment {
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
