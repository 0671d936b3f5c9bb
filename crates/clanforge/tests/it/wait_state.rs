//! Waits that another process continues, here another call, from the file that keeps their state.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clanforge::core::recording;
use clanforge::monitor::{Baseline, Freshness, OutcomeKind, Policy, Update};
use clanforge::{Client, Credentials, Error, ErrorKind, Gate, ImageRef, ImageStatus, Limit, MachineCounts, WaitCall};
use clanforge_simulator::{Options, Reply, Scenario, Simulator};
use serde_json::Value;

use crate::servers::{IMAGE, always, client, json, simulation};

/// Returns a file in a folder that lives as long as the first value.
fn state_file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wait.json");
    (folder, file)
}

async fn updates(call: WaitCall) -> Vec<Update> {
    let (mut updates, mut seen) = (call.stream(), Vec::new());
    while let Some(update) = updates.next().await {
        let mut update = update.unwrap();
        if let Update::ReadFailed(failed) = &mut update {
            // The message names the port of the simulator, which differs from run to run.
            failed.error.message.clear();
        }
        seen.push(update);
    }
    seen
}

/// Reads once, and returns the updates.
async fn read_once(call: WaitCall) -> Vec<Update> {
    updates(call.once(true)).await
}

async fn refused(call: WaitCall) -> Error {
    let mut stream = call.stream();
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(stream.next().await.is_none());
    error
}

/// Waits for the rollout of a scenario by the default policy, a reading at a time if there is a state, and returns the updates.
async fn updates_of(scenario: &str, state: Option<&Path>) -> Vec<Update> {
    let (simulator, builder) = simulation(scenario);
    // One client: a fault of every seventh request would hit others if each had to open its connection.
    let client = builder.build().unwrap();
    let baseline = client.baseline(IMAGE).await.unwrap();
    simulator.start_rollout(None);
    let call = || client.wait(IMAGE).baseline(baseline.clone()).seed(1);
    let Some(state) = state else { return updates(call()).await };
    let mut seen = Vec::new();
    while !matches!(seen.last(), Some(Update::Outcome(_))) {
        let more = read_once(call().state(state)).await;
        assert!(!more.is_empty() && more.len() <= 2, "{scenario}: {more:?}");
        seen.extend(more);
    }
    seen
}

#[tokio::test]
async fn every_scenario_interrupted_after_each_reading_is_the_uninterrupted_wait_update_for_update() {
    for scenario in [
        "happy",
        "stale-start",
        "never-starts",
        "stragglers",
        "failures-stay",
        "failures-vanish",
        "autoscaling",
        "lagging-replicas",
        "staged-regions",
        "batches",
        "outage",
        "empty",
    ] {
        let (_folder, file) = state_file();
        let (interrupted, whole) = (updates_of(scenario, Some(&file)).await, updates_of(scenario, None).await);
        assert_eq!(interrupted, whole, "{scenario}");
    }
}

const COMPLETED: &str = r#"{"pending_machines":0,"failed_machines":0,"completed_machines":40}"#;

/// Returns a client of a rollout of 40 machines that has started: two readings show it, and these responses follow.
fn started(then: impl IntoIterator<Item = Reply>) -> (Simulator, Client) {
    let installing = json(200, r#"{"pending_machines":40,"failed_machines":0,"completed_machines":0}"#);
    let responses = [installing.clone(), installing].into_iter().chain(then);
    let simulator = Simulator::start(Options::new(Scenario::of_responses(responses))).unwrap();
    let client = client(&simulator);
    (simulator, client)
}

fn baseline() -> Baseline {
    Baseline::new(IMAGE, ImageStatus::new(MachineCounts::new(0, 0, 40).unwrap()))
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.settle = Duration::ZERO;
    policy.min_interval = Duration::from_millis(1);
    policy.max_interval = Duration::from_millis(5);
    policy
}

fn wait(client: &Client, file: &Path) -> WaitCall {
    client.wait(IMAGE).policy(policy()).baseline(baseline()).state(file)
}

#[tokio::test]
async fn a_state_continues_with_what_was_seen_and_gives_the_outcome_again() {
    let (simulator, client) = started([json(200, COMPLETED)]);
    let (_folder, file) = state_file();
    assert_eq!(read_once(wait(&client, &file)).await.len(), 1);
    assert_eq!(read_once(wait(&client, &file)).await.len(), 1);
    let outcome = wait(&client, &file).await.unwrap();
    assert_eq!((outcome.kind, outcome.freshness, outcome.readings), (OutcomeKind::Ready, Freshness::Observed, 4));
    let requests = simulator.requests();
    let again = wait(&client, &file).await.unwrap();
    assert_eq!((again.kind, &again.reason, again.elapsed), (outcome.kind, &outcome.reason, outcome.elapsed));
    let [warning] = &again.warnings[..] else { panic!("{again:?}") };
    let advice = format!("Z: remove {} to begin another", file.display());
    assert!(warning.starts_with("this wait ended at 20") && warning.ends_with(&advice), "{warning}");
    assert_eq!(simulator.requests(), requests);
}

#[tokio::test]
async fn the_timeout_goes_on_while_nothing_waits() {
    let (_simulator, client) = started([]);
    let (_folder, file) = state_file();
    read_once(wait(&client, &file)).await;
    let mut state: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let written = &mut state["waits"][0]["wait"]["written"]["machine"]["secs"];
    *written = (written.as_u64().unwrap() - 2 * 3600).into();
    fs::write(&file, state.to_string()).unwrap();
    let outcome = wait(&client, &file).await.unwrap();
    assert_eq!((outcome.kind, outcome.readings), (OutcomeKind::TimedOut, 2));
    assert!(outcome.elapsed >= Duration::from_secs(2 * 3600), "{outcome:?}");
    // A later deadline makes it go on from there.
    let longer = wait(&client, &file).timeout(Duration::from_secs(3 * 3600));
    assert!(matches!(read_once(longer).await[..], [Update::Reading(_)]));
}

#[tokio::test]
async fn the_state_of_another_wait_is_refused_with_the_difference() {
    let (simulator, client) = started([]);
    let (_folder, file) = state_file();
    let call = |image| client.wait(image).policy(policy()).state(&file);
    read_once(call(IMAGE).baseline(baseline())).await;
    let requests = simulator.requests();
    let other = ImageRef::new(1234, 1);
    let later = Baseline::new(IMAGE, ImageStatus::new(MachineCounts::new(0, 0, 41).unwrap()));
    let tolerant = Gate::default().max_failed(Limit::Count(2));
    for (call, problem) in [
        (call(other), "it is for image 5678 of account service 1234, not for image 1 of account service 1234"),
        (call(IMAGE), "it has another baseline"),
        (call(IMAGE).baseline(later), "it has another baseline"),
        (
            call(IMAGE).baseline(baseline()).gate(tolerant),
            "invalid policy: only deadlines may change during a wait: gate.max_failed was 0, and is now 2",
        ),
    ] {
        let error = refused(call).await;
        let expected =
            format!("{} is the state of another wait: {problem}; delete it to begin a new wait", file.display());
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Configuration, expected));
    }
    assert_eq!(simulator.requests(), requests);
}

#[tokio::test]
async fn a_file_that_is_no_state_is_refused_and_an_empty_one_begins_a_wait() {
    let (_simulator, client) = started([]);
    let (_folder, file) = state_file();
    for text in ["no JSON", "{}", COMPLETED] {
        fs::write(&file, text).unwrap();
        let error = refused(wait(&client, &file)).await.to_string();
        assert!(error.starts_with(&format!("{} is not the state of a wait: ", file.display())), "{error}");
        assert!(error.ends_with("; name another file, or delete it to begin a new wait"), "{error}");
    }
    fs::File::create(&file).unwrap().set_len((64 << 20) + 1).unwrap();
    let error = refused(wait(&client, &file)).await.to_string();
    assert!(
        error.ends_with(
            "is not the state of a wait: it is larger than 64 MiB; name another file, or delete it to begin a new wait"
        ),
        "{error}"
    );
    fs::write(&file, "").unwrap();
    assert!(matches!(read_once(wait(&client, &file)).await[..], [Update::Reading(_)]));
}

#[tokio::test]
async fn the_state_of_a_simulation_is_refused_elsewhere() {
    let (_folder, file) = state_file();
    let (simulator, builder) = simulation("happy");
    let simulated = builder.build().unwrap();
    read_once(simulated.wait(IMAGE).state(&file)).await;
    let refusal = "one of the two waits is in a simulation, the other is not";
    let error = refused(client(&simulator).wait(IMAGE).state(&file)).await;
    assert!(error.to_string().contains(refusal), "{error}");
    // A state that has the outcome is refused as well.
    simulated.wait(IMAGE).state(&file).await.unwrap();
    let error = refused(client(&simulator).wait(IMAGE).state(&file)).await;
    assert!(error.to_string().contains(refusal), "{error}");
}

#[tokio::test]
async fn an_error_that_ends_the_wait_leaves_the_state_as_it_was() {
    let (simulator, client) = started([json(200, COMPLETED)]);
    let (_folder, file) = state_file();
    read_once(wait(&client, &file)).await;
    let before = fs::read(&file).unwrap();
    let body = r#"{"success":false,"error":true,"error_code":1,"error_message":"no access"}"#.to_owned();
    simulator.inject(Reply::Response { status: 403, headers: [].into(), body }, 1);
    let error = wait(&client, &file).await.unwrap_err();
    assert_eq!((error.kind(), fs::read(&file).unwrap()), (ErrorKind::PermissionDenied, before));
    assert!(wait(&client, &file).await.unwrap().is_ready());
}

#[tokio::test]
async fn a_state_that_cannot_be_written_is_an_error_at_first_and_a_warning_later() {
    let (simulator, client) = started([json(200, COMPLETED)]);
    let (folder, file) = state_file();
    let nowhere = folder.path().join("none").join("wait.json");
    let error = refused(wait(&client, &nowhere)).await;
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().starts_with(&format!("could not write {}: ", nowhere.display())), "{error}");
    assert_eq!(simulator.requests(), 0);

    let mut stream = wait(&client, &file).stream();
    assert!(matches!(stream.next().await, Some(Ok(Update::Reading(_)))));
    folder.close().unwrap();
    let mut last = None;
    while let Some(update) = stream.next().await {
        last = Some(update.unwrap());
    }
    let Some(Update::Outcome(outcome)) = last else { panic!("{last:?}") };
    assert!(outcome.is_ready() && outcome.warnings.len() == 1, "{outcome:?}");
    let warning = format!("the state of the wait was not saved: could not write {}: ", file.display());
    assert!(outcome.warnings[0].starts_with(&warning), "{outcome:?}");
}

#[tokio::test]
async fn a_single_reading_that_cannot_be_kept_is_a_local_error() {
    let (simulator, _) = started([]);
    let (folder, file) = state_file();
    let (gone, token) = (folder.path().to_owned(), simulator.identity().token.clone());
    // The folder goes after the state was checked, and before the reading.
    let provider = move || {
        let _ = fs::remove_dir(&gone);
        std::future::ready(Ok::<_, std::convert::Infallible>(Credentials::bearer(token.clone())))
    };
    let client = Client::builder().base_url(simulator.url()).credentials_provider(provider).build().unwrap();
    let error = refused(wait(&client, &file).once(true)).await;
    assert_eq!((error.kind(), simulator.requests()), (ErrorKind::Local, 1));
    let message = format!("the state of the wait was not saved: could not write {}: ", file.display());
    assert!(error.to_string().starts_with(&message), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_a_state_and_nothing_else_is_left() {
    use std::os::unix::fs::PermissionsExt;

    let (_simulator, client) = started([]);
    let (folder, file) = state_file();
    fs::write(&file, "").unwrap();
    read_once(client.wait(IMAGE).state(&file)).await;
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["wait.json"]);
}

#[tokio::test]
async fn a_recording_has_a_wait_that_was_continued_as_one() {
    let (_simulator, client) = started([json(200, COMPLETED)]);
    let (folder, file) = state_file();
    let recorded = folder.path().join("wait.jsonl");
    let call = || wait(&client, &file).record(&recorded);
    read_once(call()).await;
    let outcome = call().await.unwrap();
    let waits = recording::parse(&fs::read_to_string(&recorded).unwrap()).unwrap().waits;
    assert_eq!(waits.len(), 1, "{waits:?}");
    assert_eq!(waits[0].updates.len() as u64, outcome.readings + 1);
}

#[tokio::test]
async fn a_wait_that_reads_once_has_no_outcome_to_await() {
    let error = client(&always(json(503, ""))).wait(IMAGE).once(true).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}
