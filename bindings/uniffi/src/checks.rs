//! How records become JSON, and JSON records: options are checked first, and errors name them as the record does.

use std::fmt::Display;

use clanforge_bindings::{BindingError, duration, json};
use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

use crate::error::{ClanforgeError, Result};

/// Options as a record.
pub(crate) trait Options: Serialize + Sized {
    /// The options whose names in the record, as Kotlin and Swift write them, differ from those in the core and in JSON: the
    /// name there, and the record's.
    const NAMES: &'static [(&'static str, &'static str)];

    /// Checks the durations: JSON has no text for some numbers.
    fn check(&self) -> Result<()>;

    /// Returns the options in JSON.
    fn encode(&self) -> Result<String> {
        self.check()?;
        Ok(json(self))
    }
}

/// Returns an error of the core with the names that options have in the record.
pub(crate) fn renamed<O: Options>(error: impl Into<BindingError>) -> ClanforgeError {
    let error = error.into();
    let is_delimiter = |letter: char| !letter.is_alphanumeric() && letter != '_';
    let mut message = String::new();
    for part in error.report().message.split_inclusive(is_delimiter) {
        let word = part.trim_end_matches(is_delimiter);
        let name = O::NAMES.iter().find(|(name, _)| *name == word).map_or(word, |(_, name)| name);
        message.extend([name, &part[word.len()..]]);
    }
    match error.report().kind {
        clanforge::ErrorKind::Configuration => BindingError::configuration(message).into(),
        _ => error.into(),
    }
}

/// Returns the record that JSON of the core describes.
///
/// # Errors
/// `internal` if the record has another form than the core.
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

/// Reads a number or a text as text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        number => number.to_string(),
    })
}
