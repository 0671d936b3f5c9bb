//! Values of options that clap cannot parse by itself.

use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use humantime::parse_duration;

/// A duration, or `none`.
#[derive(Clone, Copy)]
pub(crate) struct OptionalDuration(pub(crate) Option<Duration>);

pub(crate) fn parse_optional_duration(text: &str) -> Result<OptionalDuration, humantime::DurationError> {
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
