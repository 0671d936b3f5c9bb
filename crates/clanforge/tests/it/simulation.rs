//! Waits in a simulation, whose pauses move its clock instead of sleeping.

use std::sync::Arc;
use std::time::Duration;

use clanforge::monitor::{OutcomeKind, Policy, Update};
use clanforge::{Client, Credentials, ErrorKind, ImageRef};
use clanforge_simulator::{Options, Scenario, Simulator};

use crate::servers::{IMAGE, json, simulation, simulator};

#[tokio::test]
async fn several_waits_share_the_clock_of_a_simulation() {
    let options = Options::new(Scenario::builtin("happy").unwrap())
        .image(2, Scenario::builtin("never-starts").unwrap())
        .image(3, Scenario::builtin("stragglers").unwrap());
    let simulator = Simulator::start(options).unwrap();
    let images = [1, 2, 3].map(|image_id| ImageRef::new(1234, image_id));
    let wait = async |image| {
        let client = Client::builder().from_variables(simulator.environment()).build().unwrap();
        let baseline = client.baseline(image).await.unwrap();
        client.wait(image).baseline(baseline).await.unwrap()
    };
    let [first, second, third] = images;
    let outcomes = tokio::join!(wait(first), wait(second), wait(third));
    let kinds = [&outcomes.0, &outcomes.1, &outcomes.2].map(|outcome| outcome.kind);
    assert_eq!(kinds, [OutcomeKind::Ready, OutcomeKind::NotStarted, OutcomeKind::Ready], "{outcomes:?}");
    let longest = [outcomes.0.elapsed, outcomes.1.elapsed, outcomes.2.elapsed].into_iter().max().unwrap();
    assert!(longest > Duration::from_secs(15 * 60) && simulator.now() < longest * 2, "{outcomes:?}");
}

#[tokio::test]
async fn an_outage_that_a_test_asks_for_ends_a_wait_as_unreachable() {
    let (simulator, builder) = simulation("happy");
    simulator.fail_for(Duration::from_secs(3600));
    let outcome = builder.build().unwrap().wait(IMAGE).await.unwrap();
    assert_eq!((outcome.kind, outcome.readings), (OutcomeKind::Unreachable, 0), "{outcome:?}");
    assert!(outcome.elapsed >= Policy::default().max_unreachable, "{outcome:?}");
}

#[tokio::test]
async fn an_outage_is_logged_when_it_begins_at_growing_intervals_for_each_new_error_and_at_its_end() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(Arc::new(log.reopen().unwrap())).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    // With one subscriber alone, tracing disables what a thread without it, such as that of another test, logs first.
    let _other = tracing::Dispatch::new(tracing_subscriber::registry());
    let (simulator, builder) = simulation("happy");
    let client = builder.build().unwrap();
    let mut policy = Policy::default();
    policy.start_grace = Some(Duration::ZERO);
    simulator.fail_for(Duration::from_secs(300));
    // Readings of the same outage fail in another way: the log has each kind of error once.
    simulator.inject(json(502, ""), 1);
    simulator.inject(json(503, ""), 1);
    simulator.inject(json(502, ""), 1);
    let outcome = client.wait(IMAGE).policy(policy).await.unwrap();
    assert!(outcome.is_ready() && outcome.errors > 8, "{outcome:?}");
    let text = std::fs::read_to_string(log.path()).unwrap();
    let lines =
        |level: &str, part: &str| text.lines().filter(|line| line.contains(level) && line.contains(part)).count();
    assert_eq!(lines(" WARN ", "a reading failed: HTTP 502"), 1, "{text}");
    assert_eq!(lines(" WARN ", "a reading failed: HTTP 503"), 1, "{text}");
    let reminders = lines(" WARN ", "readings failed within ");
    assert!((1..=3).contains(&reminders), "{text}");
    // The outage itself resets connections, and the start of the rollout was not observed.
    assert_eq!(lines(" WARN ", ""), 4 + reminders, "{text}");
    assert_eq!(lines(" INFO ", "readings succeed again after "), 1, "{text}");
}

#[tokio::test]
async fn a_simulation_that_ends_ends_its_waits() {
    let (simulator, builder) = simulation("happy");
    let mut updates = builder.build().unwrap().watch(IMAGE).stream();
    assert!(matches!(updates.next().await, Some(Ok(Update::Reading(_)))));
    let url = simulator.url();
    drop(simulator);
    let error = updates.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().starts_with(&format!("the simulation at {url} has ended: ")), "{error}");
    assert!(updates.next().await.is_none());
}

#[tokio::test]
async fn a_client_is_told_of_a_simulation_without_a_variable() {
    let simulator = simulator("happy");
    let builder =
        || Client::builder().base_url(simulator.url()).credentials(Credentials::bearer(&simulator.identity().token));
    let client = builder().simulation(simulator.simulation_url()).build().unwrap();
    let baseline = client.baseline(IMAGE).await.unwrap();
    let outcome = client.wait(IMAGE).baseline(baseline).await.unwrap();
    assert!(outcome.is_ready() && outcome.elapsed > Duration::from_secs(60), "{outcome:?}");
    // A clock that a wait has moved stands still between waits.
    let now = simulator.now();
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(simulator.now(), now);
    let error = builder().simulation("1").build().unwrap_err();
    assert_eq!(error.to_string(), "invalid simulation: it is not the URL of a simulation");
}

#[tokio::test]
async fn another_service_than_the_simulation_keeps_the_clock_of_the_machine() {
    let (simulator, other) = (simulator("happy"), simulator("happy"));
    let mut variables = simulator.environment().to_vec();
    variables.extend(other.environment().into_iter().filter(|(name, _)| name == "CLANFORGE_SIMULATION"));
    let mut policy = Policy::default();
    (policy.start_grace, policy.min_interval) = (Some(Duration::ZERO), Duration::from_millis(1));
    let client = Client::builder().from_variables(variables).build().unwrap();
    assert!(client.wait(IMAGE).policy(policy).await.unwrap().is_ready());
    // Neither simulation was controlled, so both clocks still run in real time.
    for simulator in [simulator, other] {
        let now = simulator.now();
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(simulator.now() > now && simulator.open_connections() <= 1);
    }
}

#[test]
fn the_waits_of_a_client_log_once_that_the_service_is_a_simulation() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let subscriber = tracing_subscriber::fmt().with_writer(Arc::new(log.reopen().unwrap())).finish();
    let simulator = simulator("happy");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::builder().from_variables(simulator.environment()).build().unwrap();
    tracing::subscriber::with_default(subscriber, || {
        for _ in 0..2 {
            runtime.block_on(client.wait(IMAGE).into_future()).unwrap();
        }
    });
    let text = std::fs::read_to_string(log.path()).unwrap();
    assert_eq!(text.matches(&format!("{} is a simulation: waits skip time", simulator.url())).count(), 1, "{text}");
}

#[test]
fn an_invalid_announcement_of_a_simulation_is_refused() {
    let variables =
        [("CLANFORGE_TOKEN", "a-token"), ("CLANFORGE_BASE_URL", "http://127.0.0.1:9"), ("CLANFORGE_SIMULATION", "1")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let error = Client::builder().from_variables(variables).build().unwrap_err();
    assert_eq!(error.to_string(), "invalid CLANFORGE_SIMULATION: it is not the URL of a simulation");
}
