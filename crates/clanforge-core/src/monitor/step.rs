//! What goes into the state machine, and what comes out.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use super::update::{ReadFailure, Update};
use crate::status::ImageStatus;

/// The result of reading the status once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A status.
    Status(ImageStatus),
    /// A status that a cache between the service and the driver had kept.
    Cached {
        /// The status.
        status: ImageStatus,
        /// How long it was kept: the response's `Age`.
        age: Duration,
    },
    /// No status: the reading failed.
    Failed(ReadFailure),
}

/// What a reading leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The event to show or record.
    pub update: Update,
    /// What to do next.
    pub next: Next,
}

/// What to do after a reading.
///
/// Exhaustive on purpose: a driver that ignored a new value would never end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// Read again. It has no JSON form: only an end is part of a snapshot.
    #[serde(skip)]
    Read {
        /// About this long after the reading.
        after: Duration,
        /// No sooner than this. Draw a random poll interval between this and `latest`, so that many waits do not poll in step.
        earliest: Duration,
        /// No later than this.
        latest: Duration,
        /// Whether the reading needs the counts of each fleet and region.
        detail: bool,
    },
    /// Stop with this outcome.
    Finished(Box<Outcome>),
    /// Stop with the error of this reading: it is permanent, or has lasted for too long.
    GiveUp,
}

impl Next {
    /// Returns the time until the next reading, if there is one.
    pub const fn poll_interval(&self) -> Option<Duration> {
        match self {
            Self::Read { after, .. } => Some(*after),
            Self::Finished(_) | Self::GiveUp => None,
        }
    }
}

/// A poll interval, and the bounds within which it is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pause {
    pub(super) after: Duration,
    pub(super) earliest: Duration,
    pub(super) latest: Duration,
}
