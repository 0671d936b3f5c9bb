//! The state machine: takes readings and decides after each whether to read again, and when, or how the wait ends.

use std::time::Duration;

use super::baseline::Baseline;
use super::outcome::{Freshness, Outcome, OutcomeKind};
use super::policy::{InvalidPolicy, Policy};
use super::step::{Next, Reading, Step};
use super::tracking::{Estimate, Evidence, Forecast, Outage, Pace, Progress, Streak};
use super::update::{Changes, ReadFailed, ReadFailure, ReadingTaken, Update};
use crate::error_kind::ErrorKind;
use crate::gate::{CountName, Verdict};
use crate::request::ImageRef;
use crate::seconds;
use crate::status::ImageStatus;
use crate::version::Version;

/// Decides from readings whether a rollout is ready, has failed, or needs more time.
#[derive(Clone, Debug)]
pub struct Monitor {
    pub(super) policy: Policy,
    pub(super) has_baseline: bool,
    /// The machines that had failed before the rollout, by the baseline.
    pub(super) failed_before: u64,
    pub(super) evidence: Evidence,
    pub(super) progress: Progress,
    pub(super) pace: Pace,
    pub(super) forecast: Forecast,
    pub(super) last: Option<Seen>,
    pub(super) streak: Streak,
    outage: Option<Outage>,
    image: ImageRef,
    end: Option<Next>,
    readings: u64,
    errors: u64,
}

/// The last status that was read, with its verdict.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    at: Duration,
    status: ImageStatus,
    pub(super) verdict: Verdict,
}

impl Monitor {
    /// Returns a monitor of one rollout. `baseline` is a status from before its start, if there is one.
    ///
    /// # Errors
    /// [`InvalidPolicy`] if the policy contradicts itself, or if the baseline is of another image or lacks the detail
    /// that the gate judges.
    pub fn new(image: ImageRef, policy: Policy, baseline: Option<&Baseline>) -> Result<Self, InvalidPolicy> {
        policy.validate()?;
        let before = baseline.map(|baseline| baseline.judged_by(image, &policy.gate)).transpose()?;
        Ok(Self {
            has_baseline: baseline.is_some(),
            failed_before: before.as_ref().map_or(0, |(counts, _)| counts.failed_machines()),
            evidence: Evidence::new(before, policy.evidence, policy.started),
            progress: Progress::default(),
            pace: Pace::default(),
            forecast: Forecast::default(),
            last: None,
            streak: Streak::default(),
            outage: None,
            image,
            end: None,
            readings: 0,
            errors: 0,
            policy,
        })
    }

    /// Returns the policy.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns true if the gate needs the counts of each fleet and region.
    pub fn needs_detail(&self) -> bool {
        self.policy.gate.needs_detail()
    }

    /// Returns true once there is evidence that the counts are the new version's.
    pub const fn has_started(&self) -> bool {
        self.evidence.is_seen()
    }

    /// Takes a reading that was made `elapsed` after the wait began, and returns what to do next.
    ///
    /// Readings come in the order of their times. A reading after the end leads to the same end.
    pub fn observe(&mut self, elapsed: Duration, reading: Reading) -> Step {
        let mut step = match reading {
            Reading::Status(status) => self.observe_status(elapsed, status),
            Reading::Failed(failure) => self.observe_failure(elapsed, failure),
        };
        if !matches!(step.next, Next::Read { .. }) || self.end.is_some() {
            step.next = self.end.get_or_insert(step.next).clone();
        }
        step
    }

    fn observe_status(&mut self, elapsed: Duration, status: ImageStatus) -> Step {
        self.readings += 1;
        self.outage = None;
        let verdict = self.policy.gate.evaluate(&status);
        let gap = self.last.as_ref().map_or(Duration::ZERO, |last| elapsed.saturating_sub(last.at));
        let judged = self.policy.gate.judged_counts(&status);
        let changes = self.last.as_ref().map(|last| Changes::between(&last.status, &status));
        if let Some(counts) = judged {
            self.evidence.observe(elapsed, counts, &verdict, self.freshness(elapsed) == Freshness::Assumed);
        }
        let is_believed = self.freshness(elapsed) != Freshness::Unknown;
        if let (true, Some(counts)) = (is_believed, judged) {
            // A suspended machine reads nothing: a long gap counts for no more than timely readings would have covered.
            self.progress.observe(counts, gap.min(self.policy.max_interval.saturating_mul(2)));
            self.pace.observe(elapsed, counts.completed_machines());
            self.forecast.observe(elapsed, counts);
        }
        self.streak.count(is_believed.then(|| self.final_word(&verdict, judged)).flatten());
        self.last = Some(Seen { at: elapsed, status: status.clone(), verdict: verdict.clone() });
        let next = match self.conclude(elapsed) {
            Some((kind, reason)) => Next::Finished(Box::new(self.outcome(elapsed, kind, reason))),
            None => Next::Read { after: self.pause(elapsed), detail: self.needs_detail() },
        };
        let update = ReadingTaken {
            version: Version,
            elapsed,
            status,
            verdict,
            changes,
            freshness: self.freshness(elapsed),
            estimate: self.estimate(),
            next: next.pause(),
        };
        Step { update: Update::Reading(update), next }
    }

    fn observe_failure(&mut self, elapsed: Duration, failure: ReadFailure) -> Step {
        self.errors += 1;
        let lasts = self.outage.map_or(Duration::ZERO, |outage| outage.lasts_until(elapsed));
        let is_permanent = failure.kind.is_permanent()
            || (failure.kind == ErrorKind::NotFound && elapsed >= self.policy.start_grace(self.has_baseline));
        let next = if is_permanent {
            Next::GiveUp
        } else if lasts >= self.policy.max_unreachable {
            let reason = format!("unreachable: no reading for {}: {}", seconds::text(lasts), failure.message);
            Next::Finished(Box::new(self.outcome(elapsed, OutcomeKind::Unreachable, reason)))
        } else if self.is_over(elapsed) {
            Next::Finished(Box::new(self.outcome(elapsed, OutcomeKind::TimedOut, self.timed_out_reason())))
        } else {
            let after = self.pause_after_failure(elapsed, lasts, failure.retry_after);
            Next::Read { after, detail: self.needs_detail() }
        };
        self.outage = Some(Outage { at: elapsed, lasts, pause: next.pause().unwrap_or_default() });
        let update = ReadFailed { version: Version, elapsed, error: failure, next: next.pause() };
        Step { update: Update::ReadFailed(update), next }
    }

    /// Returns how certain it is at this moment that the counts are the new version's.
    pub(super) fn freshness(&self, elapsed: Duration) -> Freshness {
        let insists = self.has_baseline || self.policy.require_fresh;
        if self.evidence.is_seen() {
            Freshness::Observed
        } else if self.readings > 0 && !insists && elapsed >= self.policy.start_grace(self.has_baseline) {
            Freshness::Assumed
        } else {
            Freshness::Unknown
        }
    }

    fn estimate(&self) -> Option<Estimate> {
        let Seen { status, verdict, .. } = self.last.as_ref()?;
        let is_moving = self.progress.idle() < self.policy.stall_timeout / 4;
        let left = machines_left(verdict);
        let is_waiting = !verdict.is_ready() && left > 0;
        let judged = self.policy.gate.judged_counts(status)?;
        (is_moving && is_waiting).then(|| self.pace.estimate(left, judged.total_machines())).flatten()
    }

    fn outcome(&self, elapsed: Duration, kind: OutcomeKind, reason: String) -> Outcome {
        Outcome {
            version: Version,
            kind,
            reason,
            freshness: self.freshness(elapsed),
            image: self.image,
            status: self.last.as_ref().map(|seen| seen.status.clone()),
            status_age: self.last.as_ref().map(|seen| elapsed.saturating_sub(seen.at)),
            verdict: self.last.as_ref().map(|seen| seen.verdict.clone()),
            elapsed,
            readings: self.readings,
            errors: self.errors,
        }
    }
}

/// Returns how many machines must still complete for the gate to pass.
pub(super) fn machines_left(verdict: &Verdict) -> u64 {
    verdict.shortfall(CountName::Pending).max(verdict.shortfall(CountName::Completed))
}
