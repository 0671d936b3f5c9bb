//! Waits for rollouts that advance with each request, and for services that fail.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clanforge::core::Percentage;
use clanforge::monitor::{Baseline, Freshness, OutcomeKind, Policy, Update};
use clanforge::{Client, Credentials, ErrorKind, Gate, ImageStatus, Limit, MachineCounts, Per};
use clanforge_simulator::{Options, Reply, Scenario, Simulator};

use crate::servers::{IMAGE, always, client, json, simulation, simulator, until};

/// Returns a policy that polls without delay and gives up late: how long a reading takes must not end a wait.
fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.timeout = Some(Duration::from_secs(300));
    policy.start_grace = Some(Duration::from_secs(60));
    policy.stall_timeout = Duration::from_secs(60);
    policy.max_unreachable = Duration::from_secs(60);
    policy.settle = Duration::ZERO;
    policy.min_interval = Duration::from_millis(1);
    policy.max_interval = Duration::from_millis(5);
    policy
}

/// Waits for the rollout of a scenario by the default policy, and returns the updates.
async fn updates_of(scenario: &str, slowed_by: Duration) -> Vec<Update> {
    let (simulator, builder) = simulation(scenario);
    let client = builder.build().unwrap();
    let baseline = client.baseline(IMAGE).await.unwrap();
    simulator.start_rollout(None);
    let mut updates = client.watch(IMAGE).baseline(baseline).stream();
    let mut seen = Vec::new();
    while let Some(update) = updates.next().await {
        seen.push(update.unwrap());
        tokio::time::sleep(slowed_by).await;
    }
    seen
}

/// Returns the updates without the messages of errors, which name the port of the simulator.
fn without_messages(updates: &[Update]) -> Vec<Update> {
    let mut updates = updates.to_vec();
    for update in &mut updates {
        if let Update::ReadFailed(failed) = update {
            failed.error.message.clear();
        }
    }
    updates
}

#[tokio::test]
async fn every_scenario_has_its_outcome_by_the_default_policy_however_slow_the_machine_is() {
    use OutcomeKind::{Failed, NotStarted, Ready};

    for (scenario, kind, reason, is_inconsistent) in [
        ("happy", Ready, "ready: 54 of 54 machines completed, 0 pending, 0 failed", false),
        ("stale-start", NotStarted, "not started: no evidence of the new version within 10 min", false),
        ("never-starts", NotStarted, "not started: no evidence of the new version within 10 min", false),
        ("stragglers", Ready, "ready: 56 of 56 machines completed", false),
        ("failures-stay", Failed, "failed: the image has", false),
        ("failures-vanish", Failed, "failed: the image has", false),
        ("autoscaling", Ready, "machines completed, 0 pending, 0 failed", false),
        ("lagging-replicas", Ready, "machines completed, 0 pending, 0 failed", true),
        ("staged-regions", Ready, "machines completed, 0 pending, 0 failed", false),
        ("batches", Ready, "machines completed, 0 pending, 0 failed", false),
        ("outage", Ready, "ready: 30 of 30 machines completed", false),
        ("empty", NotStarted, "not started: the image has no machines", false),
    ] {
        let updates = updates_of(scenario, Duration::ZERO).await;
        let Some(Update::Outcome(outcome)) = updates.last() else { panic!("{scenario} has no outcome") };
        assert_eq!(outcome.kind, kind, "{scenario}: {outcome:?}");
        assert!(outcome.reason.contains(reason), "{scenario}: {}", outcome.reason);
        let expected = if kind == NotStarted { Freshness::Unknown } else { Freshness::Observed };
        assert_eq!(outcome.freshness, expected, "{scenario}");
        assert_eq!(outcome.inconsistent > 0, is_inconsistent, "{scenario}: {outcome:?}");
        assert_eq!(outcome.clone().into_result().is_ok(), kind == Ready);
        let again = updates_of(scenario, Duration::from_millis(1)).await;
        assert_eq!(without_messages(&again), without_messages(&updates), "{scenario}");
    }
}

#[tokio::test]
async fn detail_is_requested_until_each_region_was_seen_to_start() {
    let updates = updates_of("staged-regions", Duration::ZERO).await;
    let had_detail: Vec<_> = updates
        .iter()
        .filter_map(|update| match update {
            Update::Reading(reading) => Some((reading.freshness, reading.status.fleets().is_some())),
            _ => None,
        })
        .collect();
    let mut unknown = had_detail.iter().filter(|(freshness, _)| *freshness == Freshness::Unknown);
    assert!(unknown.clone().count() > 10 && unknown.all(|(_, had_detail)| *had_detail), "{had_detail:?}");
    assert_eq!(had_detail.last(), Some(&(Freshness::Observed, false)));
}

#[tokio::test]
async fn a_status_from_a_cache_is_as_old_as_its_age_says_and_confirms_once() {
    let aged = |age: &str| Reply::Response {
        status: 200,
        headers: [("age".to_owned(), age.to_owned())].into(),
        body: r#"{"pending_machines": 0, "failed_machines": 0, "completed_machines": 40}"#.to_owned(),
    };
    let responses = [aged("3000"), aged("3000"), aged("soon")];
    let simulator = Simulator::start(Options::new(Scenario::of_responses(responses))).unwrap();
    let mut policy = policy();
    policy.start_grace = Some(Duration::ZERO);
    let mut updates = client(&simulator).watch(IMAGE).policy(policy).stream();
    let mut seconds_old = Vec::new();
    let outcome = loop {
        match updates.next().await.unwrap().unwrap() {
            Update::Outcome(outcome) => break outcome,
            Update::Reading(reading) => seconds_old.push(reading.age.as_secs()),
            _ => {}
        }
    };
    assert_eq!((outcome.kind, seconds_old), (OutcomeKind::Ready, vec![3000, 3000, 0]), "{outcome:?}");
}

#[tokio::test]
async fn a_wait_without_fail_fast_goes_on_after_failures() {
    let (_simulator, builder) = simulation("failures-vanish");
    let mut policy = Policy::default();
    policy.fail_fast = false;
    let client = builder.build().unwrap();
    let baseline = client.baseline(IMAGE).await.unwrap();
    let outcome = client.wait(IMAGE).policy(policy).baseline(baseline).await.unwrap();
    assert_eq!(outcome.kind, OutcomeKind::Failed, "{outcome:?}");
    let status = outcome.status.unwrap();
    assert_eq!((status.pending_machines(), status.failed_machines()), (0, 4));
}

#[tokio::test]
async fn without_a_baseline_the_outcome_says_that_freshness_is_assumed() {
    let simulator = simulator("refusal");
    let mut policy = policy();
    policy.start_grace = Some(Duration::from_millis(100));
    let outcome = client(&simulator).wait(IMAGE).policy(policy.clone()).await.unwrap();
    assert_eq!((outcome.kind, outcome.freshness, outcome.errors), (OutcomeKind::Ready, Freshness::Assumed, 2));
    assert!(outcome.reason.ends_with("the start of the rollout was not observed"), "{}", outcome.reason);

    policy.require_fresh = true;
    let outcome = client(&simulator).wait(IMAGE).policy(policy).await.unwrap();
    assert_eq!((outcome.kind, outcome.freshness), (OutcomeKind::NotStarted, Freshness::Unknown));
}

#[tokio::test]
async fn a_ready_that_is_only_assumed_logs_a_warning() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(Arc::new(log.reopen().unwrap())).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let completed = r#"{"pending_machines": 0, "failed_machines": 0, "completed_machines": 40}"#;
    let simulator = always(json(200, completed));
    let mut policy = policy();
    policy.start_grace = Some(Duration::ZERO);
    let outcome = client(&simulator).wait(IMAGE).policy(policy).await.unwrap();
    assert!(outcome.is_ready(), "{outcome:?}");
    let text = std::fs::read_to_string(log.path()).unwrap();
    let warning = "ready is only assumed: the start of the rollout was not observed account_service_id=1234";
    assert_eq!(text.lines().filter(|line| line.contains(" WARN ") && line.contains(warning)).count(), 1, "{text}");
}

#[tokio::test]
async fn the_outcome_is_the_last_update() {
    let seen = updates_of("happy", Duration::ZERO).await;
    let outcomes = seen.iter().filter(|update| matches!(update, Update::Outcome(_))).count();
    assert!(outcomes == 1 && matches!(seen.last(), Some(Update::Outcome(_))));
    let estimated =
        seen.iter().filter(|update| matches!(update, Update::Reading(reading) if reading.estimate.is_some()));
    assert!(estimated.count() > 3);
    for update in &seen {
        let written = serde_json::to_string(update).unwrap();
        assert_eq!(&serde_json::from_str::<Update>(&written).unwrap(), update, "{written}");
    }
}

#[tokio::test]
async fn a_permanent_error_ends_the_wait() {
    for (status, kind) in [(401, ErrorKind::Authentication), (403, ErrorKind::PermissionDenied)] {
        let simulator = always(json(status, ""));
        let error = client(&simulator).wait(IMAGE).policy(policy()).await.unwrap_err();
        assert_eq!((error.kind(), simulator.requests()), (kind, 1));
    }
    let simulator = always(json(404, ""));
    let mut policy = policy();
    policy.start_grace = Some(Duration::from_secs(2));
    let error = client(&simulator).wait(IMAGE).policy(policy).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(simulator.requests() > 1, "an unknown image may appear until the start grace ends");
}

#[tokio::test]
async fn a_wait_does_not_use_the_retries_of_calls() {
    let simulator = always(json(503, ""));
    let mut policy = policy();
    policy.max_unreachable = Duration::from_secs(1);
    let outcome = client(&simulator).wait(IMAGE).policy(policy).await.unwrap();
    assert_eq!((outcome.kind, outcome.readings), (OutcomeKind::Unreachable, 0));
    assert_eq!(outcome.errors, simulator.requests(), "a reading is one request");
    assert!(outcome.reason.starts_with("unreachable: no reading for ") && outcome.reason.contains("HTTP 503"));
}

#[tokio::test]
async fn the_next_reading_respects_retry_after() {
    let simulator = simulator("refusal");
    simulator.inject(Reply::RateLimited { retry_after: "1".to_owned() }, 1);
    let mut policy = policy();
    policy.max_unreachable = Duration::from_secs(60);
    policy.start_grace = Some(Duration::from_millis(10));
    let began = Instant::now();
    let outcome = client(&simulator).wait(IMAGE).policy(policy).await.unwrap();
    assert!(outcome.is_ready() && began.elapsed() >= Duration::from_secs(1), "{outcome:?}");
}

#[tokio::test]
async fn detail_is_requested_only_where_it_is_needed() {
    for (gate, detail, requested) in [
        (Gate::default(), false, false),
        (Gate::default(), true, true),
        (Gate::default().per(Per::Region), false, true),
    ] {
        let simulator = simulator("empty");
        let mut call = client(&simulator).watch(IMAGE).policy(policy()).detail(detail);
        if !gate.needs_detail() {
            // Without regions in the baseline, the start of each cannot be seen.
            call = call.baseline(Baseline::new(IMAGE, ImageStatus::new(MachineCounts::default())));
        }
        let mut updates = call.gate(gate).stream();
        updates.next().await.unwrap().unwrap();
        assert_eq!(simulator.received().last().unwrap().target.contains("detail=true"), requested);
    }
}

#[tokio::test]
async fn a_deadline_ends_with_a_last_reading() {
    let pending = r#"{"pending_machines": 40, "failed_machines": 0, "completed_machines": 1}"#;
    let simulator = always(json(200, pending));
    let mut policy = policy();
    policy.start_grace = None;
    let outcome = client(&simulator).wait(IMAGE).policy(policy).timeout(Duration::from_millis(200)).await.unwrap();
    assert_eq!(outcome.kind, OutcomeKind::TimedOut);
    assert!(outcome.elapsed >= Duration::from_millis(200), "{outcome:?}");
    assert_eq!(outcome.status_age, Some(Duration::ZERO));
}

#[tokio::test]
async fn after_the_last_update_there_is_none() {
    let simulator = simulator("refusal");
    let mut policy = policy();
    policy.start_grace = Some(Duration::from_millis(10));
    let mut updates = client(&simulator).watch(IMAGE).policy(policy.clone()).stream();
    while updates.next().await.is_some() {}
    assert!(updates.next().await.is_none() && updates.next().await.is_none());
    let refused = client(&simulator).watch(IMAGE).timeout(Duration::ZERO);
    let mut updates = refused.stream();
    assert!(updates.next().await.is_some_and(|update| update.is_err()));
    assert!(updates.next().await.is_none() && updates.next().await.is_none());
}

#[test]
fn a_wait_outside_a_runtime_is_rejected() {
    let client =
        Client::builder().base_url("http://127.0.0.1:9").credentials(Credentials::bearer("a-token")).build().unwrap();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(client.wait(IMAGE).into_future()).poll(&mut context) {
        std::task::Poll::Ready(Err(error)) => assert_eq!(error.kind(), ErrorKind::Configuration),
        other => panic!("it is neither rejected nor ended: {other:?}"),
    }
}

#[tokio::test]
async fn a_huge_retry_after_does_not_panic() {
    let simulator = simulator("happy");
    simulator.inject(Reply::RateLimited { retry_after: "99999999999999999999999".to_owned() }, 1);
    let mut policy = Policy::default();
    (policy.timeout, policy.max_unreachable) = (None, Duration::MAX);
    let mut updates = client(&simulator).watch(IMAGE).policy(policy).stream();
    assert!(matches!(updates.next().await, Some(Ok(Update::ReadFailed(failed))) if failed.next.is_some()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_wait_closes_its_connection() {
    let simulator = simulator("happy");
    simulator.inject(Reply::Hang, 1);
    let wait = tokio::spawn(client(&simulator).wait(IMAGE).into_future());
    until(|| simulator.requests() == 1);
    wait.abort();
    until(|| simulator.open_connections() == 0);
}

#[tokio::test]
async fn many_waits_share_one_client() {
    let simulator = simulator("happy");
    let client = client(&simulator);
    let mut policy = policy();
    policy.start_grace = Some(Duration::from_millis(10));
    let waits: Vec<_> =
        (0..50).map(|_| tokio::spawn(client.wait(IMAGE).policy(policy.clone()).into_future())).collect();
    for wait in waits {
        assert!(wait.await.unwrap().unwrap().is_ready());
    }
    assert!(simulator.connections() <= 51, "{} connections", simulator.connections());
}

#[tokio::test]
async fn an_inconsistent_policy_is_rejected_with_its_fields() {
    let client =
        Client::builder().base_url("http://127.0.0.1:9").credentials(Credentials::bearer("a-token")).build().unwrap();
    let adjusted = |adjust: fn(&mut Policy)| {
        let mut policy = Policy::default();
        adjust(&mut policy);
        policy
    };
    for (policy, expected) in [
        (adjusted(|policy| policy.min_interval = Duration::ZERO), "min_interval is zero"),
        (
            adjusted(|policy| policy.max_interval = Duration::from_secs(1)),
            "min_interval (2 s) is longer than max_interval (1 s)",
        ),
        (
            adjusted(|policy| policy.start_grace = Some(Duration::from_secs(7200))),
            "timeout (60 min) is shorter than start_grace (120 min)",
        ),
        (adjusted(|policy| policy.confirmations = 0), "confirmations is 0"),
        (adjusted(|policy| policy.evidence = Percentage::ZERO), "evidence is 0%"),
        (adjusted(|policy| policy.timeout = Some(Duration::ZERO)), "timeout is zero"),
    ] {
        let error = client.wait(IMAGE).policy(policy).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(expected), "{expected}: {error}");
    }
}

#[test]
fn blocking_waits_have_the_outcomes_of_async_ones() {
    let (_simulator, builder) = simulation("happy");
    let client = clanforge::blocking::Client::new(builder).unwrap();
    let baseline = client.baseline(IMAGE).unwrap();
    let gate = Gate::default().max_failed(Limit::percent(5).unwrap());
    let wait = || client.wait(IMAGE).gate(gate.clone()).baseline(baseline.clone());
    let updates: Vec<_> = wait().updates().collect::<Result<_, _>>().unwrap();
    assert!(matches!(updates.last(), Some(Update::Outcome(outcome)) if outcome.is_ready()));
    // The rollout is over: a wait that begins now cannot see it start.
    assert_eq!(wait().send().unwrap().kind, OutcomeKind::NotStarted);
}
