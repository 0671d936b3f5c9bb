//! Properties of a status and its counts.

use std::cmp::Reverse;

use clanforge_core::{
    FleetStatus, Gate, ImageStatus, MachineCounts, Readiness, RegionRow, RegionStatus, decode_image_status,
};

/// Checks the aggregates of one set of counts.
pub fn counts(counts: MachineCounts) {
    let (pending, failed, completed) =
        (counts.pending_machines(), counts.failed_machines(), counts.completed_machines());
    let total = [pending, failed, completed].into_iter().try_fold(0, u64::checked_add);
    assert_eq!(Some(counts.total_machines()), total, "{counts:?}: the total is the sum, and fits");
    let readiness = match (counts.total_machines(), pending, failed) {
        (0, ..) => Readiness::Empty,
        (_, 1.., _) => Readiness::Installing,
        (_, 0, 1..) => Readiness::Degraded,
        (_, 0, 0) => Readiness::Ready,
    };
    assert_eq!(counts.readiness(), readiness);
    assert_eq!(counts.is_ready(), pending == 0 && failed == 0 && completed > 0);
    match counts.percent_complete() {
        None => assert_eq!(counts.total_machines(), 0),
        Some(percent) => {
            assert!((0.0..=100.0).contains(&percent), "{counts:?}: {percent} %");
            assert_eq!(percent >= 100.0, completed == counts.total_machines(), "{counts:?}: {percent} %");
            assert_eq!(counts.percent_text() == "100 %", completed == counts.total_machines());
        }
    }
}

/// Checks the aggregates of a status, and that it survives a round trip through JSON.
pub fn status(status: &ImageStatus) {
    counts(status.counts());
    let fleets = status.fleets().unwrap_or_default();
    assert!(fleets.is_sorted_by(|one, next| one.id() < next.id()), "fleets are sorted by unique ids");
    assert!(MachineCounts::sum(fleets.iter().map(FleetStatus::counts)).is_ok(), "the fleets' sum fits");
    for fleet in fleets {
        counts(fleet.counts());
        assert!(fleet.regions().is_sorted_by(|one, next| one.id() < next.id()), "regions are sorted by unique ids");
        assert!(MachineCounts::sum(fleet.regions().iter().map(RegionStatus::counts)).is_ok(), "the regions' sum fits");
        fleet.regions().iter().for_each(|region| counts(region.counts()));
        assert_eq!(status.fleet(fleet.id()), Some(fleet));
    }
    rows(status);
    assert_eq!(Gate::default().evaluate(status).is_ready(), status.is_ready(), "the strict gate is readiness");
    let body = serde_json::to_vec(status).expect("a status is JSON");
    assert_eq!(decode_image_status(&body).as_ref(), Ok(status));
    assert_eq!(&serde_json::from_slice::<ImageStatus>(&body).expect("it deserializes"), status);
}

/// Failed and pending regions are those with such machines, most machines first.
fn rows(status: &ImageStatus) {
    assert_eq!(status.failed_regions().is_some(), status.fleets().is_some());
    let rows: Vec<RegionRow<'_>> = status.regions().into_iter().flatten().collect();
    let failed = status.failed_regions().unwrap_or_default();
    let pending = status.pending_regions().unwrap_or_default();
    let with = |count: fn(&MachineCounts) -> u64| rows.iter().filter(|row| count(&row.counts) > 0).count();
    assert_eq!(failed.len(), with(|counts| counts.failed_machines()));
    assert_eq!(pending.len(), with(|counts| counts.pending_machines()));
    assert!(failed.iter().all(|row| row.counts.failed_machines() > 0 && rows.contains(row)));
    assert!(pending.iter().all(|row| row.counts.pending_machines() > 0 && rows.contains(row)));
    assert!(failed.is_sorted_by_key(|row| Reverse(row.counts.failed_machines())));
}
