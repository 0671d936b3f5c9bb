//! Waits for rollouts that advance with each request, and for services that fail.

use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clanforge::core::Percentage;
use clanforge::monitor::{Freshness, Monitor, Next, Outcome, OutcomeKind, Policy, Reading, Update};
use clanforge::{Client, ClientBuilder, Credentials, ErrorKind, Gate, Limit, Per};
use clanforge_simulator::{Options, Replicas, Reply, Scenario, Simulator};

use crate::servers::{IMAGE, RecordingServer, always, client, json, json_response, simulator, stepping_rollout, until};

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

fn to(server: &RecordingServer) -> ClientBuilder {
    Client::builder().base_url(&server.url).credentials(Credentials::bearer("a-token"))
}

#[tokio::test]
async fn every_scenario_has_its_outcome() {
    use OutcomeKind::{Failed, NotStarted, Ready};

    let mut waits = Vec::new();
    for (scenario, outage, kind, reason) in [
        ("happy", 0..0, Ready, "ready: 54 of 54 machines completed, 0 pending, 0 failed"),
        ("stale-start", 0..0, Ready, "ready: 40 of 40 machines completed"),
        ("never-starts", 0..0, NotStarted, "not started: no evidence of the new version within 2 s"),
        ("stragglers", 0..0, Ready, "ready: 56 of 56 machines completed"),
        ("failures-stay", 0..0, Failed, "failed: the image has"),
        ("failures-vanish", 0..0, Failed, "failed: the image has"),
        ("autoscaling", 0..0, Ready, "machines completed, 0 pending, 0 failed"),
        ("outage", 10..13, Ready, "ready: 30 of 30 machines completed"),
        ("empty", 0..0, NotStarted, "not started"),
    ] {
        // A rollout that never starts needs no time to do so.
        let start_grace = Duration::from_secs(if kind == NotStarted { 2 } else { 120 });
        waits.push((scenario, kind, reason, tokio::spawn(wait_for(scenario, outage, start_grace))));
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

async fn wait_for(scenario: &str, outage: Range<u64>, start_grace: Duration) -> Outcome {
    let server = stepping_rollout(scenario, outage);
    let client = to(&server).build().unwrap();
    let mut policy = policy();
    policy.start_grace = Some(start_grace);
    let baseline = client.baseline(IMAGE).await.unwrap();
    client.wait(IMAGE).policy(policy).baseline(baseline).await.unwrap()
}

/// Waits for a scenario's rollout by the default policy: over real HTTP, in the rollout's time.
async fn wait_in_rollout_time(scenario: &str) -> (Outcome, bool) {
    let scenario = Scenario::builtin(scenario).unwrap();
    let service = Arc::new(Mutex::new(Replicas::new(&scenario).unwrap().unwrap()));
    let replicas = Arc::clone(&service);
    let server = RecordingServer::responding(move |_, request| {
        let status = replicas.lock().unwrap().status(request.contains("detail=true"));
        json_response("200 OK", &serde_json::to_string(&status).unwrap())
    });
    let client = to(&server).build().unwrap();
    let baseline = client.baseline(IMAGE).await.unwrap();
    let mut monitor = Monitor::new(IMAGE, Policy::default(), Some(&baseline)).unwrap();
    let (mut elapsed, mut detail) = (Duration::ZERO, monitor.needs_detail());
    loop {
        service.lock().unwrap().advance(elapsed);
        let status = client.image_status(IMAGE).detail(detail).await.unwrap();
        match monitor.observe(elapsed, Reading::Status(status)).next {
            Next::Read { after, detail: needed, .. } => (elapsed, detail) = (elapsed + after, needed),
            Next::Finished(outcome) => return (*outcome, service.lock().unwrap().newest().is_complete()),
            Next::GiveUp => panic!("no reading fails"),
        }
    }
}

#[tokio::test]
async fn replicas_that_lag_and_rollouts_in_stages_end_as_ready_when_they_are() {
    for (scenario, is_inconsistent) in [("lagging-replicas", true), ("staged-regions", false), ("batches", false)] {
        let (outcome, is_complete) = wait_in_rollout_time(scenario).await;
        assert_eq!(
            (outcome.kind, outcome.freshness),
            (OutcomeKind::Ready, Freshness::Observed),
            "{scenario}: {outcome:?}"
        );
        assert!(is_complete, "{scenario}: {outcome:?}");
        assert_eq!(outcome.inconsistent > 0, is_inconsistent, "{scenario}: {outcome:?}");
    }
}

#[tokio::test]
async fn detail_is_requested_until_each_region_was_seen_to_start() {
    let server = stepping_rollout("staged-regions", 0..0);
    let client = to(&server).build().unwrap();
    let baseline = client.baseline(IMAGE).await.unwrap();
    let mut updates = client.watch(IMAGE).policy(policy()).baseline(baseline).stream();
    let mut had_detail = Vec::new();
    while let Some(update) = updates.next().await {
        if let Update::Reading(reading) = update.unwrap() {
            had_detail.push((reading.freshness, reading.status.fleets().is_some()));
        }
    }
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
async fn a_wait_without_fail_fast_goes_on_after_failures() {
    let server = stepping_rollout("failures-vanish", 0..0);
    let mut policy = policy();
    policy.fail_fast = false;
    let client = to(&server).build().unwrap();
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
async fn the_outcome_is_the_last_update() {
    let server = stepping_rollout("happy", 0..0);
    let client = to(&server).build().unwrap();
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
        let mut policy = policy();
        // The start of each region need not be seen.
        policy.started = true;
        let mut updates = client(&simulator).watch(IMAGE).policy(policy).gate(gate).detail(detail).stream();
        updates.next().await.unwrap().unwrap();
        assert_eq!(simulator.last_target().unwrap().contains("detail=true"), requested);
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
    let server = stepping_rollout("happy", 0..0);
    let client = clanforge::blocking::Client::new(to(&server)).unwrap();
    let baseline = client.baseline(IMAGE).unwrap();
    let gate = Gate::default().max_failed(Limit::percent(5).unwrap());
    let wait = || client.wait(IMAGE).policy(policy()).gate(gate.clone()).baseline(baseline.clone());
    let updates: Vec<_> = wait().updates().collect::<Result<_, _>>().unwrap();
    assert!(matches!(updates.last(), Some(Update::Outcome(outcome)) if outcome.is_ready()));
    // The rollout is over: a wait that begins now cannot see it start.
    let mut policy = policy();
    policy.start_grace = Some(Duration::from_secs(1));
    assert_eq!(wait().policy(policy).send().unwrap().kind, OutcomeKind::NotStarted);
}
