//! The time left, as a range, from the pace of the completions so far.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::seconds;

/// The time left until the gate may pass, as a range that is right in about eight of ten cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Estimate {
    /// The low end.
    #[serde(rename = "low_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub low: Duration,
    /// The high end.
    #[serde(rename = "high_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub high: Duration,
}

/// The fewest completions, and the smallest share of the machines in percent, that an estimate needs.
const FEWEST_COMPLETIONS: u64 = 5;
const SMALLEST_PERCENT: u64 = 3;

/// At most the latest half of the completions determine the pace, because it changes during a rollout.
const PACE_PART: u64 = 2;

/// The probability that the time left is below the low end, and the same for above the high end.
const TAIL: f64 = 0.1;

/// The same as a number of standard deviations of a normal distribution.
const REACH: f64 = 1.2816;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Pace {
    /// Times with the number of completions since the first reading; the oldest first.
    completions: VecDeque<(Duration, u64)>,
    last_completed: Option<u64>,
}

/// A number of completions, and the seconds that they took.
struct Recent {
    counted: f64,
    time: f64,
}

impl Pace {
    /// Returns true if no number is below an earlier one: what was read from a file may be damaged.
    pub(crate) fn is_consistent(&self) -> bool {
        self.completions.iter().is_sorted_by_key(|(_, so_far)| so_far)
    }

    pub(crate) fn observe(&mut self, elapsed: Duration, completed: u64) {
        let before = self.last_completed.replace(completed);
        let so_far = self.completions.back().map_or(0, |(_, so_far)| *so_far);
        let more = before.map_or(0, |before| completed.saturating_sub(before));
        self.completions.push_back((elapsed, so_far.saturating_add(more)));
        self.forget();
    }

    /// Returns the time until `left` more machines are completed, of `total` in all.
    pub(crate) fn estimate(&self, left: u64, total: u64) -> Option<Estimate> {
        let (_, completions) = self.completions.back()?;
        if completions.saturating_mul(100) < total.saturating_mul(SMALLEST_PERCENT) {
            return None;
        }
        let Recent { counted, time } = self.recent(left)?;
        // If installs run in a pool, machines complete at an even pace until the last. If all run at once, each machine
        // that is left is as likely to complete as before, so the pace falls with their number. Rollouts lie in
        // between, so the range covers both.
        let (pace, chance) = (counted / time, self.chance(left)?);
        let left = float(left.max(1));
        let at_once = falling(left, TAIL) / chance;
        // The last machines all install at once, with or without a pool.
        let low = if left <= counted { at_once } else { at_once.min(even(left, -REACH) / pace) };
        let high = (even(left, REACH) / pace).max(falling(left, 1.0 - TAIL) / chance);
        // The more completions, the more certain the pace.
        let doubt = (0.5 * REACH / counted.sqrt()).exp();
        Some(Estimate { low: duration(low / doubt)?, high: duration(high * doubt)? })
    }

    /// Returns the probability that one of `left` machines completes within a second, if all of them install at once.
    pub(crate) fn chance(&self, left: u64) -> Option<f64> {
        let Recent { counted, time } = self.recent(left)?;
        Some(counted / (time * (float(left.max(1)) + counted / 2.0)))
    }

    /// Returns the latest completions: as many as machines are left, within bounds, because the pace changes.
    fn recent(&self, left: u64) -> Option<Recent> {
        let &(now, completions) = self.completions.back()?;
        let most = (completions / PACE_PART).max(FEWEST_COMPLETIONS);
        let looked_at = left.clamp(FEWEST_COMPLETIONS, most);
        let &(since, before) = self.completions.iter().rev().find(|(_, so_far)| completions - so_far >= looked_at)?;
        let recent = Recent { counted: float(completions - before), time: now.saturating_sub(since).as_secs_f64() };
        (recent.time > 0.0).then_some(recent)
    }

    /// Drops completions that are too old for any pace.
    fn forget(&mut self) {
        let Some(&(_, completions)) = self.completions.back() else { return };
        let most = (completions / PACE_PART).max(FEWEST_COMPLETIONS);
        while self.completions.get(1).is_some_and(|(_, so_far)| completions - so_far >= most) {
            self.completions.pop_front();
        }
    }
}

/// Returns the time until `n` machines have completed one after another, in multiples of the mean time between two completions, at a number of standard
/// deviations from the mean: the quantile of a gamma distribution, by the Wilson-Hilferty approximation.
fn even(n: f64, deviations: f64) -> f64 {
    n * (1.0 - 1.0 / (9.0 * n) + deviations / (3.0 * n.sqrt())).max(0.05).powi(3)
}

/// Returns the time until the last of `n` machines that install at once has completed, in mean install times: the
/// quantile of the maximum of `n` exponential times.
fn falling(n: f64, probability: f64) -> f64 {
    -(1.0 - probability.powf(1.0 / n)).ln()
}

#[allow(clippy::cast_precision_loss)] // A range needs no more digits.
pub(crate) const fn float(machines: u64) -> f64 {
    machines as f64
}

/// Returns a duration in whole milliseconds: more digits would suggest a precision that it lacks.
fn duration(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64((seconds * 1000.0).round() / 1000.0).ok()
}
