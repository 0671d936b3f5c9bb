//! Properties of every status and every gate.

use clanforge_core::documents::{CheckDocument, StatusDocument};
use clanforge_core::{FleetStatus, Gate, ImageRef, ImageStatus, Limit, MachineCounts, Per, RegionStatus};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use crate::schemas::assert_valid;

fn counts(most: u64) -> impl Strategy<Value = MachineCounts> {
    let count = || prop_oneof![3 => Just(0), 3 => 0..5_u64, 2 => 0..=most];
    (count(), count(), count()).prop_map(|(pending, failed, completed)| {
        MachineCounts::new(pending, failed, completed).expect("three thirds fit")
    })
}

/// Counts whose sum over any status that is generated here fits into 64 bits.
fn part() -> impl Strategy<Value = MachineCounts> {
    counts(u64::MAX / 256)
}

fn region() -> impl Strategy<Value = (String, MachineCounts)> {
    (prop_oneof![Just("EU".to_owned()), Just("Asia".to_owned()), ".{0,6}"], part())
}

fn fleet() -> impl Strategy<Value = (MachineCounts, Vec<RegionStatus>)> {
    let regions = btree_map("[a-z0-9-]{0,12}", region(), 0..5);
    let regions = regions.prop_map(|regions| {
        regions.into_iter().map(|(id, (name, counts))| RegionStatus::new(id, name, counts)).collect()
    });
    (part(), regions)
}

fn status() -> impl Strategy<Value = ImageStatus> {
    let fleets = btree_map("[a-z0-9-]{0,12}", fleet(), 0..4).prop_map(|fleets| {
        let fleet = |(id, (counts, regions))| FleetStatus::new(id, counts, regions).expect("its parts fit");
        fleets.into_iter().map(fleet).collect::<Vec<_>>()
    });
    (counts(u64::MAX / 3), option::weighted(0.8, fleets)).prop_map(|(counts, fleets)| match fleets {
        None => ImageStatus::new(counts),
        Some(fleets) => ImageStatus::with_fleets(counts, fleets).expect("its parts fit"),
    })
}

fn per() -> impl Strategy<Value = Per> {
    prop_oneof![Just(Per::Total), Just(Per::Fleet), Just(Per::Region)]
}

/// A count, or a share in percent.
fn limit() -> impl Strategy<Value = (bool, u32)> {
    (any::<bool>(), 0..=100_u32)
}

fn limit_of((is_share, number): (bool, u32)) -> Limit {
    if is_share { Limit::percent(number).expect("at most 100") } else { Limit::Count(number.into()) }
}

fn loosened((is_share, number): (bool, u32), by: u32) -> Limit {
    limit_of((is_share, if is_share { (number + by).min(100) } else { number + by }))
}

proptest! {
    #[test]
    fn every_status_satisfies_its_properties(status in status()) {
        clanforge_properties::status(&status);
        assert_valid("image-status", &status);
        assert_valid("status", &StatusDocument::new(ImageRef::new(1, 2), &status));
    }

    #[test]
    fn there_is_no_mismatch_if_every_total_is_the_sum_of_its_parts(status in status()) {
        let Some(fleets) = status.fleets() else { return Ok(()) };
        let summed = |fleet: &FleetStatus| {
            let counts = MachineCounts::sum(fleet.regions().iter().map(RegionStatus::counts)).expect("its parts fit");
            FleetStatus::new(fleet.id(), counts, fleet.regions().to_vec()).expect("its parts fit")
        };
        let fleets: Vec<_> = fleets.iter().map(summed).collect();
        let counts = MachineCounts::sum(fleets.iter().map(FleetStatus::counts)).expect("its parts fit");
        let consistent = ImageStatus::with_fleets(counts, fleets).expect("its parts fit");
        prop_assert_eq!(consistent.mismatches(), Some(Vec::new()));
    }

    #[test]
    fn a_looser_gate_never_turns_ready_into_not_ready(
        status in status(),
        per in per(),
        (max_pending, max_failed, min_completed) in (limit(), limit(), 0..4_u64),
        (more_pending, more_failed, fewer_completed) in (0..60_u32, 0..60_u32, 0..4_u64),
        fleets in vec("[a-z0-9-]{0,12}", 0..2),
        regions in vec(prop_oneof![Just("EU".to_owned()), Just("Asia".to_owned())], 0..2),
    ) {
        let strict = Gate::default()
            .max_pending(limit_of(max_pending))
            .max_failed(limit_of(max_failed))
            .min_completed(min_completed)
            .per(per);
        let strict = fleets.into_iter().fold(strict, Gate::fleet);
        let strict = regions.into_iter().fold(strict, Gate::region);
        let loose = strict
            .clone()
            .max_pending(loosened(max_pending, more_pending))
            .max_failed(loosened(max_failed, more_failed))
            .min_completed(min_completed.saturating_sub(fewer_completed));
        prop_assert!(!strict.evaluate(&status).is_ready() || loose.evaluate(&status).is_ready());
    }

    #[test]
    fn every_verdict_satisfies_its_properties(status in status(), per in per(), region in option::of("EU")) {
        let gate = region.into_iter().fold(Gate::default().per(per), Gate::region);
        clanforge_properties::verdict(&gate, &status);
        let verdict = gate.evaluate(&status);
        assert_valid("gate", &gate);
        assert_valid("verdict", &verdict);
        assert_valid("check", &CheckDocument::new(ImageRef::new(1, 2), &status, &verdict));
    }

    #[test]
    fn a_gate_survives_a_round_trip_through_json(max_pending in limit(), max_failed in limit(), min_completed: u64, per in per()) {
        let gate = Gate::default()
            .max_pending(limit_of(max_pending))
            .max_failed(limit_of(max_failed))
            .min_completed(min_completed)
            .per(per)
            .region("EU");
        let written = serde_json::to_string(&gate).expect("a gate is JSON");
        prop_assert_eq!(serde_json::from_str::<Gate>(&written).expect("it is a gate"), gate);
    }

    #[test]
    fn a_limit_survives_a_round_trip_through_text(millionths in 0..=1_000_000_u32, total: u64) {
        let text = format!("{}.{:04}%", millionths / 10_000, millionths % 10_000);
        let limit: Limit = text.parse().expect("at most 100 percent");
        prop_assert_eq!(limit.to_string().parse::<Limit>(), Ok(limit));
        let exact = u128::from(total) * u128::from(millionths) / 1_000_000;
        prop_assert_eq!(u128::from(limit.machines(total)), exact);
    }
}
