//! The state machine: takes readings and decides after each whether to read again, and when, or how the wait ends.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::baseline::Baseline;
use super::outcome::{Freshness, Outcome, OutcomeKind};
use super::policy::{InvalidPolicy, Policy};
use super::step::{Next, Pause, Reading, Step};
use super::tracking::{Estimate, Evidence, Forecast, Outage, Pace, Progress, Streak};
use super::update::{Changes, ReadFailed, ReadFailure, ReadingTaken, Update};
use crate::error_kind::ErrorKind;
use crate::gate::{CountName, Verdict};
use crate::request::ImageRef;
use crate::seconds;
use crate::status::{ImageStatus, MachineCounts};
use crate::version::Version;

/// Decides from readings whether a rollout is ready, has failed, or needs more time.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
    pub(super) image: ImageRef,
    pub(super) end: Option<Next>,
    /// Whether the counts were assumed to be the new version's when the start grace ended.
    is_assumed: bool,
    /// Whether the last reading suggests an outcome, settled or not.
    pub(super) has_suggested_outcome: bool,
    pub(super) readings: u64,
    pub(super) errors: u64,
    inconsistent: u64,
    /// The verdict on the baseline.
    before: Option<Verdict>,
    /// Every warning so far, and how many of them an update has.
    pub(super) warnings: Vec<String>,
    pub(super) warnings_given: usize,
}

/// The warning of an outcome that is ready without evidence.
const ASSUMED_READY: &str = "ready is only assumed: the start of the rollout was not observed";

/// An `Age` is in whole seconds: the times computed from one cached response differ by no more than this.
const AGE_PRECISION: Duration = Duration::from_secs(1);

/// The last status that was read, with its verdict.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Seen {
    /// When the service made it, from the beginning of the wait.
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
            failed_before: before.map_or(0, MachineCounts::failed_machines),
            evidence: Evidence::new(
                policy.evidence,
                policy.settle,
                baseline.map(|baseline| (&policy.gate, baseline.status())),
            ),
            progress: Progress::default(),
            pace: Pace::default(),
            forecast: Forecast::default(),
            last: None,
            streak: Streak::default(),
            outage: None,
            image,
            end: None,
            is_assumed: false,
            has_suggested_outcome: false,
            readings: 0,
            errors: 0,
            inconsistent: 0,
            before: baseline.map(|baseline| policy.gate.evaluate(baseline.status())),
            warnings: baseline.map(Baseline::warnings).unwrap_or_default(),
            warnings_given: 0,
            policy,
        })
    }

    /// Adds a warning to the next update.
    pub fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }

    /// Returns the policy.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns how the wait ended, if it has: with an outcome, or with the error of the last reading.
    pub const fn end(&self) -> Option<&Next> {
        self.end.as_ref()
    }

    /// Returns true if the next reading needs the counts of each fleet and region: for the gate, or to see each region
    /// start.
    pub fn needs_detail(&self) -> bool {
        self.policy.gate.needs_detail() || (self.evidence.needs_detail() && !self.is_assumed)
    }

    /// Returns true once there is evidence that the counts are the new version's.
    pub const fn has_started(&self) -> bool {
        self.evidence.is_seen()
    }

    /// Takes a reading whose response was received `elapsed` after the wait began, and returns what to do next.
    ///
    /// Readings come in the order of their times. A reading after the end leads to the same end.
    pub fn observe(&mut self, elapsed: Duration, reading: Reading) -> Step {
        let mut step = match reading {
            Reading::Status(status) => self.observe_status(elapsed, Duration::ZERO, status),
            Reading::Cached { status, age } => self.observe_status(elapsed, age, status),
            Reading::Failed(failure) => self.observe_failure(elapsed, failure),
        };
        if !matches!(step.next, Next::Read { .. }) || self.end.is_some() {
            step.next = self.end.get_or_insert(step.next).clone();
        }
        step
    }

    fn observe_status(&mut self, elapsed: Duration, age: Duration, status: ImageStatus) -> Step {
        self.readings += 1;
        self.outage = None;
        let now = elapsed.saturating_sub(age);
        let verdict = self.policy.gate.evaluate(&status);
        if self.last.is_none() {
            if let Some(problem) = verdict.unknown_name(&status, self.before.as_ref()) {
                return refuse(self.image, elapsed, problem);
            }
            self.warnings.extend(verdict.impossible_reason());
        }
        let changes = self.last.as_ref().map(|last| Changes::between(&last.status, &status));
        let last = self.last.as_ref().map(|last| last.at);
        // A response that a cache returns a second time confirms nothing.
        let is_repeated = !age.is_zero() && last.is_some_and(|last| now <= last.saturating_add(AGE_PRECISION));
        let now = now.max(last.unwrap_or_default());
        let inconsistent = !is_repeated && self.take(now, &status, &verdict);
        self.inconsistent += u64::from(inconsistent);
        let next = match self.conclude(elapsed, now) {
            Some((OutcomeKind::Ready, reason)) if self.freshness() == Freshness::Assumed => {
                self.warn(ASSUMED_READY.to_owned());
                Next::Finished(Box::new(self.outcome(elapsed, OutcomeKind::Ready, reason)))
            }
            Some((kind, reason)) => Next::Finished(Box::new(self.outcome(elapsed, kind, reason))),
            None => self.read_after(self.pause(elapsed, now)),
        };
        let update = ReadingTaken {
            version: Version,
            image: self.image,
            elapsed,
            age,
            message: self.message(now, inconsistent),
            warnings: self.new_warnings(),
            status,
            verdict,
            changes,
            freshness: self.freshness(),
            inconsistent,
            estimate: self.estimate(),
            next: next.poll_interval(),
        };
        Step { update: Update::Reading(update), next }
    }

    /// Takes a status that the service made at this time, and returns true if it contradicts earlier ones.
    fn take(&mut self, now: Duration, status: &ImageStatus, verdict: &Verdict) -> bool {
        let gap = self.last.as_ref().map_or(Duration::ZERO, |last| now.saturating_sub(last.at));
        let judged = self.policy.gate.judged_counts(status);
        let inconsistent = self.evidence.observe(now, &self.policy.gate, status, self.is_assumed);
        self.is_assumed |= !self.needs_evidence() && self.grace_left(now).is_zero();
        let is_believed = self.freshness() != Freshness::Unknown;
        let suggested = is_believed.then(|| self.suggested_outcome(verdict, judged)).flatten();
        let is_settled = self.evidence.unsettled_for(now).is_none();
        if let (true, Some(counts)) = (is_believed, judged) {
            // A suspended computer reads nothing: a long gap counts for no more than timely readings would have covered.
            self.progress.observe(counts, gap.min(self.policy.max_interval.saturating_mul(2)));
            if self.evidence.last_activity() >= now {
                self.progress.resume();
            }
            if suggested.is_none() || is_settled {
                self.pace.observe(now, counts.completed_machines());
                self.forecast.observe(now, counts);
            }
        }
        self.has_suggested_outcome = suggested.is_some();
        self.streak.count(suggested.filter(|_| is_settled));
        self.last = Some(Seen { at: now, status: status.clone(), verdict: verdict.clone() });
        inconsistent
    }

    fn observe_failure(&mut self, elapsed: Duration, failure: ReadFailure) -> Step {
        self.errors += 1;
        let lasts = self.outage.map_or(Duration::ZERO, |outage| outage.lasts_until(elapsed));
        let is_too_long = lasts >= self.policy.max_unreachable;
        // Such an error says more than the outcome `unreachable` would.
        let is_named = failure.kind.may_come_from_a_proxy() || failure.kind == ErrorKind::Local;
        let next = if self.is_conclusive(elapsed, &failure) || (is_too_long && is_named) {
            Next::GiveUp
        } else if is_too_long {
            let image = self.empty_image().map_or_else(String::new, |image| format!("; {image}"));
            let reason = format!("unreachable: no reading for {}: {}{image}", seconds::text(lasts), failure.message);
            Next::Finished(Box::new(self.outcome(elapsed, OutcomeKind::Unreachable, reason)))
        } else if self.is_over(elapsed) {
            Next::Finished(Box::new(self.outcome(elapsed, OutcomeKind::TimedOut, self.timed_out_reason())))
        } else {
            self.read_after(self.pause_after_failure(elapsed, lasts, failure.retry_after))
        };
        self.outage = Some(Outage { at: elapsed, lasts, pause: next.poll_interval().unwrap_or_default() });
        let update =
            ReadFailed { version: Version, image: self.image, elapsed, error: failure, next: next.poll_interval() };
        Step { update: Update::ReadFailed(update), next }
    }

    /// Returns true if an error ends the wait at once. After a good reading, errors of credentials, of permission and of an
    /// unknown image may come from a proxy or an ingress that is being redeployed, unless the service itself reports them.
    fn is_conclusive(&self, elapsed: Duration, failure: &ReadFailure) -> bool {
        if !failure.kind.may_come_from_a_proxy() {
            return failure.kind.is_permanent();
        }
        // The service may not know a new image yet.
        let is_early = elapsed < self.policy.start_grace(self.has_baseline);
        let is_expected = failure.kind == ErrorKind::NotFound && is_early;
        !is_expected && (self.last.is_none() || failure.service_message.is_some())
    }

    fn read_after(&self, Pause { after, earliest, latest }: Pause) -> Next {
        Next::Read { after, earliest, latest, detail: self.needs_detail() }
    }

    /// Returns true if only evidence, and no assumption, can show that the counts are the new version's.
    const fn needs_evidence(&self) -> bool {
        self.has_baseline || self.policy.require_fresh
    }

    /// Returns how certain it is that the counts are the new version's.
    pub(super) const fn freshness(&self) -> Freshness {
        if self.evidence.is_seen() {
            Freshness::Observed
        } else if self.is_assumed {
            Freshness::Assumed
        } else {
            Freshness::Unknown
        }
    }

    /// Returns how long the evidence may still take, if nothing happens meanwhile.
    pub(super) fn grace_left(&self, now: Duration) -> Duration {
        let grace = self.policy.start_grace(self.has_baseline);
        self.evidence.last_activity().saturating_add(grace).saturating_sub(now)
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
            freshness: self.freshness(),
            image: self.image,
            status: self.last.as_ref().map(|seen| seen.status.clone()),
            status_age: self.last.as_ref().map(|seen| elapsed.saturating_sub(seen.at)),
            verdict: self.last.as_ref().map(|seen| seen.verdict.clone()),
            elapsed,
            readings: self.readings,
            errors: self.errors,
            inconsistent: self.inconsistent,
            warnings: self.warnings.clone(),
        }
    }

    /// Returns the warnings that no update has yet.
    fn new_warnings(&mut self) -> Vec<String> {
        let given = std::mem::replace(&mut self.warnings_given, self.warnings.len());
        self.warnings[given..].to_vec()
    }
}

/// Returns the step that ends a wait whose gate selects a fleet or region that the image does not have.
const fn refuse(image: ImageRef, elapsed: Duration, message: String) -> Step {
    let error =
        ReadFailure { kind: ErrorKind::Configuration, message, status: None, retry_after: None, service_message: None };
    let failed = ReadFailed { version: Version, image, elapsed, error, next: None };
    Step { update: Update::ReadFailed(failed), next: Next::GiveUp }
}

/// Returns how many machines must still complete for the gate to pass.
pub(super) fn machines_left(verdict: &Verdict) -> u64 {
    verdict.shortfall(CountName::Pending).max(verdict.shortfall(CountName::Completed))
}
