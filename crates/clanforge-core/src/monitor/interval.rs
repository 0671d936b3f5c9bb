//! When to read next.

use std::time::Duration;

use super::machine::{Monitor, machines_left};
use super::outcome::Freshness;

/// The poll interval until the rollout starts.
const START_INTERVAL: Duration = Duration::from_secs(5);

/// After a failed reading, the pause is this part of the time for which readings have failed.
const OUTAGE_PART: u32 = 4;

impl Monitor {
    /// Returns the pause after a status.
    pub(super) fn pause(&self, elapsed: Duration) -> Duration {
        let is_believed = self.freshness(elapsed) != Freshness::Unknown;
        let pause = if self.streak.kind.is_some() || (!is_believed && self.evidence.is_near()) {
            // The next reading may confirm it.
            self.policy.min_interval
        } else if !is_believed {
            START_INTERVAL
        } else {
            self.forecast_pause(elapsed)
        };
        let pause = pause.clamp(self.policy.min_interval, self.policy.max_interval).min(self.time_left(elapsed));
        match self.policy.start_grace(self.has_baseline).checked_sub(elapsed) {
            // The wait may end when the grace does, so a reading is due then.
            Some(grace_left) if !is_believed && !grace_left.is_zero() => pause.min(grace_left),
            _ => pause,
        }
    }

    /// Returns the pause after a failed reading, where readings have failed for `lasts`.
    pub(super) fn pause_after_failure(
        &self,
        elapsed: Duration,
        lasts: Duration,
        retry_after: Option<Duration>,
    ) -> Duration {
        let retry = (lasts / OUTAGE_PART).max(self.policy.min_interval);
        // However long the service asks to wait, the outage may last no longer than the policy allows.
        let asked = retry_after.unwrap_or_default().min(self.policy.max_unreachable.saturating_sub(lasts));
        let pause = retry.max(self.pause_worth_it(elapsed)).min(self.policy.max_interval).max(asked);
        pause.min(self.time_left(elapsed))
    }

    pub(super) fn is_over(&self, elapsed: Duration) -> bool {
        self.policy.timeout.is_some_and(|timeout| elapsed >= timeout)
    }

    fn time_left(&self, elapsed: Duration) -> Duration {
        self.policy.timeout.map_or(Duration::MAX, |timeout| timeout.saturating_sub(elapsed))
    }

    /// Returns the pause before which a reading gains nothing, however soon the service may respond again.
    fn pause_worth_it(&self, elapsed: Duration) -> Duration {
        let is_near =
            self.last.is_none() || self.streak.kind.is_some() || self.freshness(elapsed) == Freshness::Unknown;
        // A few failed readings must not add up to unreachable, so several fit into that time.
        if is_near { Duration::ZERO } else { self.forecast_pause(elapsed).min(self.policy.max_unreachable / 6) }
    }

    /// Returns the pause that the forecast of the remaining installs suggests.
    fn forecast_pause(&self, elapsed: Duration) -> Duration {
        let left = self.last.as_ref().map_or(0, |seen| machines_left(&seen.verdict));
        // If the gate lacks something other than machines, there is nothing to forecast.
        let longest = self.policy.max_interval;
        self.forecast.pause(elapsed, left.max(1), longest, &self.pace).unwrap_or(longest)
    }
}
