//! Readings that failed one after another.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long a reading may itself take to fail.
const LONGEST_READING: Duration = Duration::from_secs(60);

/// Readings that failed one after another.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Outage {
    /// When the last of them was made.
    pub(crate) at: Duration,
    /// How long it has lasted, without the time that this computer was suspended.
    pub(crate) lasts: Duration,
    /// The poll interval after the last of them.
    pub(crate) pause: Duration,
}

impl Outage {
    /// Returns how long readings have failed by now. If a reading comes much later than it was due, this
    /// computer was suspended, and nothing failed in that time.
    pub(crate) fn lasts_until(self, elapsed: Duration) -> Duration {
        let gap = elapsed.saturating_sub(self.at).min(self.pause.saturating_add(LONGEST_READING));
        self.lasts.saturating_add(gap)
    }
}
