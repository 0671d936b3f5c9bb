//! How records become JSON, and JSON records: options are checked first, so that an error names them as callers write them.

use std::fmt::Display;
use std::str::FromStr;

use clanforge_bindings::{BindingError, duration};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

use crate::error::{Result, configuration};

/// Returns the record that JSON of the core describes.
///
/// # Errors
/// `internal` where the record has another form than the core.
pub(crate) fn from_json<R: DeserializeOwned>(text: &str) -> Result<R> {
    serde_json::from_str(text).map_err(|problem| internal(problem).into())
}

/// Returns the error for a value that the core and its record do not have in common: a defect of this library.
pub(crate) fn internal(problem: impl Display) -> BindingError {
    BindingError::new(clanforge::ErrorKind::Internal, format!("bug in clanforge, please report it: {problem}"))
}

/// Checks an option that is a duration.
pub(crate) fn check_seconds(name: &str, seconds: impl Into<Option<f64>>) -> Result<()> {
    if let Some(seconds) = seconds.into() {
        duration(name, seconds)?;
    }
    Ok(())
}

/// Checks an option that is the text of a value of the core.
pub(crate) fn check_text<T: FromStr<Err: Display>>(name: &str, text: &str) -> Result<()> {
    let parsed = text.parse::<T>();
    parsed.map(drop).map_err(|problem| configuration(format!("invalid `{name}`: {problem}")))
}

/// Reads a number or a text as text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        number => number.to_string(),
    })
}
