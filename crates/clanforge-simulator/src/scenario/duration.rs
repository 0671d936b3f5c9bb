//! Durations as scenario files write them: `90s`, `2m`.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// The longest duration that a scenario may name.
const MAX_DURATION: Duration = Duration::from_secs(366 * 24 * 3600);

pub(crate) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    parse_duration(&String::deserialize(deserializer)?)
}

pub(crate) fn optional_duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    duration(deserializer).map(Some)
}

pub(crate) fn durations<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
    Vec::<String>::deserialize(deserializer)?.iter().map(|text| parse_duration(text)).collect()
}

pub(crate) fn parse_duration<E: serde::de::Error>(text: &str) -> Result<Duration, E> {
    let duration = humantime::parse_duration(text)
        .map_err(|error| E::custom(format!("invalid duration `{text}`: {error}; give one such as 90s or 2m 30s")))?;
    match duration > MAX_DURATION {
        true => Err(E::custom(format!("duration `{text}` is longer than a year"))),
        false => Ok(duration),
    }
}

/// The JSON Schema of a duration.
#[cfg(feature = "schema")]
pub(crate) struct Schema;

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Schema {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duration".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "examples": ["90s", "2m 30s"]})
    }
}
