//! Properties of every policy and every sequence of readings.

use std::time::Duration;

use clanforge_core::monitor::{Monitor, Policy, ReadFailure, Reading};
use clanforge_core::{ErrorKind, ImageRef, ImageStatus, MachineCounts, Percentage};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

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

proptest! {
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
        prop_assert_eq!(serde_json::from_str::<Policy>(&written).expect("it is a policy"), policy);
    }

    #[test]
    fn the_same_readings_lead_to_the_same_updates(readings in vec((0..90_u64, any_reading()), 1..40)) {
        let run = || {
            let mut monitor = Monitor::new(IMAGE, Policy::default(), None).expect("the default policy is valid");
            let mut elapsed = Duration::ZERO;
            let steps = readings.iter().map(|(wait, reading)| {
                elapsed += seconds(*wait);
                serde_json::to_string(&monitor.observe(elapsed, reading.clone()).update).expect("an update is JSON")
            });
            steps.collect::<Vec<_>>()
        };
        prop_assert_eq!(run(), run());
    }
}
