//! How records become JSON, and JSON records: options are checked first, and errors name them as the record does.

use clanforge::ErrorKind;
use clanforge_bindings::{BindingError, duration, json};
use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

/// Options as a record.
pub(crate) trait Options: Serialize + Sized {
    /// The options whose names in the record, as Kotlin and Swift write them, differ from those in the core and in JSON: the
    /// name there, and the record's.
    const NAMES: &'static [(&'static str, &'static str)];

    /// Checks the durations: JSON has no text for some numbers.
    fn check(&self) -> Result<(), BindingError>;

    /// Passes the options to a function of the core, which takes them in JSON. Its errors name options as the record does.
    fn pass<T>(&self, to: impl FnOnce(&str) -> Result<T, BindingError>) -> Result<T, BindingError> {
        self.check()?;
        to(&json(self)).map_err(|error| renamed(error, Self::NAMES))
    }
}

/// Returns an error of a call, which names arguments as Kotlin and Swift write them.
pub(crate) fn of_arguments(error: impl Into<BindingError>) -> BindingError {
    renamed(error.into(), &[("age", "ageSeconds"), ("elapsed", "elapsedSeconds"), ("timeout", "timeoutSeconds")])
}

/// Replaces names in the message of an error, if it is of the configuration.
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

/// Returns the record that JSON of the core describes.
///
/// # Errors
/// `internal` if the record has another form than the core.
pub(crate) fn from_json<R: DeserializeOwned>(text: &str) -> Result<R, BindingError> {
    serde_json::from_str(text).map_err(BindingError::bug)
}

/// Checks an option that is a duration.
pub(crate) fn check_seconds(name: &str, seconds: impl Into<Option<f64>>) -> Result<(), BindingError> {
    seconds.into().map_or(Ok(()), |seconds| duration(name, seconds).map(drop))
}

/// Reads a number or a text as text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        number => number.to_string(),
    })
}
