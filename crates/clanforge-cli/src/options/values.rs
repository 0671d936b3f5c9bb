//! Values of options that clap cannot parse by itself.

use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::failure::Failure;

/// A duration, or `none`.
#[derive(Clone, Copy)]
pub(crate) struct OptionalDuration(pub(crate) Option<Duration>);

pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|error| format!("{error}; use a duration such as 90s or 2m"))
}

pub(crate) fn parse_optional_duration(text: &str) -> Result<OptionalDuration, String> {
    match text {
        "none" => Ok(OptionalDuration(None)),
        text => parse_duration(text).map(|duration| OptionalDuration(Some(duration))),
    }
}

/// Returns a parser of one of these words.
pub(crate) fn words<T>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err: Display + std::error::Error + Send + Sync + 'static> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| word.parse::<T>())
}

/// Returns the value of an option that may be repeated only with the same value: otherwise the last would win silently.
///
/// # Errors
/// A failure that names the option and both values.
pub(crate) fn single<'a, T: PartialEq + Debug>(option: &str, values: &'a [T]) -> Result<Option<&'a T>, Failure> {
    match values.iter().find(|value| **value != values[0]) {
        Some(other) => {
            Err(Failure::usage(format!("{option} is given twice, with {:?} and {other:?}: give it once", values[0])))
        }
        None => Ok(values.first()),
    }
}
