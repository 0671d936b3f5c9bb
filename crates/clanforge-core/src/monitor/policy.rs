//! The options of a wait.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::gate::{Gate, Percentage};
use crate::seconds;
use crate::version::Version;

/// The options of a wait: its gate, its deadlines, and the rules by which it decides.
///
/// As JSON it is an object of its fields, durations as numbers of seconds under names that end in `_seconds`, with a
/// `version`; each field is optional, and an unknown field is an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Policy {
    version: Version,
    /// The caller's definition of ready.
    pub gate: Gate,
    /// The deadline of the whole wait, with a last reading at its end; `none` means no deadline.
    #[serde(rename = "timeout_seconds", with = "seconds::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::seconds::Schema>"))]
    pub timeout: Option<Duration>,
    /// How long a rollout may make no progress: neither a new maximum of completed nor a new minimum of pending
    /// machines. When machines are added, the minimum starts again from the pending machines at that time. A gap between
    /// readings counts as at most twice `max_interval`. One install takes 5 to 15 minutes, and all may run at once.
    #[serde(rename = "stall_timeout_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub stall_timeout: Duration,
    /// How many consecutive readings must agree before the wait ends as ready or failed.
    pub confirmations: u32,
    /// How long to wait for evidence of the new version. It starts again with each sign of activity: machines that start to
    /// install together, or complete, or a region that appears. Absent means 10 min with a baseline and 1 min without, and
    /// at most half of the timeout.
    #[serde(rename = "start_grace_seconds", with = "seconds::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<crate::seconds::Schema>"))]
    pub start_grace: Option<Duration>,
    /// The share of the machines that must start to install before the wait trusts the counts. Two consecutive readings must
    /// show it. In each region that the gate selects, at least half of the machines that were completed before must start too.
    pub evidence: Percentage,
    /// The wait ends as ready or failed no sooner than this after the last machines start to install. Set it above the lag
    /// of the caches and replicas between you and the service.
    #[serde(rename = "settle_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub settle: Duration,
    /// Never end as ready without evidence of the new version.
    pub require_fresh: bool,
    /// How long consecutive readings may fail before the wait ends as unreachable, or with the last error if it is a 401, 403,
    /// 404 or local error. If no reading has succeeded yet, or if the service itself reports it, a 401 or 403 ends
    /// the wait at once, and so does a 404 after the start grace.
    #[serde(rename = "max_unreachable_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub max_unreachable: Duration,
    /// End as failed as soon as too many machines have failed. If false, wait for the pending machines first. If no
    /// more machines have failed than in the baseline, the wait always waits for the pending machines first. With several
    /// images, the first that fails ends the wait for all.
    pub fail_fast: bool,
    /// The shortest poll interval, jitter included. Only a reading that is due at the end of the start grace, of the
    /// settle time or of the timeout may come sooner.
    #[serde(rename = "min_interval_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub min_interval: Duration,
    /// The longest poll interval, jitter included. Only a `Retry-After` of the service may make it longer.
    #[serde(rename = "max_interval_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub max_interval: Duration,
}

const GRACE_WITH_BASELINE: Duration = Duration::from_secs(10 * 60);
const GRACE_WITHOUT_BASELINE: Duration = Duration::from_secs(60);

impl Default for Policy {
    fn default() -> Self {
        Self {
            version: Version,
            gate: Gate::default(),
            timeout: Some(Duration::from_secs(60 * 60)),
            stall_timeout: Duration::from_secs(20 * 60),
            confirmations: 2,
            start_grace: None,
            evidence: Percentage::DEFAULT_EVIDENCE,
            settle: Duration::from_secs(2 * 60),
            require_fresh: false,
            max_unreachable: Duration::from_secs(5 * 60),
            fail_fast: true,
            min_interval: Duration::from_secs(2),
            max_interval: Duration::from_secs(2 * 60),
        }
    }
}

impl Policy {
    /// Returns how long to wait for evidence that the counts are the new version's.
    pub fn start_grace(&self, has_baseline: bool) -> Duration {
        let default = if has_baseline { GRACE_WITH_BASELINE } else { GRACE_WITHOUT_BASELINE };
        // Half of the timeout at most, so that there is time to confirm what is assumed then.
        let longest = self.timeout.map_or(Duration::MAX, |timeout| timeout / 2);
        self.start_grace.unwrap_or_else(|| default.min(longest))
    }

    /// Returns true if the timeout shortens the default of the start grace.
    pub(super) fn has_short_grace(&self, has_baseline: bool) -> bool {
        let unlimited = Self { timeout: None, ..self.clone() };
        self.start_grace(has_baseline) < unlimited.start_grace(has_baseline)
    }

    /// Checks that the options do not contradict each other, and that something can satisfy them.
    ///
    /// # Errors
    /// [`InvalidPolicy`], which names the fields.
    pub fn validate(&self) -> Result<(), InvalidPolicy> {
        let refuse = |problem: String| Err(InvalidPolicy(problem));
        let text = seconds::text;
        let durations = [
            ("timeout", self.timeout.unwrap_or(Duration::MAX)),
            ("stall_timeout", self.stall_timeout),
            ("max_unreachable", self.max_unreachable),
            ("min_interval", self.min_interval),
        ];
        if let Some((name, _)) = durations.iter().find(|(_, duration)| duration.is_zero()) {
            return refuse(format!("{name} is zero: it must be longer than 0 s"));
        }
        if self.min_interval > self.max_interval {
            let (min, max) = (text(self.min_interval), text(self.max_interval));
            return refuse(format!("min_interval ({min}) is longer than max_interval ({max})"));
        }
        if let (Some(grace), Some(timeout)) = (self.start_grace, self.timeout)
            && grace > timeout
        {
            return refuse(format!("timeout ({}) is shorter than start_grace ({})", text(timeout), text(grace)));
        }
        if self.confirmations == 0 {
            return refuse("confirmations is 0: it must be at least 1".to_owned());
        }
        if self.evidence == Percentage::ZERO {
            return refuse("evidence is 0%: it must be more than 0%".to_owned());
        }
        Ok(())
    }
}

/// Why a policy is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid policy: {0}")]
pub struct InvalidPolicy(pub(super) String);
