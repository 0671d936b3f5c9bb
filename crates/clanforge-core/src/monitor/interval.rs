//! When to read next.

use std::time::Duration;

use super::machine::{Monitor, machines_left};
use super::outcome::Freshness;
use super::policy::Policy;
use super::step::Pause;

/// The poll interval until the rollout starts.
const START_INTERVAL: Duration = Duration::from_secs(5);

/// The poll interval until each stage of a rollout has started, once one has.
const STAGE_INTERVAL: Duration = Duration::from_secs(12);

/// The poll interval after a failed reading is the time for which readings have failed, divided by this.
const OUTAGE_PART: u32 = 6;

/// The random part of a poll interval is at most the interval divided by this, so that many waits do not poll in step: to
/// either side after a status, only longer after a failed reading. The first poll interval may be any shorter one.
const JITTER: u32 = 10;

impl Monitor {
    /// Returns the poll interval after a status.
    pub(super) fn pause(&self, elapsed: Duration, now: Duration) -> Pause {
        let Policy { min_interval, max_interval, .. } = self.policy;
        let is_believed = self.freshness() != Freshness::Unknown;
        let pause = if self.streak.kind.is_some() || (!is_believed && self.evidence.is_near()) {
            // The next reading may confirm the outcome, or complete the evidence.
            min_interval
        } else if !is_believed {
            if self.evidence.laggards().is_empty() { START_INTERVAL } else { STAGE_INTERVAL }
        } else if self.has_suggested_outcome {
            // Until the counts have settled, nothing confirms it.
            max_interval
        } else {
            self.forecast_pause(now)
        };
        let after = pause.clamp(min_interval, max_interval);
        // The wait may end at any of these, so a reading is due then.
        let settled = self.evidence.unsettled_for(now).filter(|_| self.has_suggested_outcome);
        let grace = Some(self.grace_left(now)).filter(|left| !is_believed && !left.is_zero());
        let end = [settled, grace].into_iter().flatten().fold(self.time_left(elapsed), Duration::min);
        if end <= after {
            return Pause { after: end, earliest: end, latest: end };
        }
        // Waits that begin together do not read together.
        let is_first = self.readings + self.errors == 1;
        let earliest = if is_first { after / JITTER } else { after.saturating_sub(after / JITTER) };
        let latest = after.saturating_add(after / JITTER).min(max_interval).min(end);
        Pause { after, earliest: earliest.max(min_interval), latest }
    }

    /// Returns the poll interval after a failed reading, if readings have failed for `lasts`.
    pub(super) fn pause_after_failure(
        &self,
        elapsed: Duration,
        lasts: Duration,
        retry_after: Option<Duration>,
    ) -> Pause {
        let retry = (lasts / OUTAGE_PART).max(self.policy.min_interval);
        // However long the service asks to wait, the outage may last no longer than the policy allows.
        let asked = retry_after.unwrap_or_default().min(self.policy.max_unreachable.saturating_sub(lasts));
        let pause = retry.max(self.pause_worth_it(elapsed)).min(self.policy.max_interval).max(asked);
        let after = pause.min(self.time_left(elapsed));
        let longest = self.policy.max_interval.max(after).min(self.time_left(elapsed));
        // No sooner than decided, because the service may have asked for it.
        Pause { after, earliest: after, latest: after.saturating_add(after / JITTER).min(longest) }
    }

    pub(super) fn is_over(&self, elapsed: Duration) -> bool {
        self.policy.timeout.is_some_and(|timeout| elapsed >= timeout)
    }

    fn time_left(&self, elapsed: Duration) -> Duration {
        self.policy.timeout.map_or(Duration::MAX, |timeout| timeout.saturating_sub(elapsed))
    }

    /// Returns the poll interval below which a reading gains nothing, however soon the service may respond again.
    fn pause_worth_it(&self, elapsed: Duration) -> Duration {
        let is_near = self.last.is_none() || self.streak.kind.is_some() || self.freshness() == Freshness::Unknown;
        // A few failed readings must not end the wait as unreachable, so at least six fit into that time.
        if is_near { Duration::ZERO } else { self.forecast_pause(elapsed).min(self.policy.max_unreachable / 6) }
    }

    /// Returns the poll interval that the forecast of the remaining installs suggests.
    fn forecast_pause(&self, elapsed: Duration) -> Duration {
        let left = self.last.as_ref().map_or(0, |seen| machines_left(&seen.verdict));
        // If the gate lacks something other than machines, there is nothing to forecast.
        let longest = self.policy.max_interval;
        self.forecast.pause(elapsed, left.max(1), longest, &self.pace).unwrap_or(longest)
    }
}
