//! How a wait ended.

use std::fmt;
use std::time::Duration;

use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::seconds;
use super::version::Version;
use crate::exit_code::ExitCode;
use crate::gate::Verdict;
use crate::request::ImageRef;
use crate::status::{ImageStatus, Summary};

/// How a wait ended: a value, whether ready or not.
///
/// As JSON: `outcome` (the kind), `reason`, `freshness`, `image`, `status`, `status_age_seconds`, `summary`, `verdict`,
/// `elapsed_seconds`, `readings`, `errors`, `inconsistent`, with a `version`. `status`, its age, `summary` and `verdict` are null if
/// there was no reading.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Fields")]
pub struct Outcome {
    /// The kind of outcome.
    pub kind: OutcomeKind,
    /// A sentence that a person can act on.
    pub reason: String,
    /// How certain it is that the counts are the new version's.
    pub freshness: Freshness,
    /// The image.
    pub image: ImageRef,
    /// The last status; `None` if there was none.
    pub status: Option<ImageStatus>,
    /// How old that status is.
    pub status_age: Option<Duration>,
    /// The gate's verdict on it.
    pub verdict: Option<Verdict>,
    /// How long the wait took.
    pub elapsed: Duration,
    /// How many statuses were read.
    pub readings: u64,
    /// How many readings failed.
    pub errors: u64,
    /// How many readings went back on what was read shortly before, as if from a replica or cache that lags behind.
    pub inconsistent: u64,
}

/// The kinds of outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
/// Exhaustive on purpose: a program that takes an unknown value for proof would report a rollout that never started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// Returns true if the gate passed.
    pub const fn is_ready(&self) -> bool {
        matches!(self.kind, OutcomeKind::Ready)
    }

    /// Returns the outcome if the gate passed.
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

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            version: Version,
            outcome: OutcomeKind,
            reason: &'a str,
            freshness: Freshness,
            image: ImageRef,
            status: Option<&'a ImageStatus>,
            #[serde(with = "seconds::option")]
            status_age_seconds: Option<Duration>,
            summary: Option<Summary<'a>>,
            verdict: Option<&'a Verdict>,
            #[serde(with = "seconds")]
            elapsed_seconds: Duration,
            readings: u64,
            errors: u64,
            inconsistent: u64,
        }

        let written = Written {
            version: Version,
            outcome: self.kind,
            reason: &self.reason,
            freshness: self.freshness,
            image: self.image,
            status: self.status.as_ref(),
            status_age_seconds: self.status_age,
            summary: self.status.as_ref().map(ImageStatus::summary),
            verdict: self.verdict.as_ref(),
            elapsed_seconds: self.elapsed,
            readings: self.readings,
            errors: self.errors,
            inconsistent: self.inconsistent,
        };
        written.serialize(serializer)
    }
}

/// The fields that are deserialized: the summary follows from the status.
#[derive(Deserialize)]
struct Fields {
    #[serde(rename = "version")]
    _version: Version,
    outcome: OutcomeKind,
    reason: String,
    freshness: Freshness,
    image: ImageRef,
    status: Option<ImageStatus>,
    #[serde(with = "seconds::option")]
    status_age_seconds: Option<Duration>,
    verdict: Option<Verdict>,
    #[serde(with = "seconds")]
    elapsed_seconds: Duration,
    readings: u64,
    errors: u64,
    inconsistent: u64,
}

impl From<Fields> for Outcome {
    fn from(fields: Fields) -> Self {
        Self {
            kind: fields.outcome,
            reason: fields.reason,
            freshness: fields.freshness,
            image: fields.image,
            status: fields.status,
            status_age: fields.status_age_seconds,
            verdict: fields.verdict,
            elapsed: fields.elapsed_seconds,
            readings: fields.readings,
            errors: fields.errors,
            inconsistent: fields.inconsistent,
        }
    }
}

/// A wait that ended in any other way than ready.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.reason)]
pub struct NotReady(pub Box<Outcome>);
