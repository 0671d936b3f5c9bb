//! How long it will still take: a range, from the completions that were seen.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::seconds;

/// The time left until the gate may pass, as a range that holds in about eight of ten cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// The low end.
    #[serde(rename = "low_seconds", with = "seconds")]
    pub low: Duration,
    /// The high end.
    #[serde(rename = "high_seconds", with = "seconds")]
    pub high: Duration,
}

/// The fewest completions, and the smallest share of the machines in percent, that an estimate is made from.
const FEWEST_COMPLETIONS: u64 = 5;
const SMALLEST_PERCENT: u64 = 3;

/// How much of the completions the pace is taken from: the later half, because the pace changes.
const PACE_PART: u64 = 2;

/// How many standard deviations the range reaches to either side: 80 % of a normal distribution.
const REACH: f64 = 1.2816;

/// How much wider than by counting alone: installs that run at once finish at once, and stragglers do not.
const WIDENING: f64 = 1.3;

#[derive(Clone, Debug, Default)]
pub(super) struct Estimator {
    /// When so many machines had been completed since the first reading; the oldest first.
    completions: VecDeque<(Duration, u64)>,
    last_completed: Option<u64>,
}

impl Estimator {
    pub(super) fn observe(&mut self, elapsed: Duration, completed: u64) {
        let before = self.last_completed.replace(completed);
        let so_far = self.completions.back().map_or(0, |(_, so_far)| *so_far);
        let more = before.map_or(0, |before| completed.saturating_sub(before));
        self.completions.push_back((elapsed, so_far + more));
        self.forget();
    }

    /// Returns the time until `left` more machines are completed, of `total` in all.
    pub(super) fn estimate(&self, left: u64, total: u64) -> Option<Estimate> {
        let &(now, completions) = self.completions.back()?;
        if completions < FEWEST_COMPLETIONS || completions * 100 < total.saturating_mul(SMALLEST_PERCENT) {
            return None;
        }
        let &(since, before) = self.completions.iter().rev().find(|(_, so_far)| is_old(*so_far, completions))?;
        let (counted, time) = (completions - before, now.saturating_sub(since));
        let middle = time.as_secs_f64() * float(left) / float(counted);
        let deviation = (1.0 / float(counted) + 1.0 / float(left.max(1))).sqrt() * WIDENING;
        let factor = (REACH * deviation).exp();
        Some(Estimate { low: duration(middle / factor)?, high: duration(middle * factor)? })
    }

    /// Lets go of what is older than any pace looks back.
    fn forget(&mut self) {
        let Some(&(_, completions)) = self.completions.back() else { return };
        while self.completions.get(1).is_some_and(|(_, so_far)| is_old(*so_far, completions)) {
            self.completions.pop_front();
        }
    }
}

/// Returns true where so many completions lie behind as the pace is taken from.
const fn is_old(so_far: u64, completions: u64) -> bool {
    so_far <= completions - completions / PACE_PART
}

#[allow(clippy::cast_precision_loss)] // A range needs no more digits than it has.
const fn float(machines: u64) -> f64 {
    machines as f64
}

/// Returns a duration in whole milliseconds: finer would only look exact.
fn duration(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64((seconds * 1000.0).round() / 1000.0).ok()
}
