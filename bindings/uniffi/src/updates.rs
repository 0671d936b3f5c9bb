//! The updates of a wait, and its outcome.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use clanforge::monitor;
use clanforge_bindings::{BindingError, json};

use crate::error::{ClanforgeError, Result, configuration};
use crate::gate::Verdict;
use crate::models::{ImageRef, ImageStatus, into_handle};

/// Whether the counts describe the new version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Freshness {
    /// The start of the rollout was observed.
    Observed,
    /// Assumed for lack of evidence.
    Assumed,
    /// Not yet known.
    Unknown,
}

impl From<monitor::Freshness> for Freshness {
    fn from(freshness: monitor::Freshness) -> Self {
        match freshness {
            monitor::Freshness::Observed => Self::Observed,
            monitor::Freshness::Assumed => Self::Assumed,
            monitor::Freshness::Unknown => Self::Unknown,
        }
    }
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum OutcomeKind {
    /// The gate passed.
    Ready,
    /// More machines failed than the gate allows.
    Failed,
    /// There was no progress within the stall timeout.
    Stalled,
    /// The timeout passed.
    TimedOut,
    /// The start of the rollout was not observed.
    NotStarted,
    /// No reading succeeded within the maximum time unreachable.
    Unreachable,
}

impl TryFrom<monitor::OutcomeKind> for OutcomeKind {
    type Error = ClanforgeError;

    fn try_from(kind: monitor::OutcomeKind) -> Result<Self> {
        Ok(match kind {
            monitor::OutcomeKind::Ready => Self::Ready,
            monitor::OutcomeKind::Failed => Self::Failed,
            monitor::OutcomeKind::Stalled => Self::Stalled,
            monitor::OutcomeKind::TimedOut => Self::TimedOut,
            monitor::OutcomeKind::NotStarted => Self::NotStarted,
            monitor::OutcomeKind::Unreachable => Self::Unreachable,
            other => return Err(unknown("outcome", other)),
        })
    }
}

/// The change of the counts of an image between two readings. Values may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Changes {
    /// The change of pending machines.
    pub pending_machines: i64,
    /// The change of failed machines.
    pub failed_machines: i64,
    /// The change of completed machines.
    pub completed_machines: i64,
}

/// The estimated time until the gate passes, as a range that is right in about eight of ten cases.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct Estimate {
    /// The low end, in seconds.
    pub low_seconds: f64,
    /// The high end, in seconds.
    pub high_seconds: f64,
}

/// Why a reading failed.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct ReadFailure {
    /// The kind of error: `server`, `timeout` and so on, the same word in every language.
    pub kind: String,
    /// The error message.
    pub message: String,
    /// The HTTP status of the response, where there was one.
    #[uniffi(default = None)]
    pub status: Option<u16>,
    /// How long the service asked the client to wait, in seconds, where it did.
    #[uniffi(default = None)]
    pub retry_after_seconds: Option<f64>,
}

impl ReadFailure {
    pub(crate) fn into_core(self) -> Result<monitor::ReadFailure> {
        let Self { kind, message, status, retry_after_seconds } = self;
        let fields = serde_json::json!({
            "kind": kind, "message": message, "status": status, "retry_after_seconds": retry_after_seconds,
        });
        serde_json::from_value(fields).map_err(|problem| configuration(format!("invalid read failure: {problem}")))
    }
}

/// A reading that succeeded.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ReadingTaken {
    /// Seconds since the start of the wait.
    pub elapsed_seconds: f64,
    /// The status.
    pub status: Arc<ImageStatus>,
    /// The verdict of the gate on it.
    pub verdict: Verdict,
    /// The change since the previous reading; `None` for the first.
    pub changes: Option<Changes>,
    /// Whether the counts describe the new version.
    pub freshness: Freshness,
    /// The estimated time left; `None` where there is too little progress to estimate it.
    pub estimate: Option<Estimate>,
    /// Seconds until the next reading; `None` after the last.
    pub next_reading_seconds: Option<f64>,
}

/// A reading that failed. The wait continues, or ends with the next update.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ReadFailed {
    /// Seconds since the start of the wait.
    pub elapsed_seconds: f64,
    /// Why.
    pub error: ReadFailure,
    /// Seconds until the next reading; `None` where the wait ends.
    pub next_try_seconds: Option<f64>,
}

/// The outcome of a wait.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Outcome {
    /// How the wait ended.
    pub kind: OutcomeKind,
    /// Whether the gate passed.
    pub is_ready: bool,
    /// A sentence for people, with the cause and what to do.
    pub reason: String,
    /// Whether the counts describe the new version.
    pub freshness: Freshness,
    /// The image.
    pub image: ImageRef,
    /// The last status; `None` where no reading succeeded.
    pub status: Option<Arc<ImageStatus>>,
    /// The age of that status, in seconds.
    pub status_age_seconds: Option<f64>,
    /// The verdict of the gate on it.
    pub verdict: Option<Verdict>,
    /// The duration of the wait, in seconds.
    pub elapsed_seconds: f64,
    /// The number of readings that succeeded.
    pub readings: u64,
    /// The number of readings that failed.
    pub errors: u64,
    /// The outcome in JSON, in the format of the `wait -o json` output.
    pub json: String,
}

/// An event of a wait. The last update is the outcome.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Update {
    /// A reading succeeded.
    Reading {
        /// The reading.
        reading: ReadingTaken,
    },
    /// A reading failed.
    ReadFailed {
        /// The error and the next reading.
        failed: ReadFailed,
    },
    /// The wait ended.
    Ended {
        /// How.
        outcome: Outcome,
    },
}

impl TryFrom<monitor::Outcome> for Outcome {
    type Error = ClanforgeError;

    fn try_from(outcome: monitor::Outcome) -> Result<Self> {
        let text = json(&monitor::Update::Outcome(outcome.clone()));
        Ok(Self {
            kind: outcome.kind.try_into()?,
            is_ready: outcome.is_ready(),
            reason: outcome.reason,
            freshness: outcome.freshness.into(),
            image: outcome.image.into(),
            status: outcome.status.map(into_handle),
            status_age_seconds: seconds(outcome.status_age),
            verdict: outcome.verdict.map(Verdict::from),
            elapsed_seconds: outcome.elapsed.as_secs_f64(),
            readings: outcome.readings,
            errors: outcome.errors,
            json: text,
        })
    }
}

impl TryFrom<monitor::Update> for Update {
    type Error = ClanforgeError;

    fn try_from(update: monitor::Update) -> Result<Self> {
        Ok(match update {
            monitor::Update::Reading(reading) => Self::Reading {
                reading: ReadingTaken {
                    elapsed_seconds: reading.elapsed.as_secs_f64(),
                    status: into_handle(reading.status),
                    verdict: reading.verdict.into(),
                    changes: reading.changes.map(|changes| Changes {
                        pending_machines: changes.pending_machines,
                        failed_machines: changes.failed_machines,
                        completed_machines: changes.completed_machines,
                    }),
                    freshness: reading.freshness.into(),
                    estimate: reading.estimate.map(|estimate| Estimate {
                        low_seconds: estimate.low.as_secs_f64(),
                        high_seconds: estimate.high.as_secs_f64(),
                    }),
                    next_reading_seconds: seconds(reading.next),
                },
            },
            monitor::Update::ReadFailed(failed) => Self::ReadFailed {
                failed: ReadFailed {
                    elapsed_seconds: failed.elapsed.as_secs_f64(),
                    error: ReadFailure {
                        kind: failed.error.kind.as_str().to_owned(),
                        message: failed.error.message,
                        status: failed.error.status,
                        retry_after_seconds: seconds(failed.error.retry_after),
                    },
                    next_try_seconds: seconds(failed.next),
                },
            },
            monitor::Update::Outcome(outcome) => Self::Ended { outcome: outcome.try_into()? },
            other => return Err(unknown("update", json(&other))),
        })
    }
}

/// Returns the error for a value that the core has and these bindings do not.
fn unknown(what: &str, value: impl Display) -> ClanforgeError {
    BindingError::new(clanforge::ErrorKind::Internal, format!("the bindings do not know this {what}: {value}")).into()
}

pub(crate) fn seconds(duration: Option<Duration>) -> Option<f64> {
    duration.map(|duration| duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::{OutcomeKind, monitor};

    #[test]
    fn every_kind_of_outcome_crosses_the_ffi_boundary_as_its_own() {
        let kinds = monitor::OutcomeKind::ALL.map(OutcomeKind::try_from);
        for (index, kind) in kinds.iter().enumerate() {
            let kind = kind.as_ref().expect("the bindings know every kind");
            assert!(!kinds[..index].iter().flatten().any(|other| other == kind), "{kind:?} stands for two kinds");
        }
    }
}
