//! The events of a wait.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::outcome::{Freshness, Outcome};
use super::tracking::Estimate;
use crate::error_kind::ErrorKind;
use crate::gate::Verdict;
use crate::request::ImageRef;
use crate::seconds;
use crate::status::ImageStatus;
use crate::version::Version;

/// One event of a wait. The last is an outcome, unless the wait ends with an error.
///
/// As JSON: an object with `update` (`reading`, `read_failed` or `outcome`) and `version`, in addition to the event's fields;
/// durations are numbers of seconds under names that end in `_seconds`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(transform = crate::schema::describe("update", "Which event it is."))
)]
#[serde(tag = "update", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Update {
    /// A status was read.
    Reading(ReadingTaken),
    /// A reading failed.
    ReadFailed(ReadFailed),
    /// The wait ended.
    Outcome(Outcome),
}

impl Update {
    /// Returns the image.
    pub const fn image(&self) -> ImageRef {
        match self {
            Self::Reading(reading) => reading.image,
            Self::ReadFailed(failed) => failed.image,
            Self::Outcome(outcome) => outcome.image,
        }
    }

    /// Returns when it occurred, from the beginning of the wait.
    pub const fn elapsed(&self) -> Duration {
        match self {
            Self::Reading(reading) => reading.elapsed,
            Self::ReadFailed(failed) => failed.elapsed,
            Self::Outcome(outcome) => outcome.elapsed,
        }
    }
}

/// A status was read: its verdict, and what it means for the wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadingTaken {
    pub(super) version: Version,
    /// The image.
    pub image: ImageRef,
    /// The time since the beginning of the wait.
    #[serde(rename = "elapsed_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub elapsed: Duration,
    /// How old the response was: how long a cache had kept it.
    #[serde(rename = "age_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub age: Duration,
    /// The status.
    pub status: ImageStatus,
    /// The gate's verdict on it.
    pub verdict: Verdict,
    /// A sentence about where the wait stands: what it waits for, or the verdict.
    pub message: String,
    /// What the user should know beyond the message, each once in a wait.
    pub warnings: Vec<String>,
    /// How the counts changed since the previous reading; `None` for the first.
    pub changes: Option<Changes>,
    /// How certain it is that the counts are the new version's.
    pub freshness: Freshness,
    /// Whether the counts returned to an earlier state, as if from a replica or cache that lags behind.
    pub inconsistent: bool,
    /// The time left; `None` if there is nothing to estimate it from.
    pub estimate: Option<Estimate>,
    /// The time until the next reading; `None` if there is none.
    #[serde(rename = "next_reading_seconds", with = "seconds::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::seconds::Schema>"))]
    pub next: Option<Duration>,
}

/// A reading failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadFailed {
    pub(super) version: Version,
    /// The image.
    pub image: ImageRef,
    /// The time since the beginning of the wait.
    #[serde(rename = "elapsed_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub elapsed: Duration,
    /// Why the reading failed.
    pub error: ReadFailure,
    /// The time until the next reading; `None` if there is none.
    #[serde(rename = "next_reading_seconds", with = "seconds::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::seconds::Schema>"))]
    pub next: Option<Duration>,
}

/// Why a reading failed: what a wait needs to know about an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadFailure {
    /// The kind of the error.
    pub kind: ErrorKind,
    /// The error message.
    pub message: String,
    /// The HTTP status of the response, if there was one.
    pub status: Option<u16>,
    /// How long the service asked to wait before the next request.
    #[serde(rename = "retry_after_seconds", with = "seconds::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::seconds::Schema>"))]
    pub retry_after: Option<Duration>,
    /// The service's own message, if the response has the service's error format, which proxies do not use.
    pub service_message: Option<String>,
}

/// How the counts of the image changed between two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changes {
    /// The change in pending machines.
    pub pending_machines: i64,
    /// The change in failed machines.
    pub failed_machines: i64,
    /// The change in completed machines.
    pub completed_machines: i64,
}

impl Changes {
    pub(super) fn between(before: &ImageStatus, after: &ImageStatus) -> Self {
        Self {
            pending_machines: difference(before.pending_machines(), after.pending_machines()),
            failed_machines: difference(before.failed_machines(), after.failed_machines()),
            completed_machines: difference(before.completed_machines(), after.completed_machines()),
        }
    }

    /// Returns true if no count changed.
    pub const fn is_none(self) -> bool {
        self.pending_machines == 0 && self.failed_machines == 0 && self.completed_machines == 0
    }
}

/// Returns `after - before`, clamped to a signed 64-bit integer.
fn difference(before: u64, after: u64) -> i64 {
    let difference = i128::from(after) - i128::from(before);
    i64::try_from(difference).unwrap_or(if difference < 0 { i64::MIN } else { i64::MAX })
}
