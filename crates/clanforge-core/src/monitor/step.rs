//! What goes into the state machine, and what comes out.

use std::time::Duration;

use super::outcome::Outcome;
use super::update::{ReadFailure, Update};
use crate::status::ImageStatus;

/// What came of asking the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A status.
    Status(ImageStatus),
    /// No status, after all retries that the reader itself makes.
    Failed(ReadFailure),
}

/// What to make of a reading, and what to do next.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What there is to tell.
    pub update: Update,
    /// What to do.
    pub next: Next,
}

/// What to do after a reading.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Read again.
    Read {
        /// After this long, counted from the reading.
        after: Duration,
        /// With the counts of each fleet and region, because the gate needs them.
        detail: bool,
    },
    /// Stop: the wait ended so.
    Finished(Box<Outcome>),
    /// Stop with the error of this reading, which no repetition mends.
    GiveUp,
}

impl Next {
    /// Returns the pause before the next reading, where there is one.
    pub const fn pause(&self) -> Option<Duration> {
        match self {
            Self::Read { after, .. } => Some(*after),
            Self::Finished(_) | Self::GiveUp => None,
        }
    }
}
