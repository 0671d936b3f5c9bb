//! The state machine with unusual clocks and extreme durations.

use std::time::Duration;

use clanforge_core::monitor::{
    Baseline, Freshness, Monitor, Next, Outcome, OutcomeKind, Policy, ReadFailure, Reading, Step,
};
use clanforge_core::{ErrorKind, Gate, ImageRef, ImageStatus, MachineCounts};

const IMAGE: ImageRef = ImageRef::new(1234, 5678);

fn status(pending: u64, failed: u64, completed: u64) -> ImageStatus {
    ImageStatus::new(MachineCounts::new(pending, failed, completed).expect("small counts fit"))
}

fn read(pending: u64, completed: u64) -> Reading {
    Reading::Status(status(pending, 0, completed))
}

fn failure() -> ReadFailure {
    let message = "could not connect".to_owned();
    ReadFailure { kind: ErrorKind::Connection, message, status: None, retry_after: None }
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
    assert_eq!(step.next.pause(), Some(Duration::MAX));
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
