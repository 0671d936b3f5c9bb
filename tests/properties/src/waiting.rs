//! Properties of waiting.

use std::collections::BTreeMap;
use std::time::Duration;

use clanforge_core::monitor::{
    Baseline, Freshness, Monitor, Next, Outcome, OutcomeKind, Policy, ReadFailure, Reading, Step, Update,
};
use clanforge_core::{CountName, ErrorKind, ImageRef, ImageStatus};

const IMAGE: ImageRef = ImageRef::new(1234, 5678);

/// Checks a wait over readings, each with the poll interval before it, and returns how it ended: the kind of its outcome,
/// `gives up`, `goes on`, or `invalid` for an invalid policy.
///
/// A monitor that is restored from a snapshot after every reading leads to the same steps.
/// A wait ends once, and every later reading leads to the same end. It is never ready unless as many readings as the
/// policy asks for meet the gate, nor without evidence if that is required.
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
            assert!(policy.validate().is_err() || lacks_detail, "rejected without a reason: {error}");
            return "invalid";
        }
    };
    let mut seen = Seen::new(policy, before);
    let mut interrupted = restored(&monitor);
    let mut elapsed = Duration::ZERO;
    let mut end: Option<Next> = None;
    for (pause, reading) in readings {
        elapsed = elapsed.saturating_add(pause);
        let step = monitor.observe(elapsed, reading.clone());
        assert_eq!(interrupted.observe(elapsed, reading.clone()), step, "a snapshot changed the wait");
        interrupted = restored(&interrupted);
        let Step { update, next } = step;
        if let Some(end) = &end {
            assert_eq!(&next, end, "a second end");
            continue;
        }
        seen.add(&reading);
        seen.check_update(elapsed, &update, &next);
        match &next {
            Next::Read { after, earliest, latest, detail } => {
                assert!(
                    !after.is_zero() && earliest <= after && after <= latest,
                    "invalid poll interval at {elapsed:?}"
                );
                assert!(*detail || !policy.gate.needs_detail());
                let is_bounded = *earliest >= policy.min_interval || earliest == latest;
                assert!(is_bounded && (*latest <= policy.max_interval || seen.last_failure.is_some()), "{next:?}");
                assert!(
                    policy.timeout.is_none_or(|timeout| elapsed.saturating_add(*latest) <= timeout),
                    "the next reading is after the deadline"
                );
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

/// Returns a monitor as another process continues it.
pub fn restored(monitor: &Monitor) -> Monitor {
    let written = serde_json::to_string(&monitor.snapshot()).expect("a snapshot is JSON");
    Monitor::restore(serde_json::from_str(&written).expect("it is a snapshot")).expect("it was not changed")
}

/// The readings of a wait, and what follows from them independently of the monitor.
struct Seen<'a> {
    policy: &'a Policy,
    /// Whether the wait may end as ready only with evidence.
    needs_evidence: bool,
    statuses: Vec<ImageStatus>,
    errors: u64,
    /// Why the last reading failed; `None` if it is a status.
    last_failure: Option<ReadFailure>,
    /// The statuses, the baseline included, that the gate can evaluate.
    judged: Vec<ImageStatus>,
    was_observed: bool,
}

impl<'a> Seen<'a> {
    fn new(policy: &'a Policy, before: Option<&ImageStatus>) -> Self {
        let mut seen = Self {
            policy,
            needs_evidence: before.is_some() || policy.require_fresh,
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
            Reading::Status(status) | Reading::Cached { status, .. } => {
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
        let is_judged = self.policy.gate.judged_counts(status).is_some();
        self.judged.extend(is_judged.then(|| status.clone()));
    }

    fn check_update(&mut self, elapsed: Duration, update: &Update, next: &Next) {
        survives(update);
        match update {
            Update::Reading(taken) => {
                assert_eq!((taken.elapsed, taken.next), (elapsed, next.poll_interval()));
                assert_eq!(Some(&taken.status), self.statuses.last());
                assert_eq!(taken.verdict, self.policy.gate.evaluate(&taken.status));
                self.check_freshness(taken.freshness);
            }
            Update::ReadFailed(failed) => {
                assert_eq!((failed.elapsed, failed.next), (elapsed, next.poll_interval()));
                assert_eq!(Some(&failed.error), self.last_failure.as_ref());
            }
            other => panic!("a reading leads to {other:?}"),
        }
    }

    /// Evidence stays, and comes from machines that were seen to leave the previous version.
    fn check_freshness(&mut self, freshness: Freshness) {
        assert!(!self.was_observed || freshness == Freshness::Observed, "evidence is lost");
        if freshness == Freshness::Observed {
            assert!(self.has_evidence(), "observed without evidence: {:?}", self.judged);
            self.was_observed = true;
        }
        assert!(!self.needs_evidence || freshness != Freshness::Assumed, "assumed although evidence is required");
    }

    /// Returns true if the completed machines of a part drop in a reading, and another reading follows.
    fn has_evidence(&self) -> bool {
        let falls = |pair: &[ImageStatus]| {
            let before: BTreeMap<_, _> = parts(&pair[0]).into_iter().collect();
            parts(&pair[1]).iter().any(|(id, completed)| before.get(id).is_some_and(|before| completed < before))
        };
        let mut falls = self.judged.windows(2).map(falls);
        falls.position(|falls| falls).is_some_and(|fall| fall + 2 < self.judged.len())
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
                let verdict = outcome.verdict.as_ref().expect("a failed wait has a verdict");
                assert!(verdict.is_short_of(CountName::Failed) && outcome.freshness != Freshness::Unknown);
            }
            OutcomeKind::Stalled => assert!(elapsed >= self.policy.stall_timeout),
            OutcomeKind::TimedOut => assert!(self.policy.timeout.is_some_and(|timeout| elapsed >= timeout)),
            OutcomeKind::NotStarted => assert_eq!(outcome.freshness, Freshness::Unknown),
            OutcomeKind::Unreachable => {
                let failure = self.last_failure.as_ref().expect("an unreachable wait has an error");
                assert!(failure.kind != ErrorKind::Authentication && elapsed >= self.policy.max_unreachable);
            }
            other => panic!("no invariant is known for the outcome {other}"),
        }
    }

    fn check_ready(&self, outcome: &Outcome) {
        assert!(self.last_failure.is_none(), "ready after a failed reading");
        let confirmed = self.statuses.iter().rev().take_while(|status| self.policy.gate.evaluate(status).is_ready());
        assert!(confirmed.count() >= self.policy.confirmations as usize, "ready with the gate unmet");
        assert_ne!(outcome.freshness, Freshness::Unknown);
        assert!(!self.needs_evidence || outcome.freshness == Freshness::Observed, "ready without evidence");
        assert_eq!(outcome.freshness == Freshness::Observed, self.was_observed);
    }
}

/// Returns the completed machines of the image and of each region.
fn parts(status: &ImageStatus) -> Vec<(String, u64)> {
    let regions = status.regions().into_iter().flatten();
    let regions = regions.map(|row| (format!("{}/{}", row.fleet_id, row.region_id), row.counts.completed_machines()));
    regions.chain([(String::new(), status.completed_machines())]).collect()
}

fn survives(update: &Update) {
    let written = serde_json::to_string(update).expect("an update is JSON");
    assert_eq!(&serde_json::from_str::<Update>(&written).expect("it is an update"), update);
}
