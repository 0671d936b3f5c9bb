//! What is known of a wait while it is shown.

use std::time::{Duration, Instant};

use clanforge::monitor::{Changes, Outcome, ReadFailed, ReadingTaken, Update};

pub(crate) struct WaitState {
    /// How long the wait had lasted at a moment, by its own clock: that of a simulation may have skipped time.
    elapsed: (Duration, Instant),
    pub(super) last_reading: Option<LastReading>,
    /// The last reading, if it failed.
    pub(super) last_failure: Option<ReadFailed>,
    /// How the wait ended.
    pub(super) outcome: Option<Outcome>,
}

pub(super) struct LastReading {
    pub(super) at: Instant,
    pub(super) reading: Box<ReadingTaken>,
}

impl WaitState {
    pub(super) const fn new(start: Instant) -> Self {
        Self { elapsed: (Duration::ZERO, start), last_reading: None, last_failure: None, outcome: None }
    }

    /// Applies an update, and returns true if it changed something that people want to know.
    pub(super) fn apply(&mut self, update: &Update, now: Instant) -> bool {
        self.elapsed = (update.elapsed(), now);
        match update {
            Update::Reading(reading) => {
                let has_failed = self.last_failure.take().is_some();
                let last = self.last_reading.replace(LastReading { at: now, reading: Box::new(reading.clone()) });
                let has_same_counts = reading.changes.is_some_and(Changes::is_none);
                !has_same_counts || has_failed || last.is_none_or(|last| last.reading.freshness != reading.freshness)
            }
            Update::ReadFailed(failed) => self.last_failure.replace(failed.clone()).is_none(),
            Update::Outcome(outcome) => {
                self.outcome = Some(outcome.clone());
                false
            }
            // No other update changes what is shown.
            _ => false,
        }
    }

    /// Returns how long the wait has lasted.
    pub(super) fn elapsed(&self, now: Instant) -> Duration {
        let (elapsed, since) = self.elapsed;
        elapsed + (now - since)
    }
}

impl LastReading {
    /// Returns what is odd about the reading, after a comma: its age, if a cache had kept it, and that it contradicts
    /// earlier ones.
    pub(super) fn quality(&self) -> String {
        let ReadingTaken { age, inconsistent, .. } = *self.reading;
        let age = if age.is_zero() { String::new() } else { format!(", {} old", clock(age)) };
        format!("{age}{}", if inconsistent { ", inconsistent with earlier readings" } else { "" })
    }

    /// Returns the estimate of the time left, after a comma: `, 3:00 to 5:00 left`. Empty if there is none.
    pub(super) fn time_left(&self) -> String {
        let estimate = self.reading.estimate;
        estimate.map_or(String::new(), |left| format!(", {} to {} left", clock(left.low), clock(left.high)))
    }
}

/// Returns a duration as `3:07`, or as `1:03:07` from an hour on.
pub(crate) fn clock(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds % 3600 / 60, seconds % 60),
    }
}
