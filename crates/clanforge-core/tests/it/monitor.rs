//! The state machine with unusual clocks and extreme durations.

use std::time::Duration;

use clanforge_core::monitor::{
    Baseline, Freshness, Monitor, Next, Outcome, OutcomeKind, Policy, ReadFailure, Reading, Step, Update,
};
use clanforge_core::{ErrorKind, Gate, ImageRef, ImageStatus, Limit, MachineCounts};
use serde_json::{Value, json};

use crate::cases::started;

const IMAGE: ImageRef = ImageRef::new(1234, 5678);

fn status(pending: u64, failed: u64, completed: u64) -> ImageStatus {
    ImageStatus::new(MachineCounts::new(pending, failed, completed).expect("small counts fit"))
}

fn read(pending: u64, completed: u64) -> Reading {
    Reading::Status(status(pending, 0, completed))
}

fn failure() -> ReadFailure {
    let message = "could not connect".to_owned();
    ReadFailure { kind: ErrorKind::Connection, message, status: None, retry_after: None, service_message: None }
}

fn failed() -> Reading {
    Reading::Failed(failure())
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn monitor(policy: Policy) -> Monitor {
    let baseline = Baseline::new(IMAGE, status(0, 0, 40));
    Monitor::new(IMAGE, policy, Some(&baseline)).expect("the policy is valid")
}

fn outcome(step: Step) -> Option<Outcome> {
    match step.next {
        Next::Finished(outcome) => Some(*outcome),
        Next::Read { .. } | Next::GiveUp => None,
    }
}

#[test]
fn a_suspended_machine_is_not_a_stalled_rollout() {
    let mut monitor = monitor(without_timeout());
    monitor.observe(seconds(0), read(40, 0));
    monitor.observe(seconds(60), read(30, 10));
    // Two hours later one reading shows no change.
    let step = monitor.observe(seconds(7260), read(30, 10));
    assert!(outcome(step).is_none());
    assert!(outcome(monitor.observe(seconds(7290), read(29, 11))).is_none());
}

#[test]
fn a_failed_reading_after_a_suspend_is_not_unreachable() {
    let mut monitor = monitor(without_timeout());
    monitor.observe(seconds(0), read(40, 0));
    monitor.observe(seconds(1), read(40, 0));
    // The first reading after a suspend of two hours fails, the next one succeeds.
    assert!(outcome(monitor.observe(seconds(7200), failed())).is_none());
    assert!(outcome(monitor.observe(seconds(7202), read(20, 20))).is_none());
    // The readings before and after another two hours fail.
    assert!(outcome(monitor.observe(seconds(7204), failed())).is_none());
    assert!(outcome(monitor.observe(seconds(14_400), failed())).is_none());
    assert!(outcome(monitor.observe(seconds(14_402), read(10, 30))).is_none());
}

#[test]
fn a_suspend_beyond_the_deadline_ends_the_wait_with_the_next_reading() {
    let mut monitor = monitor(Policy::default());
    monitor.observe(seconds(0), read(40, 0));
    monitor.observe(seconds(1), read(40, 0));
    let ended = outcome(monitor.observe(seconds(9000), read(3, 37))).expect("the hour is over");
    assert_eq!((ended.kind, ended.status_age), (OutcomeKind::TimedOut, Some(Duration::ZERO)));
}

#[test]
fn a_service_slower_than_the_poll_interval_does_not_stall_a_rollout() {
    let mut monitor = monitor(Policy::default());
    for (minute, completed) in (0..40).zip(0..) {
        // Each response takes a minute, whatever the poll interval is.
        assert!(outcome(monitor.observe(seconds(60 * minute), read(40 - completed, completed))).is_none());
    }
}

#[test]
fn a_clock_that_stops_or_steps_back_changes_no_outcome() {
    let mut monitor = monitor(Policy::default());
    monitor.observe(seconds(100), read(40, 0));
    monitor.observe(seconds(100), read(20, 20));
    monitor.observe(seconds(230), read(0, 40));
    let ended = outcome(monitor.observe(seconds(40), read(0, 40))).expect("two readings agree");
    assert_eq!((ended.kind, ended.freshness), (OutcomeKind::Ready, Freshness::Observed));
}

#[test]
fn the_longest_durations_do_not_overflow() {
    let mut policy = without_timeout();
    (policy.max_interval, policy.stall_timeout, policy.max_unreachable) = (Duration::MAX, Duration::MAX, Duration::MAX);
    let mut monitor = monitor(policy);
    monitor.observe(seconds(0), read(40, 0));
    monitor.observe(seconds(10), read(40, 0));
    let forever = ReadFailure { retry_after: Some(Duration::MAX), ..failure() };
    let step = monitor.observe(Duration::MAX, Reading::Failed(forever));
    assert_eq!(step.next.poll_interval(), Some(Duration::MAX));
    let mut machines = self::monitor(without_timeout());
    for completed in [0, 1 << 60, 0, u64::MAX / 2] {
        machines.observe(seconds(0), Reading::Status(status(10, 0, completed)));
    }
}

#[test]
fn a_reading_after_the_outcome_leads_to_the_same_outcome() {
    let mut monitor = monitor(Policy::default());
    for (moment, completed) in [(0, 0), (1, 0), (200, 40), (202, 40)] {
        monitor.observe(seconds(moment), read(40 - completed, completed));
    }
    for moment in 204..207 {
        let ended = outcome(monitor.observe(seconds(moment), read(moment, 0))).expect("it has ended");
        assert_eq!(ended.kind, OutcomeKind::Ready);
    }
}

#[test]
fn a_reading_after_a_permanent_error_does_not_resume_the_wait() {
    let mut monitor = monitor(Policy::default());
    let refused = Reading::Failed(ReadFailure { kind: ErrorKind::Authentication, ..failure() });
    assert_eq!(monitor.observe(Duration::ZERO, refused).next, Next::GiveUp);
    for moment in 1..5 {
        assert_eq!(monitor.observe(seconds(moment), read(0, 40)).next, Next::GiveUp);
    }
}

#[test]
fn a_local_error_that_lasts_ends_the_wait_as_itself() {
    let local = || Reading::Failed(ReadFailure { kind: ErrorKind::Local, ..failure() });
    let mut monitor = monitor(Policy::default());
    monitor.observe(seconds(0), read(40, 0));
    let ends: Vec<_> = (1..=7).map(|minute| monitor.observe(seconds(60 * minute), local()).next).collect();
    assert_eq!(ends.iter().position(|next| *next == Next::GiveUp), Some(5), "{ends:?}");
    assert!(ends[..5].iter().all(|next| matches!(next, Next::Read { .. })), "{ends:?}");
}

fn without_timeout() -> Policy {
    let mut policy = Policy::default();
    policy.timeout = None;
    policy
}

#[test]
fn a_gate_that_selects_needs_a_baseline_with_detail() {
    let mut policy = Policy::default();
    policy.gate = Gate::default().region("EU");
    let baseline = Baseline::new(IMAGE, status(0, 0, 40));
    let error = Monitor::new(IMAGE, policy, Some(&baseline)).unwrap_err();
    assert!(error.to_string().contains("the baseline was taken without detail"), "{error}");
}

fn cached(completed: u64, age: u64) -> Reading {
    Reading::Cached { status: status(40 - completed, 0, completed), age: seconds(age) }
}

#[test]
fn a_cached_reading_that_is_repeated_confirms_nothing() {
    let mut monitor = started(&monitor(without_timeout()));
    assert!(outcome(monitor.observe(seconds(30), cached(40, 10))).is_none());
    // The same response at three later times, and the precision of its age.
    for (received, age) in [(32, 12), (35, 14), (40, 20)] {
        assert!(outcome(monitor.observe(seconds(received), cached(40, age))).is_none(), "at {received} s");
    }
    let ended = outcome(monitor.observe(seconds(42), cached(40, 5))).expect("a later response agrees");
    assert_eq!((ended.kind, ended.readings), (OutcomeKind::Ready, 5));
    assert_eq!(ended.status_age, Some(seconds(5)));
}

#[test]
fn a_cached_reading_that_is_repeated_is_no_evidence() {
    let mut monitor = monitor(without_timeout());
    for (received, age) in [(10, 5), (12, 7), (14, 9)] {
        monitor.observe(seconds(received), cached(0, age));
        assert!(!monitor.has_started(), "at {received} s");
    }
    monitor.observe(seconds(16), cached(0, 1));
    assert!(monitor.has_started());
}

#[test]
fn a_cached_reading_older_than_the_last_is_not_inconsistent() {
    let mut monitor = monitor(without_timeout());
    monitor.observe(seconds(10), read(40, 0));
    let step = monitor.observe(seconds(12), cached(40, 60));
    let Update::Reading(reading) = step.update else { panic!("a status was read") };
    assert_eq!((reading.age, reading.inconsistent), (seconds(60), false));
    monitor.observe(seconds(14), read(40, 0));
    assert!(monitor.has_started(), "the two readings without an age follow one another");
}

#[test]
fn the_settle_time_runs_by_the_times_at_which_responses_were_made() {
    let mut monitor = monitor(without_timeout());
    monitor.observe(seconds(0), read(40, 0));
    monitor.observe(seconds(2), read(40, 0));
    // Received after the settle time, and made within it.
    let step = monitor.observe(seconds(130), cached(40, 30));
    assert_eq!(step.next.poll_interval(), Some(seconds(20)));
    let step = monitor.observe(seconds(150), cached(40, 30));
    assert_eq!(step.next.poll_interval(), Some(seconds(2)));
    assert!(outcome(monitor.observe(seconds(152), cached(40, 30))).is_some());
}

#[test]
fn a_timeout_runs_by_the_times_at_which_responses_are_received() {
    let mut monitor = monitor(Policy::default());
    monitor.observe(seconds(3599), cached(0, 3300));
    let ended = outcome(monitor.observe(seconds(3600), cached(0, 3300))).expect("the hour is over");
    assert_eq!((ended.kind, ended.elapsed), (OutcomeKind::TimedOut, seconds(3600)));
}

/// Returns the bounds of the poll interval after a reading.
fn bounds(step: &Step) -> (Duration, Duration, Duration) {
    match step.next {
        Next::Read { earliest, after, latest, .. } => (earliest, after, latest),
        Next::Finished(_) | Next::GiveUp => panic!("the wait has ended"),
    }
}

#[test]
fn jitter_stays_within_the_intervals_of_the_policy() {
    let millis = Duration::from_millis;
    let mut monitor = started(&monitor(without_timeout()));
    let far = monitor.observe(seconds(0), read(400, 0));
    assert_eq!(bounds(&far), (seconds(2), seconds(20), seconds(22)), "the first poll interval may be any shorter one");
    monitor.observe(seconds(300), read(395, 5));
    let longest = monitor.observe(seconds(400), read(380, 20));
    assert_eq!(bounds(&longest), (seconds(108), seconds(120), seconds(120)));
    let confirming = monitor.observe(seconds(1000), read(0, 400));
    assert_eq!(bounds(&confirming), (seconds(2), seconds(2), millis(2200)));
    let failed = monitor.observe(seconds(1002), failed());
    assert_eq!(bounds(&failed), (seconds(2), seconds(2), millis(2200)));
}

#[test]
fn a_poll_interval_that_ends_when_something_is_due_has_no_jitter() {
    let mut waiting = monitor(Policy::default());
    waiting.observe(seconds(0), read(0, 40));
    let grace = waiting.observe(seconds(597), read(0, 40));
    assert_eq!(bounds(&grace), (seconds(3), seconds(3), seconds(3)));
    let mut waiting = monitor(Policy::default());
    waiting.observe(seconds(0), read(40, 0));
    waiting.observe(seconds(2), read(40, 0));
    let settle = waiting.observe(seconds(50), read(0, 40));
    assert_eq!(bounds(&settle), (seconds(70), seconds(70), seconds(70)));
    let deadline = waiting.observe(seconds(3599), read(20, 20));
    assert_eq!(bounds(&deadline), (seconds(1), seconds(1), seconds(1)));
}

#[test]
fn a_poll_interval_that_the_service_asks_for_may_exceed_the_longest_and_its_jitter_only_adds() {
    let mut monitor = monitor(without_timeout());
    let asked = ReadFailure { retry_after: Some(seconds(200)), ..failure() };
    let step = monitor.observe(seconds(0), Reading::Failed(asked));
    assert_eq!(bounds(&step), (seconds(200), seconds(200), seconds(200)));
}

#[test]
fn detail_is_needed_until_each_region_was_seen_to_start() {
    let waiting = monitor(Policy::default());
    assert!(!waiting.needs_detail(), "the baseline has none");
    let mut without = Monitor::new(IMAGE, Policy::default(), None).expect("the policy is valid");
    assert!(without.needs_detail());
    without.observe(seconds(0), read(0, 40));
    without.observe(seconds(5), read(40, 0));
    without.observe(seconds(7), read(40, 0));
    assert!(without.has_started() && !without.needs_detail());
    let mut assumed = Monitor::new(IMAGE, Policy::default(), None).expect("the policy is valid");
    assumed.observe(seconds(60), read(0, 40));
    assert!(!assumed.needs_detail(), "the start is no longer looked for");
}

/// Returns a monitor as another process continues it, after a change of its snapshot.
fn restored(monitor: &Monitor, change: impl FnOnce(&mut Value)) -> Result<Monitor, String> {
    let mut snapshot = serde_json::to_value(monitor.snapshot()).expect("a snapshot is JSON");
    change(&mut snapshot);
    let snapshot = serde_json::from_value(snapshot).map_err(|error| error.to_string())?;
    Monitor::restore(snapshot).map_err(|error| error.to_string())
}

#[test]
fn a_damaged_snapshot_is_refused() {
    let mut monitor = monitor(without_timeout());
    monitor.observe(seconds(0), read(40, 0));
    assert!(restored(&monitor, |_| ()).is_ok());
    let contradicts = "the snapshot is damaged: its data contradicts itself";
    for (path, value, expected) in [
        ("/version", json!(2), "unsupported version 2: expected 1"),
        ("/image/image_id", json!(1), "it names image 1 of account service 1234, but its data is of image 5678"),
        ("/state/policy/confirmations", json!(0), "confirmations is 0"),
        ("/state/warnings_given", json!(9), contradicts),
        ("/state/evidence/certain", json!([1]), contradicts),
        ("/state/evidence/places", json!([[["fleet", "region"], 3]]), contradicts),
        ("/state/pace/completions", json!([[{"secs": 1, "nanos": 0}, 9], [{"secs": 2, "nanos": 0}, 1]]), contradicts),
    ] {
        let error =
            restored(&monitor, |snapshot| *snapshot.pointer_mut(path).expect("it is there") = value).unwrap_err();
        assert!(error.contains(expected), "{path}: {error}");
    }
}

#[test]
fn a_wait_that_has_ended_without_a_verdict_goes_on_with_another_deadline() {
    let policy = |timeout| {
        let mut policy = Policy::default();
        policy.timeout = Some(seconds(timeout));
        policy
    };
    let mut monitor = monitor(policy(600));
    monitor.observe(seconds(0), read(40, 0));
    monitor.observe(seconds(2), read(40, 0));
    let ended = outcome(monitor.observe(seconds(600), read(1, 39))).expect("the timeout is over");
    assert_eq!((ended.kind, monitor.end()), (OutcomeKind::TimedOut, Some(&Next::Finished(Box::new(ended)))));
    let mut monitor = restored(&monitor, |_| ()).expect("it was not changed");
    monitor.change_policy(policy(600)).expect("it is the same");
    assert!(monitor.end().is_some());
    monitor.change_policy(policy(1200)).expect("only the timeout differs");
    assert!(monitor.end().is_none());
    assert!(outcome(monitor.observe(seconds(700), read(0, 40))).is_none());
    let ready = outcome(monitor.observe(seconds(702), read(0, 40))).expect("two readings agree");
    assert_eq!((ready.kind, ready.freshness), (OutcomeKind::Ready, Freshness::Observed));
    // A wait that ended as ready has ended for good.
    monitor.change_policy(policy(2400)).expect("only the timeout differs");
    assert!(monitor.end().is_some());
}

#[test]
fn a_change_of_what_the_readings_were_evaluated_by_is_refused_by_name() {
    let mut monitor = monitor(Policy::default());
    let mut policy = Policy::default();
    policy.gate = Gate::default().max_failed(Limit::Count(3));
    policy.confirmations = 3;
    let error = monitor.change_policy(policy).unwrap_err();
    let expected = "invalid policy: only deadlines may change during a wait: confirmations was 2, and is now 3, gate.max_failed was 0, and is now 3";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_baseline_is_busy_while_at_least_half_of_the_machines_are_pending() {
    for (pending, completed, is_busy) in [(0, 0, false), (0, 40, false), (19, 21, false), (20, 20, true), (40, 0, true)]
    {
        let busy = Baseline::new(IMAGE, status(pending, 0, completed)).busy();
        assert_eq!(busy.is_some(), is_busy, "{pending} pending, {completed} completed: {busy:?}");
    }
}
