//! Laws of waiting.

use std::time::Duration;

use clanforge_core::monitor::{
    Baseline, Freshness, Monitor, Next, Outcome, OutcomeKind, Policy, ReadFailure, Reading, Step, Update,
};
use clanforge_core::{CountName, ErrorKind, ImageRef, ImageStatus, MachineCounts};

const IMAGE: ImageRef = ImageRef::new(1234, 5678);

/// Checks a wait over readings and how long each was taken after the one before, and returns how it ended: the kind of its
/// outcome, `gives up`, `goes on`, or `invalid` for a policy that cannot be followed.
///
/// There is exactly one end, after which nothing but the same end comes; it is never ready without the gate met in as
/// many readings as the policy asks for, nor without evidence where that is insisted on.
pub fn waiting(
    policy: &Policy,
    before: Option<&ImageStatus>,
    readings: impl IntoIterator<Item = (Duration, Reading)>,
) -> &'static str {
    let baseline = before.map(|status| Baseline::new(IMAGE, status.clone()));
    let mut monitor = match Monitor::new(IMAGE, policy.clone(), baseline.as_ref()) {
        Ok(monitor) => monitor,
        Err(error) => {
            let lacks_detail = before.is_some_and(|status| policy.gate.needs_detail() && status.fleets().is_none());
            assert!(policy.validate().is_err() || lacks_detail, "refused without a reason: {error}");
            return "invalid";
        }
    };
    let mut seen = Seen::new(policy, before);
    let mut elapsed = Duration::ZERO;
    let mut end: Option<Next> = None;
    for (pause, reading) in readings {
        elapsed = elapsed.saturating_add(pause);
        let Step { update, next } = monitor.observe(elapsed, reading.clone());
        if let Some(end) = &end {
            assert_eq!(&next, end, "another end after the end");
            continue;
        }
        seen.add(&reading);
        seen.check_update(elapsed, &update, &next);
        match &next {
            Next::Read { after, detail } => {
                assert!(!after.is_zero(), "a pause of nothing at {elapsed:?}");
                assert_eq!(*detail, policy.gate.needs_detail());
                assert!(policy.timeout.is_none_or(|timeout| elapsed.saturating_add(*after) <= timeout), "too late");
            }
            Next::GiveUp => assert!(seen.last_failure.is_some(), "gives up without an error"),
            Next::Finished(outcome) => seen.check_outcome(elapsed, outcome),
        }
        end = Some(next).filter(|next| !matches!(next, Next::Read { .. }));
    }
    match end {
        None => "goes on",
        Some(Next::Finished(outcome)) => outcome.kind.as_str(),
        Some(Next::GiveUp | Next::Read { .. }) => "gives up",
    }
}

/// What a wait was told, and what follows from it whatever the monitor makes of it.
struct Seen<'a> {
    policy: &'a Policy,
    /// Nothing is ready without evidence.
    insists: bool,
    statuses: Vec<ImageStatus>,
    errors: u64,
    /// Why the last reading failed; `None` where it is a status.
    last_failure: Option<ReadFailure>,
    /// The counts of all that is judged, from the baseline on, without those that count nothing.
    judged: Vec<MachineCounts>,
    was_observed: bool,
}

impl<'a> Seen<'a> {
    fn new(policy: &'a Policy, before: Option<&ImageStatus>) -> Self {
        let mut seen = Self {
            policy,
            insists: before.is_some() || policy.require_fresh,
            statuses: Vec::new(),
            errors: 0,
            last_failure: None,
            judged: Vec::new(),
            was_observed: false,
        };
        if let Some(status) = before {
            seen.judge(status);
        }
        seen
    }

    fn add(&mut self, reading: &Reading) {
        match reading {
            Reading::Status(status) => {
                self.statuses.push(status.clone());
                self.last_failure = None;
                self.judge(status);
            }
            Reading::Failed(failure) => {
                self.errors += 1;
                self.last_failure = Some(failure.clone());
            }
        }
    }

    fn judge(&mut self, status: &ImageStatus) {
        let judged = self.policy.gate.judged_counts(status);
        self.judged.extend(judged.filter(|counts| counts.total_machines() > 0));
    }

    fn check_update(&mut self, elapsed: Duration, update: &Update, next: &Next) {
        survives(update);
        match update {
            Update::Reading(taken) => {
                assert_eq!((taken.elapsed, taken.next), (elapsed, next.pause()));
                assert_eq!(Some(&taken.status), self.statuses.last());
                assert_eq!(taken.verdict, self.policy.gate.evaluate(&taken.status));
                self.check_freshness(taken.freshness);
            }
            Update::ReadFailed(failed) => {
                assert_eq!((failed.elapsed, failed.next), (elapsed, next.pause()));
                assert_eq!(Some(&failed.error), self.last_failure.as_ref());
            }
            other => panic!("a reading leads to {other:?}"),
        }
    }

    /// What was proved stays proved, and is proved by machines that were seen to leave the previous version.
    fn check_freshness(&mut self, freshness: Freshness) {
        assert!(!self.was_observed || freshness == Freshness::Observed, "what was proved is so no longer");
        if freshness == Freshness::Observed {
            assert!(self.policy.started || self.has_evidence(), "observed without evidence: {:?}", self.judged);
            self.was_observed = true;
        }
        assert!(!self.insists || freshness != Freshness::Assumed, "assumed where evidence is insisted on");
    }

    /// Returns true where fewer machines are completed than before, and a share of all is pending twice in a row after.
    fn has_evidence(&self) -> bool {
        let share = self.policy.evidence;
        let is_pending =
            |counts: &MachineCounts| counts.pending_machines() >= share.of_at_least(counts.total_machines()).max(1);
        let falls = |pair: &[MachineCounts]| pair[1].completed_machines() < pair[0].completed_machines();
        let Some(fall) = self.judged.windows(2).position(falls) else { return false };
        self.judged[fall + 1..].windows(2).any(|pair| pair.iter().all(is_pending))
    }

    fn check_outcome(&self, elapsed: Duration, outcome: &Outcome) {
        survives(&Update::Outcome(outcome.clone()));
        assert_eq!((outcome.image, outcome.elapsed), (IMAGE, elapsed));
        assert_eq!((outcome.readings, outcome.errors), (self.statuses.len() as u64, self.errors));
        assert_eq!(outcome.status.as_ref(), self.statuses.last());
        assert_eq!(outcome.status_age.is_some(), outcome.status.is_some());
        assert!(outcome.status_age.is_none_or(|age| age <= elapsed));
        assert!(!outcome.reason.is_empty());
        assert_eq!(outcome.is_ready(), outcome.clone().into_result().is_ok());
        match outcome.kind {
            OutcomeKind::Ready => self.check_ready(outcome),
            OutcomeKind::Failed => {
                let verdict = outcome.verdict.as_ref().expect("it has failed by a reading");
                assert!(verdict.is_short_of(CountName::Failed) && outcome.freshness != Freshness::Unknown);
            }
            OutcomeKind::Stalled => assert!(elapsed >= self.policy.stall_timeout),
            OutcomeKind::TimedOut => assert!(self.policy.timeout.is_some_and(|timeout| elapsed >= timeout)),
            OutcomeKind::NotStarted => assert_eq!(outcome.freshness, Freshness::Unknown),
            OutcomeKind::Unreachable => {
                let failure = self.last_failure.as_ref().expect("it is unreachable by an error");
                assert!(failure.kind != ErrorKind::Authentication && elapsed >= self.policy.max_unreachable);
            }
            other => panic!("no invariant is known for the outcome {other}"),
        }
    }

    fn check_ready(&self, outcome: &Outcome) {
        assert!(self.last_failure.is_none(), "ready by an error");
        let confirmed = self.statuses.iter().rev().take_while(|status| self.policy.gate.evaluate(status).is_ready());
        assert!(confirmed.count() >= self.policy.confirmations as usize, "ready with the gate unmet");
        assert_ne!(outcome.freshness, Freshness::Unknown);
        assert!(!self.insists || outcome.freshness == Freshness::Observed, "ready without evidence");
        assert_eq!(outcome.freshness == Freshness::Observed, self.was_observed);
    }
}

fn survives(update: &Update) {
    let written = serde_json::to_string(update).expect("an update is JSON");
    assert_eq!(&serde_json::from_str::<Update>(&written).expect("it is an update"), update);
}
