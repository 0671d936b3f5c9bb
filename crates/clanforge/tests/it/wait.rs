//! Waiting for rollouts that the simulator plays, faster than the clock.

use std::time::{Duration, Instant};

use clanforge::core::Percentage;
use clanforge::monitor::{Freshness, Outcome, OutcomeKind, Policy, Update};
use clanforge::{Client, Credentials, ErrorKind, Gate, Limit, Per};
use clanforge_simulator::{Options, Reply, Scenario, Simulator};

use crate::servers::{IMAGE, always, builder, client, json, simulator, until};

/// How many times faster than the clock rollouts run here.
const SPEED: u32 = 400;

fn fast(scenario: &str) -> Simulator {
    let scenario = Scenario::builtin(scenario).unwrap();
    Simulator::start(Options::new(scenario).speed(SPEED.into())).unwrap()
}

/// Returns the default policy in the rollout's time.
fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.timeout = policy.timeout.map(|timeout| timeout / SPEED);
    policy.start_grace = Some(Duration::from_secs(15 * 60) / SPEED);
    policy.stall_timeout /= SPEED;
    policy.max_unreachable /= SPEED;
    policy.settle /= SPEED;
    policy.min_interval /= SPEED;
    policy.max_interval = Duration::from_secs(30) / SPEED;
    policy
}

#[tokio::test]
async fn every_scenario_ends_as_it_should() {
    use OutcomeKind::{Failed, NotStarted, Ready};

    let mut waits = Vec::new();
    for (scenario, kind, reason) in [
        ("happy", Ready, "ready: 54 of 54 machines completed, 0 pending, 0 failed"),
        ("stale-start", Ready, "ready: 40 of 40 machines completed"),
        ("never-starts", NotStarted, "not started: no evidence of the new version within 2.2 s"),
        ("stragglers", Ready, "ready: 56 of 56 machines completed"),
        ("failures-stay", Failed, "failed: the image has"),
        ("failures-vanish", Failed, "failed: the image has"),
        ("autoscaling", Ready, "machines completed, 0 pending, 0 failed"),
        ("lagging-replicas", Ready, "ready: 40 of 40 machines completed"),
        ("staged-regions", Ready, "ready: 50 of 50 machines completed"),
        ("batches", Ready, "ready: 72 of 72 machines completed"),
        ("outage", Ready, "ready: 30 of 30 machines completed"),
        ("empty", NotStarted, "not started"),
    ] {
        waits.push((scenario, kind, reason, tokio::spawn(wait_for(scenario))));
    }
    for (scenario, kind, reason, wait) in waits {
        let outcome = wait.await.unwrap();
        assert_eq!(outcome.kind, kind, "{scenario}: {outcome:?}");
        assert!(outcome.reason.contains(reason), "{scenario}: {}", outcome.reason);
        let expected = if kind == NotStarted { Freshness::Unknown } else { Freshness::Observed };
        assert_eq!(outcome.freshness, expected, "{scenario}");
        assert_eq!(outcome.into_result().is_ok(), kind == Ready);
    }
}

async fn wait_for(scenario: &str) -> Outcome {
    let simulator = fast(scenario);
    let client = client(&simulator);
    let baseline = client.baseline(IMAGE).await.unwrap();
    client.wait(IMAGE).policy(policy()).baseline(baseline).await.unwrap()
}

#[tokio::test]
async fn the_others_are_waited_for_where_failing_fast_is_off() {
    let simulator = fast("failures-vanish");
    let mut policy = policy();
    policy.fail_fast = false;
    let client = client(&simulator);
    let baseline = client.baseline(IMAGE).await.unwrap();
    let outcome = client.wait(IMAGE).policy(policy).baseline(baseline).await.unwrap();
    assert_eq!(outcome.kind, OutcomeKind::Failed, "{outcome:?}");
    let status = outcome.status.unwrap();
    assert_eq!((status.pending_machines(), status.failed_machines()), (0, 4));
}

#[tokio::test]
async fn without_a_baseline_what_is_only_assumed_is_said() {
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
async fn updates_come_one_by_one_and_the_outcome_last() {
    let simulator = fast("happy");
    let client = client(&simulator);
    let baseline = client.baseline(IMAGE).await.unwrap();
    let mut updates = client.watch(IMAGE).policy(policy()).baseline(baseline).stream();
    let mut seen = Vec::new();
    while let Some(update) = updates.next().await {
        seen.push(update.unwrap());
    }
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
async fn what_no_repetition_mends_ends_the_wait_as_an_error() {
    for (status, kind) in [(401, ErrorKind::Authentication), (403, ErrorKind::PermissionDenied)] {
        let simulator = always(json(status, ""));
        let error = client(&simulator).wait(IMAGE).policy(policy()).await.unwrap_err();
        assert_eq!((error.kind(), simulator.requests()), (kind, 1));
    }
    let simulator = always(json(404, ""));
    let mut policy = policy();
    policy.start_grace = Some(Duration::from_millis(100));
    let error = client(&simulator).wait(IMAGE).policy(policy).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(simulator.requests() > 1, "before the end of the grace an unknown image may still appear");
}

#[tokio::test]
async fn the_wait_owns_its_repetition() {
    let simulator = always(json(503, ""));
    let outcome = client(&simulator).wait(IMAGE).policy(policy()).await.unwrap();
    assert_eq!((outcome.kind, outcome.readings), (OutcomeKind::Unreachable, 0));
    assert_eq!(outcome.errors, simulator.requests(), "a reading is one request");
    assert!(outcome.reason.starts_with("unreachable: no reading for ") && outcome.reason.contains("HTTP 503"));
}

#[tokio::test]
async fn retry_after_is_a_floor_for_the_next_reading() {
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
async fn detail_is_asked_for_only_where_somebody_needs_it() {
    for (gate, detail, asked) in [
        (Gate::default(), false, false),
        (Gate::default(), true, true),
        (Gate::default().per(Per::Region), false, true),
    ] {
        let simulator = fast("empty");
        let mut policy = policy();
        // The start of each region need not be seen.
        policy.started = true;
        client(&simulator).wait(IMAGE).policy(policy).gate(gate).detail(detail).await.unwrap();
        assert_eq!(simulator.last_target().unwrap().contains("detail=true"), asked);
    }
}

#[tokio::test]
async fn detail_is_asked_for_until_each_region_was_seen_to_start() {
    let simulator = fast("staged-regions");
    let client = client(&simulator);
    let baseline = client.baseline(IMAGE).await.unwrap();
    let mut updates = client.watch(IMAGE).policy(policy()).baseline(baseline).stream();
    let mut had_detail = Vec::new();
    while let Some(update) = updates.next().await {
        if let Update::Reading(reading) = update.unwrap() {
            had_detail.push((reading.freshness, reading.status.fleets().is_some()));
        }
    }
    let unknown = had_detail.iter().filter(|(freshness, _)| *freshness == Freshness::Unknown);
    assert!(unknown.clone().count() > 10 && unknown.clone().all(|(_, had_detail)| *had_detail), "{had_detail:?}");
    assert_eq!(had_detail.last(), Some(&(Freshness::Observed, false)));
}

#[tokio::test]
async fn a_status_from_a_cache_is_as_old_as_its_age_says_and_confirms_once() {
    let completed = br#"{"pending_machines": 0, "failed_machines": 0, "completed_machines": 40}"#;
    let aged = |age: &str| Reply::Answer {
        status: 200,
        headers: [("age".to_owned(), age.to_owned())].into(),
        body: String::from_utf8_lossy(completed).into_owned(),
    };
    let simulator =
        Simulator::start(Options::new(Scenario::of_answers([aged("3000"), aged("3000"), aged("")]))).unwrap();
    let mut policy = policy();
    policy.started = true;
    let mut updates = client(&simulator).watch(IMAGE).policy(policy).stream();
    let mut ages = Vec::new();
    let outcome = loop {
        match updates.next().await.unwrap().unwrap() {
            Update::Outcome(outcome) => break outcome,
            Update::Reading(reading) => ages.push(reading.age.as_secs()),
            _ => {}
        }
    };
    assert_eq!((outcome.kind, ages), (OutcomeKind::Ready, vec![3000, 3000, 0]), "{outcome:?}");
}

#[tokio::test]
async fn a_deadline_ends_with_a_last_reading() {
    let pending = r#"{"pending_machines": 40, "failed_machines": 0, "completed_machines": 1}"#;
    let simulator = always(json(200, pending));
    let mut policy = policy();
    policy.start_grace = None;
    let began = Instant::now();
    let outcome = client(&simulator).wait(IMAGE).policy(policy).timeout(Duration::from_millis(200)).await.unwrap();
    assert_eq!(outcome.kind, OutcomeKind::TimedOut);
    assert!(outcome.elapsed >= Duration::from_millis(200) && began.elapsed() < Duration::from_secs(5), "{outcome:?}");
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
fn a_wait_outside_a_runtime_is_refused() {
    let client =
        Client::builder().base_url("http://127.0.0.1:9").credentials(Credentials::bearer("a-token")).build().unwrap();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(client.wait(IMAGE).into_future()).poll(&mut context) {
        std::task::Poll::Ready(Err(error)) => assert_eq!(error.kind(), ErrorKind::Configuration),
        other => panic!("it is neither refused nor ended: {other:?}"),
    }
}

#[tokio::test]
async fn a_pause_without_bound_is_no_panic() {
    let simulator = simulator("happy");
    simulator.inject(Reply::RateLimited { retry_after: "99999999999999999999999".to_owned() }, 1);
    let mut policy = Policy::default();
    (policy.timeout, policy.max_unreachable) = (None, Duration::MAX);
    let mut updates = client(&simulator).watch(IMAGE).policy(policy).stream();
    assert!(matches!(updates.next().await, Some(Ok(Update::ReadFailed(failed))) if failed.next.is_some()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_wait_closes_its_connection_at_once() {
    // A machine that is busy with something else may be late once, and not three times.
    let quickest = (0..3).map(|_| {
        let simulator = simulator("happy");
        simulator.inject(Reply::Hang, 1);
        let wait = tokio::spawn(client(&simulator).wait(IMAGE).into_future());
        until(|| simulator.requests() == 1);
        wait.abort();
        until(|| simulator.open_connections() == 0)
    });
    assert!(quickest.min().is_some_and(|quickest| quickest < Duration::from_millis(100)));
}

#[tokio::test]
async fn many_waits_share_one_client() {
    let simulator = fast("happy");
    let client = client(&simulator);
    let baseline = client.baseline(IMAGE).await.unwrap();
    let waits: Vec<_> = (0..50)
        .map(|_| tokio::spawn(client.wait(IMAGE).policy(policy()).baseline(baseline.clone()).into_future()))
        .collect();
    for wait in waits {
        assert!(wait.await.unwrap().unwrap().is_ready());
    }
    assert!(simulator.connections() <= 51, "{} connections", simulator.connections());
}

#[tokio::test]
async fn a_policy_that_contradicts_itself_is_refused_by_its_fields() {
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
fn blocking_waits_end_like_async_ones() {
    let simulator = fast("happy");
    let client = clanforge::blocking::Client::new(builder(&simulator)).unwrap();
    let baseline = client.baseline(IMAGE).unwrap();
    let gate = Gate::default().max_failed(Limit::percent(5).unwrap());
    let wait = || client.wait(IMAGE).policy(policy()).gate(gate.clone()).baseline(baseline.clone());
    let updates: Vec<_> = wait().updates().collect::<Result<_, _>>().unwrap();
    assert!(matches!(updates.last(), Some(Update::Outcome(outcome)) if outcome.is_ready()));
    // The rollout is over, and a wait that begins now sees no more of it.
    assert_eq!(wait().send().unwrap().kind, OutcomeKind::NotStarted);
}
