//! Properties of every policy and every sequence of readings, and of every interleaving of two views of one rollout.

use std::time::Duration;

use clanforge_core::monitor::{Baseline, Monitor, Next, Outcome, OutcomeKind, Policy, ReadFailure, Reading, Update};
use clanforge_core::{ErrorKind, FleetStatus, ImageRef, ImageStatus, MachineCounts, Percentage, RegionStatus};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::schemas::assert_valid;

const IMAGE: ImageRef = ImageRef::new(1234, 5678);

fn status(pending: u64, failed: u64, completed: u64) -> ImageStatus {
    ImageStatus::new(MachineCounts::new(pending, failed, completed).expect("small counts fit"))
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn any_reading() -> impl Strategy<Value = Reading> {
    let counts = (0..30_u64, 0..4_u64, 0..30_u64)
        .prop_map(|(pending, failed, completed)| Reading::Status(status(pending, failed, completed)));
    let kinds = prop::sample::select(ErrorKind::ALL.to_vec());
    let failure = (kinds, option::of(0..100_u64)).prop_map(|(kind, retry_after)| {
        Reading::Failed(ReadFailure {
            kind,
            message: "it failed".to_owned(),
            status: None,
            retry_after: retry_after.map(seconds),
            service_message: None,
        })
    });
    prop_oneof![5 => counts, 1 => failure]
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let times = (1..4000_u64, 1..2000_u64, 1..400_u64, 1..5_u64, 5..60_u64);
    (times, option::of(0..300_u64), 1..4_u32, 1..=100_u32, any::<[bool; 3]>()).prop_map(
        |((timeout, stall, unreachable, min, max), grace, confirmations, evidence, [fresh, fast, endless])| {
            let mut policy = Policy::default();
            policy.timeout = (!endless).then(|| seconds(timeout));
            policy.stall_timeout = seconds(stall);
            policy.max_unreachable = seconds(unreachable);
            (policy.min_interval, policy.max_interval) = (seconds(min), seconds(max));
            policy.start_grace = grace.map(|grace| seconds(grace.min(timeout)));
            policy.confirmations = confirmations;
            policy.evidence = Percentage::new(evidence).expect("at most 100");
            (policy.require_fresh, policy.fail_fast) = (fresh, fast);
            policy
        },
    )
}

/// A rollout: when each region starts, and how long the install of each of its machines takes.
type Regions = Vec<(u64, Vec<u64>)>;

fn any_regions() -> impl Strategy<Value = Regions> {
    vec((0..900_u64, vec(1..900_u64, 1..30)), 1..4)
}

/// Returns what the service counts at a moment, which may lie before the deploy command.
fn counted(regions: &Regions, moment: Option<u64>) -> ImageStatus {
    let regions = regions.iter().enumerate().map(|(number, (start, installs))| {
        let since = moment.and_then(|moment| moment.checked_sub(*start));
        let is_pending = |install: &&u64| since.is_some_and(|since| since < **install);
        let pending = installs.iter().filter(is_pending).count() as u64;
        let counts = MachineCounts::new(pending, 0, installs.len() as u64 - pending).expect("small counts fit");
        RegionStatus::new(format!("region-{number}"), "Region", counts)
    });
    let regions: Vec<_> = regions.collect();
    let counts = MachineCounts::sum(regions.iter().map(RegionStatus::counts)).expect("small counts fit");
    let fleet = FleetStatus::new("fleet", counts, regions).expect("its ids differ");
    ImageStatus::with_fleets(counts, vec![fleet]).expect("its ids differ")
}

/// Waits for a rollout, each reading from a replica that lags or from one that does not and after a poll interval within its
/// bounds, and returns the updates of the readings with the outcome. After each reading, `exchange` replaces the monitor.
fn wait_with(
    regions: &Regions,
    lag: u64,
    turns: &[(bool, u8)],
    exchange: impl Fn(Monitor) -> Monitor,
) -> (Vec<Update>, Outcome) {
    let baseline = Baseline::new(IMAGE, counted(regions, None));
    let mut monitor = Monitor::new(IMAGE, Policy::default(), Some(&baseline)).expect("the default policy is valid");
    let (mut elapsed, mut updates) = (Duration::ZERO, Vec::new());
    for (lags, place) in turns.iter().cycle() {
        let moment = elapsed.as_secs().checked_sub(if *lags { lag } else { 0 });
        let step = monitor.observe(elapsed, Reading::Status(counted(regions, moment)));
        updates.push(step.update);
        monitor = exchange(monitor);
        match step.next {
            Next::Read { earliest, latest, .. } => {
                elapsed += earliest + latest.saturating_sub(earliest) * (*place).into() / 255;
            }
            Next::Finished(outcome) => return (updates, *outcome),
            Next::GiveUp => panic!("no reading fails"),
        }
    }
    unreachable!("the turns repeat")
}

fn wait(regions: &Regions, lag: u64, turns: &[(bool, u8)]) -> (Vec<Update>, Outcome) {
    wait_with(regions, lag, turns, |monitor| monitor)
}

proptest! {
    // Each case has hundreds of snapshots.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_wait_that_is_restored_after_every_reading_is_the_uninterrupted_one(
        regions in any_regions(),
        lag in 0..=120_u64,
        turns in vec(any::<(bool, u8)>(), 1..40),
    ) {
        let restored = |monitor| clanforge_properties::restored(&monitor);
        prop_assert_eq!(wait_with(&regions, lag, &turns, restored), wait(&regions, lag, &turns));
    }
}

proptest! {
    #[test]
    fn no_interleaving_of_two_lagging_views_ends_as_ready_before_the_rollout_is(
        regions in any_regions(),
        lag in 0..=120_u64,
        turns in vec(any::<(bool, u8)>(), 1..40),
    ) {
        let (_, outcome) = wait(&regions, lag, &turns);
        prop_assert!(outcome.kind != OutcomeKind::Failed && outcome.errors == 0);
        if outcome.is_ready() {
            let done = regions.iter().map(|(start, installs)| start + installs.iter().max().expect("it has machines"));
            let done = done.max().expect("there is a region");
            prop_assert!(outcome.elapsed.as_secs() >= done, "ready after {:?}, done after {done} s", outcome.elapsed);
        }
    }

    #[test]
    fn a_consistent_view_of_slow_installs_ends_as_ready_without_an_inconsistent_reading(
        installs in vec(300..900_u64, 1..30),
        start in 0..590_u64,
        places in vec(any::<u8>(), 1..40),
    ) {
        let turns: Vec<_> = places.into_iter().map(|place| (false, place)).collect();
        let (_, outcome) = wait(&vec![(start, installs)], 0, &turns);
        prop_assert_eq!((outcome.kind, outcome.inconsistent), (OutcomeKind::Ready, 0));
    }

    #[test]
    fn the_outcome_counts_the_inconsistent_readings_of_any_interleaving(
        regions in any_regions(),
        lag in 0..=300_u64,
        turns in vec(any::<(bool, u8)>(), 1..40),
    ) {
        let (updates, outcome) = wait(&regions, lag, &turns);
        let is_inconsistent = |update: &&Update| matches!(update, Update::Reading(reading) if reading.inconsistent);
        prop_assert_eq!(outcome.inconsistent, updates.iter().filter(is_inconsistent).count() as u64);
        prop_assert_eq!(outcome.readings, updates.len() as u64);
    }

    #[test]
    fn any_readings_satisfy_the_properties_of_waiting(
        policy in any_policy(),
        has_baseline: bool,
        readings in vec((0..90_u64, any_reading()), 1..60),
    ) {
        let before = has_baseline.then(|| status(0, 0, 20));
        let readings = readings.into_iter().map(|(pause, reading)| (seconds(pause), reading));
        clanforge_properties::waiting(&policy, before.as_ref(), readings);
    }

    #[test]
    fn a_policy_survives_a_round_trip_through_json(policy in any_policy()) {
        let written = serde_json::to_string(&policy).expect("a policy is JSON");
        assert_valid("policy", &policy);
        prop_assert_eq!(serde_json::from_str::<Policy>(&written).expect("it is a policy"), policy);
    }

    #[test]
    fn the_same_readings_lead_to_the_same_updates(readings in vec((0..90_u64, any_reading()), 1..40)) {
        let run = || {
            let mut monitor = Monitor::new(IMAGE, Policy::default(), None).expect("the default policy is valid");
            let mut elapsed = Duration::ZERO;
            let steps = readings.iter().map(|(wait, reading)| {
                elapsed += seconds(*wait);
                let step = monitor.observe(elapsed, reading.clone());
                assert_valid("update", &step.update);
                if let Next::Finished(outcome) = step.next {
                    assert_valid("outcome", &outcome);
                    assert_valid("update", &Update::Outcome(*outcome));
                }
                serde_json::to_string(&step.update).expect("an update is JSON")
            });
            steps.collect::<Vec<_>>()
        };
        prop_assert_eq!(run(), run());
    }
}
