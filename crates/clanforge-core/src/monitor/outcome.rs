//! How a wait ended.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::exit_code::ExitCode;
use crate::gate::Verdict;
use crate::request::ImageRef;
use crate::seconds;
use crate::status::ImageStatus;
use crate::version::Version;

/// How a wait ended, whether ready or not.
///
/// As JSON: `outcome` (the kind), `reason`, `freshness`, `image`, `status`, `status_age_seconds`, `summary`, `verdict`,
/// `elapsed_seconds`, `readings`, `errors`, `inconsistent`, `warnings`, with a `version`. `status`, its age, `summary` and
/// `verdict` are null if there was no reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outcome {
    pub(super) version: Version,
    /// How the wait ended.
    #[serde(rename = "outcome")]
    #[cfg_attr(feature = "schema", schemars(extend("x-name" = "kind")))]
    pub kind: OutcomeKind,
    /// A sentence that a person can act on.
    pub reason: String,
    /// Whether the counts are known to be those of the new version.
    pub freshness: Freshness,
    /// The image.
    pub image: ImageRef,
    /// The last status; absent if there was no reading.
    #[serde(flatten, with = "status_and_summary")]
    #[cfg_attr(feature = "schema", schemars(with = "status_and_summary::Written<'_>"))]
    pub status: Option<ImageStatus>,
    /// The age of that status; absent if there was no reading.
    #[serde(rename = "status_age_seconds", with = "seconds::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::seconds::Schema>"))]
    pub status_age: Option<Duration>,
    /// The verdict of the gate on that status; absent if there was no reading.
    pub verdict: Option<Verdict>,
    /// The duration of the wait.
    #[serde(rename = "elapsed_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub elapsed: Duration,
    /// The number of statuses that were read.
    pub readings: u64,
    /// The number of readings that failed.
    pub errors: u64,
    /// The number of readings that returned to an earlier state, as if from a replica or cache that lags behind.
    pub inconsistent: u64,
    /// Every warning of the wait.
    pub warnings: Vec<String>,
}

/// The kinds of outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transform = with_exit_codes))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OutcomeKind {
    /// The gate passed, in as many consecutive readings as the policy requires.
    Ready,
    /// More machines failed than the gate allows.
    Failed,
    /// There was no progress for too long.
    Stalled,
    /// The timeout of the wait expired.
    TimedOut,
    /// There was no evidence that the counts are the new version's.
    NotStarted,
    /// The service could not be read for too long.
    Unreachable,
}

/// How certain a wait is that the counts are the new version's.
///
/// Exhaustive on purpose: a program that takes an unknown value for evidence would report a rollout as ready that never started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Machines were seen to leave the completed state together, as at the start of a rollout.
    Observed,
    /// There is no evidence, and the policy did not require it.
    Assumed,
    /// Not yet known.
    Unknown,
}

impl Outcome {
    /// Returns true if the wait ended as ready.
    pub const fn is_ready(&self) -> bool {
        matches!(self.kind, OutcomeKind::Ready)
    }

    /// Returns the outcome if the wait ended as ready.
    ///
    /// # Errors
    /// [`NotReady`], which holds the outcome, if the wait ended in any other way.
    pub fn into_result(self) -> Result<Self, NotReady> {
        if self.is_ready() { Ok(self) } else { Err(NotReady(Box::new(self))) }
    }
}

impl OutcomeKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 6] =
        [Self::Ready, Self::Failed, Self::Stalled, Self::TimedOut, Self::NotStarted, Self::Unreachable];

    /// Returns the exit code of a command that ends with an outcome of this kind.
    pub const fn exit_code(self) -> ExitCode {
        match self {
            Self::Ready => ExitCode::Ready,
            Self::Failed => ExitCode::Failed,
            Self::Stalled => ExitCode::Stalled,
            Self::TimedOut => ExitCode::TimedOut,
            Self::NotStarted => ExitCode::NotStarted,
            Self::Unreachable => ExitCode::Unreachable,
        }
    }

    /// Returns the name that JSON and other languages use, such as `timed_out`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Stalled => "stalled",
            Self::TimedOut => "timed_out",
            Self::NotStarted => "not_started",
            Self::Unreachable => "unreachable",
        }
    }
}

#[cfg(feature = "schema")]
fn with_exit_codes(schema: &mut schemars::Schema) {
    crate::exit_code::add_to_schema(schema, &OutcomeKind::ALL, OutcomeKind::exit_code);
}

impl fmt::Display for OutcomeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Freshness {
    /// Returns the name that JSON and other languages use: `observed`, `assumed` or `unknown`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Assumed => "assumed",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Freshness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The status of an outcome as JSON, with the summary that follows from it.
mod status_and_summary {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::status::{ImageStatus, Summary};

    #[derive(Serialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub(super) struct Written<'a> {
        /// The last status; absent if there was no reading.
        status: Option<&'a ImageStatus>,
        /// What the counts of that status say; absent if there was no reading.
        #[cfg_attr(feature = "schema", schemars(extend("x-derived" = true)))]
        summary: Option<Summary<'a>>,
    }

    #[derive(Deserialize)]
    struct Read {
        status: Option<ImageStatus>,
    }

    #[allow(clippy::ref_option)] // This is how serde calls it.
    pub(super) fn serialize<S: Serializer>(status: &Option<ImageStatus>, serializer: S) -> Result<S::Ok, S::Error> {
        let status = status.as_ref();
        Written { status, summary: status.map(ImageStatus::summary) }.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ImageStatus>, D::Error> {
        Ok(Read::deserialize(deserializer)?.status)
    }
}

/// A wait that ended in any other way than ready.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.reason)]
pub struct NotReady(pub Box<Outcome>);
