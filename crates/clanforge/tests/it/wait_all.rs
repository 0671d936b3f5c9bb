//! Waits for several images at once.

use std::collections::BTreeMap;
use std::time::Duration;

use clanforge::monitor::{Baseline, CombinedOutcome, OutcomeKind, Policy, Update};
use clanforge::{AllUpdates, Client, ErrorKind, Gate, ImageRef, ImageStatus, MachineCounts, Updates};
use clanforge_simulator::{Options, Reply, Scenario, Simulator};

use crate::servers::{IMAGE, always, builder, client, json, simulator};

/// The scenarios whose rollouts start when they are told to, but for `outage`: how many requests a lost connection costs
/// depends on who shares it.
const SCENARIOS: [&str; 11] = [
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
    "empty",
];

/// Returns an image for each of these scenarios.
fn images(scenarios: &[&str]) -> Vec<ImageRef> {
    (1..=scenarios.len() as u64).map(|image_id| ImageRef::new(1234, image_id)).collect()
}

/// Starts a simulation of these scenarios, an image each, whose rollouts start after a baseline of each of some images.
async fn simulation(scenarios: &[&str], images: &[ImageRef]) -> (Simulator, Client, Vec<Baseline>) {
    let options = scenarios
        .iter()
        .zip(1..)
        .fold(Options::new(Scenario::builtin("happy").unwrap()), |options, (scenario, image_id)| {
            options.image(image_id, Scenario::builtin(scenario).unwrap())
        });
    let simulator = Simulator::start(options).unwrap();
    let client = Client::builder().from_variables(simulator.environment()).build().unwrap();
    simulator.advance(Duration::ZERO);
    let baselines = client.baselines(images.iter().copied()).await.unwrap();
    simulator.start_rollout(None);
    (simulator, client, baselines)
}

/// Returns the policy with which no image ends the wait for the others.
fn patient() -> Policy {
    let mut policy = Policy::default();
    policy.fail_fast = false;
    policy
}

const fn image_of(update: &Update) -> ImageRef {
    match update {
        Update::Reading(reading) => reading.image,
        Update::ReadFailed(failed) => failed.image,
        Update::Outcome(outcome) => outcome.image,
        _ => panic!("another update"),
    }
}

/// Returns an update without what names the port of a simulator.
fn anonymous(mut update: Update) -> Update {
    if let Update::ReadFailed(failed) = &mut update {
        failed.error.message.clear();
    }
    update
}

async fn single(mut updates: Updates) -> Vec<Update> {
    let mut seen = Vec::new();
    while let Some(update) = updates.next().await {
        seen.push(anonymous(update.unwrap()));
    }
    seen
}

/// Returns the updates of each image, and the combined outcome.
async fn combined(mut updates: AllUpdates) -> (BTreeMap<ImageRef, Vec<Update>>, CombinedOutcome) {
    let mut seen: BTreeMap<_, Vec<_>> = BTreeMap::new();
    while let Some(update) = updates.next().await {
        assert!(updates.outcome().is_none());
        let update = anonymous(update.unwrap());
        seen.entry(image_of(&update)).or_default().push(update);
    }
    assert!(updates.next().await.is_none());
    (seen, updates.outcome().unwrap().clone())
}

#[tokio::test]
async fn every_image_is_read_as_by_a_separate_wait_in_simulated_time() {
    let images = images(&SCENARIOS);
    let (simulator, client, baselines) = simulation(&SCENARIOS, &images).await;
    let before = simulator.requests();
    let call = client.watch_all(images.clone()).policy(patient()).baselines(baselines);
    let (seen, outcome) = combined(call.stream()).await;
    let requests = simulator.requests() - before;
    let mut requests_alone = 0;
    for (image, outcome) in images.into_iter().zip(outcome.outcomes) {
        let (simulator, client, baselines) = self::simulation(&SCENARIOS, &[image]).await;
        let before = simulator.requests();
        let call = client.watch(image).policy(patient()).baseline(baselines.into_iter().next().unwrap());
        let alone = single(call.stream()).await;
        requests_alone += simulator.requests() - before;
        let scenario = SCENARIOS[usize::try_from(image.image_id).unwrap() - 1];
        assert_eq!(seen[&image], alone, "{scenario}");
        assert_eq!(alone.last(), outcome.outcome.map(Update::Outcome).as_ref(), "{scenario}");
        assert_eq!(image, outcome.image);
    }
    assert_eq!(requests, requests_alone);
}

#[tokio::test]
async fn the_first_certain_failure_ends_the_wait_unless_fail_fast_is_off() {
    let scenarios = ["stragglers", "failures-stay"];
    let images = images(&scenarios);
    for fail_fast in [true, false] {
        let (_simulator, client, baselines) = simulation(&scenarios, &images).await;
        let mut policy = Policy::default();
        policy.fail_fast = fail_fast;
        let outcome = client.wait_all(images.clone()).policy(policy).baselines(baselines).await.unwrap();
        let kinds: Vec<_> = outcome.outcomes.iter().map(|image| image.outcome.as_ref().map(|one| one.kind)).collect();
        let first = (!fail_fast).then_some(OutcomeKind::Ready);
        assert_eq!(kinds, [first, Some(OutcomeKind::Failed)], "{outcome:?}");
        assert_eq!((outcome.ready, outcome.exit_code), (false, 1));
        let error = outcome.into_result().unwrap_err().to_string();
        let undecided = "image 1 of account service 1234: undecided: the wait ended before this image had an outcome";
        assert_eq!(error.contains(undecided), fail_fast, "{error}");
        assert!(error.contains("image 2 of account service 1234: failed: "), "{error}");
    }
}

#[tokio::test]
async fn all_images_ready_is_ready() {
    let scenarios = ["happy", "outage", "batches"];
    let images = images(&scenarios);
    let (_simulator, client, baselines) = simulation(&scenarios, &images).await;
    let outcome = client.wait_all(images).baselines(baselines).await.unwrap().into_result().unwrap();
    assert_eq!((outcome.ready, outcome.exit_code), (true, 0));
    let text = serde_json::to_string(&outcome).unwrap();
    assert_eq!(serde_json::from_str::<CombinedOutcome>(&text).unwrap(), outcome);
}

#[tokio::test]
async fn an_error_that_ends_the_wait_for_an_image_is_part_of_the_combined_outcome() {
    let images = images(&["happy", "happy"]);
    for (fail_fast, requests) in [(true, 1..=2), (false, 2..=2)] {
        let simulator = always(json(401, ""));
        let mut policy = Policy::default();
        policy.fail_fast = fail_fast;
        let outcome = client(&simulator).wait_all(images.clone()).policy(policy).await.unwrap();
        assert_eq!((outcome.ready, outcome.exit_code), (false, 4));
        let errors: Vec<_> = outcome.outcomes.iter().filter_map(|image| image.error.as_ref()).collect();
        assert!(errors.iter().all(|error| error.kind == ErrorKind::Authentication));
        assert_eq!(errors.len(), if fail_fast { 1 } else { 2 });
        assert!(requests.contains(&simulator.requests()));
    }
}

#[tokio::test]
async fn one_deadline_ends_the_wait_for_every_image() {
    let scenarios = ["never-starts", "stragglers", "happy"];
    let images = images(&scenarios);
    let (simulator, client, baselines) = simulation(&scenarios, &images).await;
    let began = simulator.now();
    let timeout = Duration::from_secs(5 * 60);
    let outcome = client.wait_all(images).baselines(baselines).timeout(timeout).await.unwrap();
    for image in &outcome.outcomes {
        let outcome = image.outcome.as_ref().unwrap();
        assert!(outcome.elapsed <= timeout, "{outcome:?}");
    }
    assert_eq!(outcome.outcomes[1].outcome.as_ref().unwrap().kind, OutcomeKind::TimedOut);
    assert_eq!(simulator.now(), began + timeout);
}

#[tokio::test]
async fn what_no_wait_can_begin_with_is_refused_before_a_request() {
    let simulator = simulator("happy");
    let client = client(&simulator);
    let other = ImageRef::new(1, 1);
    let baseline = |image| Baseline::new(image, ImageStatus::new(MachineCounts::new(0, 0, 1).unwrap()));
    let mut invalid = Policy::default();
    invalid.confirmations = 0;
    for (call, message) in [
        (client.wait_all([]), "there are no images to wait for"),
        (client.wait_all([IMAGE, other, IMAGE]), "image 5678 of account service 1234 is named twice"),
        (
            client.wait_all([IMAGE]).baselines([baseline(other)]),
            "a baseline is of image 1 of account service 1, which is not among the images of the wait",
        ),
        (client.wait_all([IMAGE, other]).policy(invalid), "invalid policy: confirmations is 0: it must be at least 1"),
        (
            client.wait_all([IMAGE, other]).baselines([baseline(other)]),
            "image 5678 of account service 1234 has no baseline, but another image has: pass one for every image, or none",
        ),
        (
            client.wait_all([IMAGE]).baselines([baseline(IMAGE)]).gate(Gate::default().region("EU")),
            "invalid policy: the gate needs fleets and regions, but the baseline was taken without detail",
        ),
    ] {
        let mut updates = call.stream();
        let error = updates.next().await.unwrap().unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Configuration, message));
        assert!(updates.next().await.is_none() && updates.outcome().is_none());
    }
    assert_eq!(simulator.requests(), 0);
}

#[tokio::test]
async fn dropping_the_updates_cancels_every_request() {
    let simulator = always(Reply::Hang);
    let mut updates = client(&simulator).watch_all(images(&["happy"; 3])).stream();
    while simulator.requests() < 3 {
        let waited = tokio::time::timeout(Duration::from_millis(1), updates.next()).await;
        assert!(waited.is_err(), "{waited:?}");
    }
    drop(updates);
    while simulator.open_connections() > 0 {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_blocking_wait_for_several_images_ends_as_an_async_one() {
    let scenarios = ["happy", "never-starts"];
    let images = images(&scenarios);
    let options =
        Options::new(Scenario::builtin("happy").unwrap()).image(2, Scenario::builtin("never-starts").unwrap());
    let simulator = Simulator::start(options).unwrap();
    let builder = Client::builder().from_variables(simulator.environment());
    let client = clanforge::blocking::Client::new(builder).unwrap();
    let baselines = client.baselines(images.clone()).unwrap();
    let mut updates = client.watch_all(images.clone()).baselines(baselines.clone()).updates();
    assert!(updates.by_ref().all(|update| update.is_ok()));
    let outcome = updates.outcome().unwrap();
    let kinds: Vec<_> = outcome.outcomes.iter().map(|image| image.outcome.as_ref().unwrap().kind).collect();
    assert_eq!(kinds, [OutcomeKind::Ready, OutcomeKind::NotStarted]);
    assert_eq!(outcome.exit_code, 6);
    let again = client.wait_all([images[1]]).baselines(baselines[1..].iter().cloned()).send().unwrap();
    assert_eq!((again.outcomes.len(), again.exit_code), (1, 6));
}

#[test]
fn a_blocking_wait_for_several_images_within_a_runtime_is_refused() {
    let simulator = simulator("happy");
    let client = clanforge::blocking::Client::new(builder(&simulator)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut updates = client.watch_all([IMAGE]).updates();
        assert_eq!(updates.next().unwrap().unwrap_err().kind(), ErrorKind::Configuration);
        assert!(updates.next().is_none() && updates.outcome().is_none());
    });
}

#[tokio::test]
async fn several_images_read_once_at_a_time_are_the_uninterrupted_wait_update_for_update() {
    let scenarios = ["happy", "stragglers", "failures-vanish", "never-starts"];
    let images = images(&scenarios);
    let (_simulator, client, baselines) = simulation(&scenarios, &images).await;
    let call = client.watch_all(images.clone()).policy(patient()).baselines(baselines);
    let (whole, outcome) = combined(call.stream()).await;

    let folder = tempfile::tempdir().unwrap();
    let (_simulator, client, baselines) = simulation(&scenarios, &images).await;
    let call = client.watch_all(images).policy(patient()).baselines(baselines).state(folder.path().join("wait.json"));
    let mut pieces: BTreeMap<_, Vec<_>> = BTreeMap::new();
    let mut most_readings = 0;
    let last = loop {
        let mut updates = call.clone().once(true).stream();
        let mut readings = 0;
        while let Some(update) = updates.next().await {
            let update = anonymous(update.unwrap());
            readings += usize::from(matches!(update, Update::Reading(_)));
            let seen: &mut Vec<_> = pieces.entry(image_of(&update)).or_default();
            // A wait that has ended returns its outcome again, with a warning.
            if !matches!(seen.last(), Some(Update::Outcome(_))) {
                seen.push(update);
            }
        }
        most_readings = most_readings.max(readings);
        match updates.next_reading() {
            Some(pause) => assert!(pause <= Policy::default().max_interval),
            None => break updates.outcome().unwrap().clone(),
        }
    };
    assert_eq!(pieces, whole);
    assert_eq!((last.exit_code, most_readings), (outcome.exit_code, 4));
}

#[tokio::test]
async fn the_state_of_several_images_is_one_file_which_other_images_refuse() {
    let scenarios = ["happy", "failures-stay"];
    let images = images(&scenarios);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wait.json");
    let (simulator, client, baselines) = simulation(&scenarios, &images).await;
    let call = client.wait_all(images.clone()).baselines(baselines).state(&file);
    let outcome = call.clone().await.unwrap();
    let requests = simulator.requests();
    // The same call again returns the saved outcome, and says which image was undecided.
    let again = call.await.unwrap();
    assert_eq!((again.exit_code, simulator.requests()), (1, requests));
    assert_eq!(again.outcomes[0], outcome.outcomes[0]);
    let error = client.wait_all(images.into_iter().rev()).state(&file).await.unwrap_err();
    let (first, second) = ("image 1 of account service 1234", "image 2 of account service 1234");
    let problem =
        format!("is the state of another wait: it is for {first}, {second}, not for {second}, {first}; delete it");
    assert!(error.to_string().contains(&problem), "{error}");
}
