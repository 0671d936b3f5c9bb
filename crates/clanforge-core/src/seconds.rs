//! Durations: numbers of seconds in JSON (`#[serde(with = "clanforge_core::seconds")]`), and readable text in sentences.

use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::Serializer;

/// The longest duration that options accept: about 31 years, which overflows no clock.
pub const LONGEST: Duration = Duration::from_secs(1_000_000_000);

/// Writes a duration as a number of seconds.
pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

/// Reads a duration from a number of seconds.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) => Ok(duration),
        // More than a duration can hold is treated as the longest duration.
        Err(_) if seconds.is_finite() && seconds > 0.0 => Ok(Duration::MAX),
        Err(error) => Err(D::Error::custom(format!("invalid number of seconds {seconds}: {error}"))),
    }
}

/// An optional duration: `null` if absent.
pub mod option {
    use super::{Deserialize, Deserializer, Duration, Serializer};

    /// Writes a duration as a number of seconds, or `null`.
    #[allow(clippy::ref_option)] // Serde requires this signature.
    pub fn serialize<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        match duration {
            Some(duration) => super::serialize(duration, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a duration from a number of seconds, or `null`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        #[derive(serde::Deserialize)]
        struct Seconds(#[serde(with = "super")] Duration);

        Ok(Option::<Seconds>::deserialize(deserializer)?.map(|Seconds(duration)| duration))
    }
}

/// The JSON Schema of a duration.
#[cfg(feature = "schema")]
pub struct Schema;

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Schema {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Seconds".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "number", "minimum": 0})
    }
}

/// Returns a duration as text for a sentence: `90 s`, `20 min`, `1.5 s`.
pub(crate) fn text(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds == 0 && duration.subsec_nanos() > 0 && duration.subsec_millis() < 100 {
        format!("{} ms", duration.as_secs_f64() * 1000.0)
    } else if duration.subsec_nanos() > 0 && seconds < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else if seconds >= 120 || seconds == 60 {
        match seconds % 60 {
            0 => format!("{} min", seconds / 60),
            rest => format!("{} min {rest} s", seconds / 60),
        }
    } else {
        format!("{seconds} s")
    }
}
