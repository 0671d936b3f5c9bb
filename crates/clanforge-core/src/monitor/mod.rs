//! Waiting, as a state machine without clock or I/O.
//!
//! A [`Monitor`] is told each reading and when it was taken, and answers what to make of it and what to do next: read
//! again after so long, or stop with this outcome. Whoever drives it reads and sleeps: async Rust, blocking Rust, the
//! command line, a replay of recorded readings, a simulation in virtual time.
//!
//! ```
//! use std::time::Duration;
//!
//! use clanforge_core::monitor::{Baseline, Freshness, Monitor, Next, OutcomeKind, Policy, Reading};
//! use clanforge_core::{ImageRef, ImageStatus, MachineCounts};
//!
//! let status = |pending, completed| ImageStatus::new(MachineCounts::new(pending, 0, completed).unwrap());
//! let image = ImageRef::new(1234, 5678);
//! let baseline = Baseline::new(image, status(0, 40));
//! let mut monitor = Monitor::new(image, Policy::default(), Some(&baseline))?;
//!
//! // Everything is completed, and it is the previous version: nobody is told "ready".
//! let step = monitor.observe(Duration::ZERO, Reading::Status(status(0, 40)));
//! assert!(matches!(step.next, Next::Read { .. }));
//!
//! // The new version is on its way, twice, has arrived, and a second reading agrees.
//! monitor.observe(Duration::from_secs(120), Reading::Status(status(40, 0)));
//! monitor.observe(Duration::from_secs(125), Reading::Status(status(40, 0)));
//! monitor.observe(Duration::from_secs(600), Reading::Status(status(0, 40)));
//! let step = monitor.observe(Duration::from_secs(602), Reading::Status(status(0, 40)));
//! let Next::Finished(outcome) = step.next else { panic!("it is confirmed") };
//! assert_eq!((outcome.kind, outcome.freshness), (OutcomeKind::Ready, Freshness::Observed));
//! # Ok::<(), clanforge_core::monitor::InvalidPolicy>(())
//! ```

mod baseline;
mod estimate;
mod evidence;
mod forecast;
mod outcome;
mod policy;
mod progress;
mod seconds;
mod update;
mod version;

use std::time::Duration;

use crate::counts::MachineCounts;
use crate::error_kind::ErrorKind;
use crate::request::ImageRef;
use crate::status::ImageStatus;
use crate::verdict::{CountName, Verdict};

use estimate::Pace;
use evidence::Evidence;
use forecast::Forecast;
use progress::Progress;

pub use baseline::Baseline;
pub use estimate::Estimate;
pub use outcome::{Freshness, NotReady, Outcome, OutcomeKind};
pub use policy::{InvalidPolicy, Policy};
pub use update::{Changes, ReadFailed, ReadFailure, ReadingTaken, Update};

/// The pause between readings while the start of the rollout is waited for.
const START_INTERVAL: Duration = Duration::from_secs(5);

/// The part of the time that readings have failed for, which passes before the next.
const FAILING_PART: u32 = 4;

/// How long a reading may itself take to fail.
const LONGEST_READING: Duration = Duration::from_secs(60);

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

/// Decides from readings whether a rollout is ready, has failed, or is still to be waited for.
#[derive(Clone, Debug)]
pub struct Monitor {
    image: ImageRef,
    policy: Policy,
    has_baseline: bool,
    /// The machines that had failed before the rollout, by the baseline.
    failed_before: u64,
    evidence: Evidence,
    progress: Progress,
    pace: Pace,
    forecast: Forecast,
    last: Option<Seen>,
    streak: Streak,
    failing: Option<Failing>,
    end: Option<Next>,
    readings: u64,
    errors: u64,
}

/// The last status, and what was made of it.
#[derive(Clone, Debug)]
struct Seen {
    at: Duration,
    status: ImageStatus,
    verdict: Verdict,
}

/// How many readings in a row said the same final thing.
#[derive(Clone, Copy, Debug, Default)]
struct Streak {
    kind: Option<OutcomeKind>,
    readings: u32,
}

/// Readings that failed one after another.
#[derive(Clone, Copy, Debug)]
struct Failing {
    /// When the last of them was taken.
    at: Duration,
    /// How long it has lasted, without the time that the machine slept.
    lasts: Duration,
    /// The pause that was to pass after the last of them.
    pause: Duration,
}

impl Monitor {
    /// Returns a monitor of one rollout. `baseline` is a status from before its start, where there is one.
    ///
    /// # Errors
    /// [`InvalidPolicy`] where the policy contradicts itself, or the baseline is of another image or lacks the detail
    /// that the gate judges.
    pub fn new(image: ImageRef, policy: Policy, baseline: Option<&Baseline>) -> Result<Self, InvalidPolicy> {
        policy.validate()?;
        let before = baseline.map(|baseline| baseline.judged_by(image, &policy.gate)).transpose()?;
        Ok(Self {
            image,
            has_baseline: baseline.is_some(),
            failed_before: before.as_ref().map_or(0, |(counts, _)| counts.failed_machines()),
            evidence: Evidence::new(before, policy.evidence, policy.started),
            progress: Progress::default(),
            pace: Pace::default(),
            forecast: Forecast::default(),
            last: None,
            streak: Streak::default(),
            failing: None,
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

    /// Returns true where the gate needs the counts of each fleet and region.
    pub fn needs_detail(&self) -> bool {
        self.policy.gate.needs_detail()
    }

    /// Returns true where the counts were seen to be the new version's.
    pub const fn has_started(&self) -> bool {
        self.evidence.is_seen()
    }

    /// Takes a reading that was taken `elapsed` after the wait began, and says what to do.
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
        self.failing = None;
        let verdict = self.policy.gate.evaluate(&status);
        let gap = self.last.as_ref().map_or(Duration::ZERO, |last| elapsed.saturating_sub(last.at));
        let judged = self.policy.gate.judged_counts(&status);
        let changes = self.last.as_ref().map(|last| Changes::between(&last.status, &status));
        if let Some(counts) = judged {
            self.evidence.observe(elapsed, counts, &verdict, self.freshness(elapsed) == Freshness::Assumed);
        }
        let is_believed = self.freshness(elapsed) != Freshness::Unknown;
        if let (true, Some(counts)) = (is_believed, judged) {
            // A machine that sleeps reads nothing: a long gap counts as little as readings in time would have let pass.
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
            version: version::Version,
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
        let lasts = self.failing.map_or(Duration::ZERO, |failing| failing.lasts_until(elapsed));
        let is_final = failure.kind.is_final()
            || (failure.kind == ErrorKind::NotFound && elapsed >= self.policy.start_grace(self.has_baseline));
        let next = if is_final {
            Next::GiveUp
        } else if lasts >= self.policy.max_unreachable {
            let waited = seconds::text(lasts);
            let reason = format!("unreachable: no reading for {waited}: {}", failure.message);
            Next::Finished(Box::new(self.outcome(elapsed, OutcomeKind::Unreachable, reason)))
        } else if self.is_over(elapsed) {
            Next::Finished(Box::new(self.timed_out(elapsed)))
        } else {
            let retry = (lasts / FAILING_PART).max(self.policy.min_interval);
            // However long the service asks to wait, the wait ends when its patience does.
            let asked = failure.retry_after.unwrap_or_default().min(self.policy.max_unreachable.saturating_sub(lasts));
            let pause = retry.max(self.pause_worth_it(elapsed)).min(self.policy.max_interval).max(asked);
            Next::Read { after: pause.min(self.time_left(elapsed)), detail: self.needs_detail() }
        };
        self.failing = Some(Failing { at: elapsed, lasts, pause: next.pause().unwrap_or_default() });
        let update = ReadFailed { version: version::Version, elapsed, error: failure, next: next.pause() };
        Step { update: Update::ReadFailed(update), next }
    }

    /// Returns how sure it is at this moment that the counts are the new version's.
    fn freshness(&self, elapsed: Duration) -> Freshness {
        let insists = self.has_baseline || self.policy.require_fresh;
        if self.evidence.is_seen() {
            Freshness::Observed
        } else if self.readings > 0 && !insists && elapsed >= self.policy.start_grace(self.has_baseline) {
            Freshness::Assumed
        } else {
            Freshness::Unknown
        }
    }

    /// Returns what a reading says that may end the wait once another agrees.
    fn final_word(&self, verdict: &Verdict, judged: Option<MachineCounts>) -> Option<OutcomeKind> {
        if verdict.is_ready() {
            return Some(OutcomeKind::Ready);
        }
        let has_settled = !verdict.is_short_of(CountName::Pending);
        // Machines that had failed before stay disabled for hours, and say nothing of the new version.
        let has_failed_anew = judged.is_none_or(|judged| judged.failed_machines() > self.failed_before);
        let is_clear = has_settled || (self.policy.fail_fast && has_failed_anew);
        let has_failed = verdict.is_short_of(CountName::Failed) && is_clear;
        has_failed.then_some(OutcomeKind::Failed)
    }

    /// Returns how the wait ends after the last status, if it does.
    fn conclude(&self, elapsed: Duration) -> Option<(OutcomeKind, String)> {
        let Seen { verdict, .. } = self.last.as_ref()?;
        let freshness = self.freshness(elapsed);
        let reason = verdict.reason().trim_start_matches("not ready: ");
        if let Some(kind) = self.streak.kind
            && self.streak.readings >= self.policy.confirmations
        {
            return Some(match kind {
                OutcomeKind::Ready if freshness == Freshness::Assumed => (kind, format!("{reason}; {ASSUMED}")),
                OutcomeKind::Ready => (kind, reason.to_owned()),
                _ => {
                    let failed = verdict.shortfall_reason(CountName::Failed);
                    (kind, format!("failed: {}", failed.as_deref().unwrap_or(reason)))
                }
            });
        }
        let grace = self.policy.start_grace(self.has_baseline);
        if freshness == Freshness::Unknown && elapsed >= grace && !self.evidence.is_near() {
            let grace = seconds::text(grace);
            let whose = self.evidence.laggard(verdict).map_or_else(String::new, |scope| format!(" of {scope}"));
            let reason =
                format!("not started: within {grace} the counts{whose} were never seen to be the new version's");
            return Some((OutcomeKind::NotStarted, reason));
        }
        if self.is_over(elapsed) {
            return Some((OutcomeKind::TimedOut, self.timed_out_reason()));
        }
        if self.streak.kind.is_none() && self.progress.idle() >= self.policy.stall_timeout {
            let idle = seconds::text(self.progress.idle());
            return Some((OutcomeKind::Stalled, format!("stalled: no progress for {idle}: {reason}")));
        }
        None
    }

    /// Returns the pause after a status.
    fn pause(&self, elapsed: Duration) -> Duration {
        let is_believed = self.freshness(elapsed) != Freshness::Unknown;
        let pause = if self.streak.kind.is_some() || (!is_believed && self.evidence.is_near()) {
            // Something is to be confirmed.
            self.policy.min_interval
        } else if !is_believed {
            START_INTERVAL
        } else {
            self.foreseen_pause(elapsed)
        };
        let pause = pause.clamp(self.policy.min_interval, self.policy.max_interval).min(self.time_left(elapsed));
        match self.policy.start_grace(self.has_baseline).checked_sub(elapsed) {
            // The end of the grace is a moment of decision: it is not slept over.
            Some(grace_left) if !is_believed && !grace_left.is_zero() => pause.min(grace_left),
            _ => pause,
        }
    }

    /// Returns the pause before which no reading is worth it, however soon the service might answer again.
    fn pause_worth_it(&self, elapsed: Duration) -> Duration {
        let is_near =
            self.last.is_none() || self.streak.kind.is_some() || self.freshness(elapsed) == Freshness::Unknown;
        // A service is not called unreachable for a few attempts.
        if is_near { Duration::ZERO } else { self.foreseen_pause(elapsed).min(self.policy.max_unreachable / 6) }
    }

    /// Returns the pause after which the next reading is worth it, by what is expected of the machines that are left.
    fn foreseen_pause(&self, elapsed: Duration) -> Duration {
        let left = self.last.as_ref().map_or(0, |seen| left(&seen.verdict));
        // A gate that lacks something other than machines says nothing of when it may pass.
        let longest = self.policy.max_interval;
        self.forecast.pause(elapsed, left.max(1), longest, &self.pace).unwrap_or(longest)
    }

    fn estimate(&self) -> Option<Estimate> {
        let Seen { status, verdict, .. } = self.last.as_ref()?;
        let is_moving = self.progress.idle() < self.policy.stall_timeout / 4;
        let left = left(verdict);
        let is_waiting = !verdict.is_ready() && left > 0;
        let judged = self.policy.gate.judged_counts(status)?;
        (is_moving && is_waiting).then(|| self.pace.estimate(left, judged.total_machines())).flatten()
    }

    fn is_over(&self, elapsed: Duration) -> bool {
        self.policy.timeout.is_some_and(|timeout| elapsed >= timeout)
    }

    fn time_left(&self, elapsed: Duration) -> Duration {
        self.policy.timeout.map_or(Duration::MAX, |timeout| timeout.saturating_sub(elapsed))
    }

    fn timed_out(&self, elapsed: Duration) -> Outcome {
        self.outcome(elapsed, OutcomeKind::TimedOut, self.timed_out_reason())
    }

    fn timed_out_reason(&self) -> String {
        let timeout = seconds::text(self.policy.timeout.unwrap_or_default());
        match &self.last {
            Some(Seen { verdict, .. }) if verdict.is_ready() => {
                format!("timed out after {timeout}: the last reading passed and was not confirmed by another")
            }
            Some(Seen { verdict, .. }) => {
                format!("timed out after {timeout}: {}", verdict.reason().trim_start_matches("not ready: "))
            }
            None => format!("timed out after {timeout}: there was no reading at all"),
        }
    }

    fn outcome(&self, elapsed: Duration, kind: OutcomeKind, reason: String) -> Outcome {
        Outcome {
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

/// What the sentence of an outcome says where nothing proved that the counts are the new version's.
const ASSUMED: &str = "assumed to be the new version's counts: the rollout was never seen to start";

/// Returns how many machines must still complete for the gate to pass.
fn left(verdict: &Verdict) -> u64 {
    verdict.shortfall(CountName::Pending).max(verdict.shortfall(CountName::Completed))
}

impl Failing {
    /// Returns how long readings have failed for by now. A reading that comes far later than it was to come was slept over:
    /// nothing failed in that time.
    fn lasts_until(self, elapsed: Duration) -> Duration {
        let gap = elapsed.saturating_sub(self.at).min(self.pause.saturating_add(LONGEST_READING));
        self.lasts.saturating_add(gap)
    }
}

impl Streak {
    fn count(&mut self, kind: Option<OutcomeKind>) {
        let readings = if self.kind == kind { self.readings.saturating_add(1) } else { 1 };
        *self = Self { kind, readings };
    }
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
