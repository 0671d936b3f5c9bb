//! What there is to tell while waiting, and how it ends.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use clanforge::monitor;
use clanforge_bindings::{Fault, json};

use crate::error::{ClanforgeError, Result, configuration};
use crate::gate::Verdict;
use crate::models::{ImageRef, ImageStatus, made};

/// How sure it is that the counts are the new version's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Freshness {
    /// The rollout was seen to begin.
    Observed,
    /// Assumed for want of proof.
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

/// What kind of end a wait came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum OutcomeKind {
    /// The gate passed.
    Ready,
    /// More machines failed than the gate allows.
    Failed,
    /// There was no progress for too long.
    Stalled,
    /// It took too long all in all.
    TimedOut,
    /// The rollout was not seen to begin.
    NotStarted,
    /// The service could not be read for too long.
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

/// How the counts of the image changed between two readings; each may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Changes {
    /// Those with an install pending.
    pub pending_machines: i64,
    /// Those that were unable to install.
    pub failed_machines: i64,
    /// Those that are fully installed.
    pub completed_machines: i64,
}

/// The time left until the gate may pass, as a range that holds in about eight of ten cases.
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
    /// What kind of thing went wrong: `server`, `timeout` and so on, the same word in every language.
    pub kind: String,
    /// The error in words.
    pub message: String,
    /// The HTTP status of the answer, where there was one.
    #[uniffi(default = None)]
    pub status: Option<u16>,
    /// How long the service asked to wait, in seconds, where it did.
    #[uniffi(default = None)]
    pub retry_after_seconds: Option<f64>,
}

impl ReadFailure {
    pub(crate) fn checked(self) -> Result<monitor::ReadFailure> {
        let Self { kind, message, status, retry_after_seconds } = self;
        let fields = serde_json::json!({
            "kind": kind, "message": message, "status": status, "retry_after_seconds": retry_after_seconds,
        });
        serde_json::from_value(fields).map_err(|problem| configuration(format!("invalid failure: {problem}")))
    }
}

/// A status was read, and this was made of it.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ReadingTaken {
    /// When, in seconds from the beginning of the wait.
    pub elapsed_seconds: f64,
    /// The status.
    pub status: Arc<ImageStatus>,
    /// What the gate says of it.
    pub verdict: Verdict,
    /// How the counts changed since the reading before; nothing for the first.
    pub changes: Option<Changes>,
    /// How sure it is that the counts are the new version's.
    pub freshness: Freshness,
    /// The time left; nothing where nothing can be said.
    pub estimate: Option<Estimate>,
    /// The pause before the next reading, in seconds; nothing where there is none.
    pub next_reading_seconds: Option<f64>,
}

/// A reading failed; the wait goes on, or ends with the next update.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ReadFailed {
    /// When, in seconds from the beginning of the wait.
    pub elapsed_seconds: f64,
    /// Why.
    pub error: ReadFailure,
    /// The pause before the next try, in seconds; nothing where there is none.
    pub next_try_seconds: Option<f64>,
}

/// How a wait ended: a value, whatever the end.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Outcome {
    /// What kind of end it was.
    pub kind: OutcomeKind,
    /// Whether the gate passed.
    pub is_ready: bool,
    /// A sentence that a person can act on.
    pub reason: String,
    /// How sure it is that the counts are the new version's.
    pub freshness: Freshness,
    /// The image.
    pub image: ImageRef,
    /// The last status; nothing where there was none.
    pub status: Option<Arc<ImageStatus>>,
    /// How old that status is, in seconds.
    pub status_age_seconds: Option<f64>,
    /// What the gate says of it.
    pub verdict: Option<Verdict>,
    /// How long the wait took, in seconds.
    pub elapsed_seconds: f64,
    /// How many statuses were read.
    pub readings: u64,
    /// How many readings failed.
    pub errors: u64,
    /// The outcome as the command's `wait -o json` writes it.
    pub json: String,
}

/// One event of a wait. The last is the outcome.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Update {
    /// A status was read.
    Reading {
        /// What was made of it.
        reading: ReadingTaken,
    },
    /// A reading failed.
    ReadFailed {
        /// Why, and what follows.
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
            status: outcome.status.map(made),
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
                    status: made(reading.status),
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
    Fault::new(clanforge::ErrorKind::Internal, format!("the bindings do not know this {what}: {value}")).into()
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
