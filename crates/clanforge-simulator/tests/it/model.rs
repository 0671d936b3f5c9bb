//! The rollout model, in its own time.

use std::time::Duration;

use clanforge_core::{ImageStatus, Readiness};
use clanforge_simulator::{Replicas, Rollout, Scenario};

fn rollout(name: &str) -> Rollout {
    Rollout::new(&Scenario::builtin(name).unwrap()).unwrap().unwrap()
}

fn of(text: &str) -> Rollout {
    Rollout::new(&text.parse().unwrap()).unwrap().unwrap()
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

/// Returns the status after each change of a rollout, and the time of the change.
fn history(mut rollout: Rollout) -> Vec<(Duration, ImageStatus)> {
    let mut history = vec![(Duration::ZERO, rollout.status(true))];
    while let Some(moment) = rollout.next_change().filter(|moment| *moment < minutes(600)) {
        rollout.advance(moment);
        history.push((moment, rollout.status(true)));
    }
    history
}

#[test]
fn the_counts_describe_the_previous_version_until_the_new_one_is_packaged() {
    let mut rollout = rollout("stale-start");
    for minute in [0, 5, 11] {
        rollout.advance(minutes(minute));
        assert_eq!(rollout.status(false).readiness(), Readiness::Ready);
        assert!(!rollout.has_started() && !rollout.is_complete());
    }
    rollout.advance(minutes(12));
    assert!(rollout.has_started());
    assert_eq!(rollout.status(false).pending_machines(), 40);
}

#[test]
fn the_happy_rollout_completes_every_machine_and_ends() {
    let history = history(rollout("happy"));
    let (end, last) = history.last().unwrap();
    assert_eq!((last.readiness(), last.total_machines()), (Readiness::Ready, 54));
    assert!(*end > minutes(6) && *end < minutes(20), "{end:?}");
    assert!(history.iter().all(|(_, status)| status.total_machines() == 54));
    assert!(history.iter().all(|(_, status)| status.mismatches() == Some(Vec::new())));
}

#[test]
fn no_more_installs_run_at_once_than_parallel_installs_allows() {
    let text = r#"
        description = "Two installs at once, each exactly three minutes"
        rollout = { packaging = "1m", parallel_installs = 2, install = { median = "3m" } }
        fleets = [{ id = "f", regions = [{ id = "r", name = "R", machines = 5 }] }]
    "#;
    let mut rollout = of(text);
    for (minute, completed) in [(0, 5), (1, 0), (3, 0), (4, 2), (7, 4), (9, 4), (10, 5)] {
        rollout.advance(minutes(minute));
        assert_eq!(rollout.status(false).completed_machines(), completed, "after {minute} minutes");
    }
    assert!(rollout.is_complete() && rollout.next_change().is_none());
}

#[test]
fn failed_machines_stay_or_are_replaced_or_install_again() {
    let (_, last) = history(rollout("failures-stay")).pop().unwrap();
    assert_eq!((last.readiness(), last.failed_machines()), (Readiness::Degraded, 3));

    let vanishing = history(rollout("failures-vanish"));
    assert!(vanishing.iter().any(|(_, status)| status.failed_machines() == 4));
    let (_, last) = vanishing.last().unwrap();
    assert_eq!((last.readiness(), last.total_machines()), (Readiness::Ready, 42));

    let again = history(of(r#"
        description = "A machine that fails once"
        rollout = { packaging = "1m", install = { median = "3m" }, failure = { retried_after = "5m" } }
        fleets = [{ id = "f", regions = [{ id = "r", name = "R", machines = 2, failing = 1 }] }]
    "#));
    let at = |minute| again.iter().rev().find(|(moment, _)| *moment <= minutes(minute)).unwrap().1.counts();
    assert_eq!((at(4).failed_machines(), at(4).completed_machines()), (1, 1));
    assert_eq!((at(9).failed_machines(), at(9).pending_machines()), (0, 1));
    assert_eq!(at(12).completed_machines(), 2);
}

#[test]
fn a_share_of_the_installs_fails() {
    let (_, last) = history(of(r#"
        description = "A tenth fails"
        rollout = { seed = 9, packaging = "1m", install = { median = "3m" }, failure = { share = 0.1 } }
        fleets = [{ id = "f", regions = [{ id = "r", name = "R", machines = 1000 }] }]
    "#))
    .pop()
    .unwrap();
    assert!((60..=140).contains(&last.failed_machines()), "{}", last.failed_machines());
}

#[test]
fn scaling_boots_pending_machines_and_removes_running_ones() {
    let mut rollout = of(r#"
        description = "Up before the start, down after it"
        rollout = { packaging = "10m", install = { median = "3m" } }
        [[fleets]]
        id = "f"
        regions = [{ id = "r", name = "R", machines = 4, scaling = [{ at = "1m", machines = 6 }, { at = "11m", machines = 3 }] }]
    "#);
    for (minute, expected) in [(0, [0, 4]), (1, [2, 4]), (4, [0, 6]), (10, [6, 0]), (11, [3, 0]), (13, [0, 3])] {
        rollout.advance(minutes(minute));
        let counts = rollout.status(false).counts();
        assert_eq!([counts.pending_machines(), counts.completed_machines()], expected, "after {minute} minutes");
    }
}

#[test]
fn a_rollout_that_never_starts_is_never_complete() {
    let mut rollout = rollout("never-starts");
    let mut was_pending = false;
    for minute in 0..120 {
        rollout.advance(minutes(minute));
        was_pending |= rollout.status(false).pending_machines() > 0;
        assert!(!rollout.has_started() && !rollout.is_complete());
    }
    assert!(was_pending, "a machine that boots counts as pending");
}

#[test]
fn the_same_seed_gives_the_same_rollout_and_another_seed_another_one() {
    let text = |seed: u64| {
        format!(
            r#"
            description = "By chance"
            rollout = {{ seed = {seed}, packaging = "1m", install = {{ median = "3m", spread = 0.5 }} }}
            fleets = [{{ id = "f", regions = [{{ id = "r", name = "R", machines = 20 }}] }}]
            "#
        )
    };
    assert_eq!(history(of(&text(1))), history(of(&text(1))));
    assert_ne!(history(of(&text(1))), history(of(&text(2))));
}

#[test]
fn stragglers_are_all_in_one_region() {
    let history = history(rollout("stragglers"));
    let late = history.iter().rev().find(|(_, status)| status.pending_machines() == 1).unwrap();
    let pending = late.1.pending_regions().unwrap();
    assert_eq!(pending.iter().map(|region| region.name).collect::<Vec<_>>(), ["Asia"]);
}

#[test]
fn a_batch_starts_a_part_of_each_region_and_machines_that_boot_after_it_are_up_to_date() {
    let mut rollout = of(r#"
        description = "Three batches, two minutes apart"
        rollout = { packaging = "1m", install = { median = "1m" }, batches = { count = 3, apart = { least = "2m", most = "2m" } } }
        [[fleets]]
        id = "f"
        regions = [{ id = "r", name = "R", machines = 7, scaling = [{ at = "2m", machines = 8 }] }]
    "#);
    for (minute, expected) in
        [(0, [0, 7]), (1, [3, 4]), (2, [1, 7]), (3, [2, 6]), (4, [0, 8]), (5, [2, 6]), (6, [0, 8])]
    {
        rollout.advance(minutes(minute));
        let counts = rollout.status(false).counts();
        assert_eq!([counts.pending_machines(), counts.completed_machines()], expected, "after {minute} minutes");
        assert_eq!(rollout.has_started(), minute >= 5, "after {minute} minutes");
    }
}

#[test]
fn regions_in_stages_have_started_when_the_last_has() {
    let mut rollout = rollout("staged-regions");
    rollout.advance(minutes(18));
    assert!(rollout.status(false).readiness() == Readiness::Ready && !rollout.has_started());
    rollout.advance(minutes(19));
    assert!(rollout.has_started() && !rollout.is_complete());
    rollout.advance(minutes(40));
    assert!(rollout.is_complete());
}

#[test]
fn a_replica_reports_the_rollout_as_it_was_before_its_lag() {
    let mut replicas = Replicas::new(&Scenario::builtin("lagging-replicas").unwrap()).unwrap().unwrap();
    let mut views: Vec<_> = (0..20)
        .map(|second| {
            replicas.advance(minutes(3) + Duration::from_secs(second));
            replicas.status(false).pending_machines()
        })
        .collect();
    assert!(replicas.newest().has_started());
    assert!(views.windows(2).any(|pair| pair[0] < pair[1]) && views.windows(2).any(|pair| pair[0] > pair[1]));
    views.sort_unstable();
    views.dedup();
    assert_eq!(views, [0, 40]);
    replicas.advance(minutes(3) + Duration::from_secs(100));
    assert_eq!(replicas.status(false).pending_machines(), 40, "the lag is over");
}

#[test]
fn a_client_is_kept_at_a_replica_for_as_long_as_the_scenario_says() {
    let text = include_str!("../../scenarios/lagging-replicas.toml")
        .replace("[replicas]", "[replicas]\nkept = { least = \"30s\", most = \"40s\" }");
    let mut replicas = Replicas::new(&text.parse().unwrap()).unwrap().unwrap();
    let views: Vec<_> = (0..100)
        .map(|second| {
            replicas.advance(minutes(3) + Duration::from_secs(second));
            replicas.status(false).pending_machines()
        })
        .collect();
    let changes = views.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!((1..=3).contains(&changes), "{views:?}");
}
