//! Conversion of records to JSON and back. Options are checked first, and errors name them as the record does.

use clanforge::ErrorKind;
use clanforge_bindings::{BindingError, duration, json};
use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

/// Options as a record.
pub(crate) trait Options: Serialize + Sized {
    /// The options whose names in Kotlin and Swift differ from those in the core and in JSON: first the name there, then the name
    /// in Kotlin and Swift.
    const NAMES: &'static [(&'static str, &'static str)];

    /// Checks the durations: JSON cannot represent some numbers, such as infinity.
    fn check(&self) -> Result<(), BindingError>;

    /// Passes the options in JSON to a function of the core. Its errors name options as the record does.
    fn pass<T>(&self, to: impl FnOnce(&str) -> Result<T, BindingError>) -> Result<T, BindingError> {
        self.check()?;
        to(&json(self)).map_err(|error| renamed(error, Self::NAMES))
    }
}

/// Returns the error of a call, with the names of arguments in Kotlin and Swift.
pub(crate) fn of_arguments(error: impl Into<BindingError>) -> BindingError {
    renamed(error.into(), &[("age", "ageSeconds"), ("elapsed", "elapsedSeconds"), ("timeout", "timeoutSeconds")])
}

/// Replaces names in the message of a `configuration` error.
fn renamed(error: BindingError, names: &[(&str, &str)]) -> BindingError {
    if error.report().kind != ErrorKind::Configuration {
        return error;
    }
    let is_delimiter = |letter: char| !letter.is_alphanumeric() && letter != '_';
    let renamed = error.report().message.split_inclusive(is_delimiter).flat_map(|part| {
        let word = part.trim_end_matches(is_delimiter);
        [names.iter().find(|(name, _)| *name == word).map_or(word, |(_, name)| name), &part[word.len()..]]
    });
    BindingError::configuration(renamed.collect::<String>())
}

/// Returns a record from JSON of the core.
///
/// # Errors
/// `internal` if the record does not match the type of the core.
pub(crate) fn from_json<R: DeserializeOwned>(text: &str) -> Result<R, BindingError> {
    serde_json::from_str(text).map_err(BindingError::bug)
}

/// Checks an option that is a duration.
pub(crate) fn check_seconds(name: &str, seconds: impl Into<Option<f64>>) -> Result<(), BindingError> {
    seconds.into().map_or(Ok(()), |seconds| duration(name, seconds).map(drop))
}

/// Deserializes a number or a string as a string.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        number => number.to_string(),
    })
}
