//! Times as in RFC 3339, in UTC and whole seconds: `2026-01-31T12:00:00Z`.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Deserializer, Serializer, de};

/// Why a text is not a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid time {0:?}: expected a time in UTC such as 2026-01-31T12:00:00Z")]
pub struct InvalidTimestamp(String);

/// Returns the time that a text holds.
///
/// # Errors
/// [`InvalidTimestamp`] if it holds none, or one that is not in UTC.
pub fn parse(text: &str) -> Result<SystemTime, InvalidTimestamp> {
    humantime::parse_rfc3339(text).map_err(|_| InvalidTimestamp(text.chars().take(80).collect()))
}

/// Returns a time as text. A time outside of the years 1970 to 9999 becomes the nearest within.
pub fn text(time: SystemTime) -> String {
    let last = SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_799);
    humantime::format_rfc3339_seconds(time.clamp(SystemTime::UNIX_EPOCH, last)).to_string()
}

/// Returns a time without fractions of a second, as it is written.
pub(crate) fn whole_seconds(time: SystemTime) -> SystemTime {
    let since_epoch = time.duration_since(SystemTime::UNIX_EPOCH);
    since_epoch.map_or(time, |since| SystemTime::UNIX_EPOCH + Duration::from_secs(since.as_secs()))
}

#[allow(clippy::trivially_copy_pass_by_ref)] // Serde requires this signature.
pub(crate) fn serialize<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(*time))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SystemTime, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

/// An optional time: `null` if absent.
pub(crate) mod option {
    use std::time::SystemTime;

    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    #[allow(clippy::ref_option)] // Serde requires this signature.
    pub(crate) fn serialize<S: Serializer>(time: &Option<SystemTime>, serializer: S) -> Result<S::Ok, S::Error> {
        time.map(super::text).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SystemTime>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| super::parse(&text).map_err(de::Error::custom)).transpose()
    }
}

/// The JSON Schema of a time.
#[cfg(feature = "schema")]
pub(crate) struct Schema;

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Schema {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date-time"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_out_of_range_is_written_as_the_nearest_within() {
        let hour = Duration::from_secs(3600);
        assert_eq!(text(SystemTime::UNIX_EPOCH - hour), "1970-01-01T00:00:00Z");
        assert_eq!(text(SystemTime::UNIX_EPOCH + 8760 * 10_000 * hour), "9999-12-31T23:59:59Z");
    }
}
