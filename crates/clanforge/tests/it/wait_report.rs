//! Reports that a wait writes when it ends.

use std::fs;
use std::future::IntoFuture;
use std::time::Duration;

use clanforge::monitor::{Baseline, OutcomeKind, Update};
use clanforge::{Client, ErrorKind, ImageRef};
use clanforge_simulator::{Options, Scenario, Simulator};

use crate::servers::{IMAGE, always, client, json};

/// Starts the simulation of a scenario, and takes a baseline of the image.
async fn simulation(scenario: &str) -> (Simulator, Client, Baseline) {
    let simulator = Simulator::start(Options::new(Scenario::builtin(scenario).unwrap())).unwrap();
    let client = Client::builder().from_variables(simulator.environment()).build().unwrap();
    let baseline = client.baseline(IMAGE).await.unwrap();
    (simulator, client, baseline)
}

#[tokio::test]
async fn a_wait_writes_its_report_in_the_format_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for (name, beginning) in [("a.html", "<!doctype html>"), ("a.SVG", "<svg "), ("a.md", "## Failed after")] {
        let (_simulator, client, baseline) = simulation("failures-stay").await;
        let file = folder.path().join(name);
        let outcome = client.wait(IMAGE).baseline(baseline).report(&file).await.unwrap();
        assert_eq!(outcome.kind, OutcomeKind::Failed);
        let report = fs::read_to_string(&file).unwrap();
        assert!(report.starts_with(beginning), "{name}: {report}");
        assert!(report.contains("outcome: failed"), "{name}: {report}");
        assert!(name == "a.SVG" || report.contains("North America"), "{name}: {report}");
    }
}

#[tokio::test]
async fn a_wait_for_several_images_has_one_report() {
    let (_simulator, client, baseline) = simulation("happy").await;
    let (folder, other) = (tempfile::tempdir().unwrap(), ImageRef::new(IMAGE.account_service_id, IMAGE.image_id + 1));
    let file = folder.path().join("rollout.md");
    let baselines = [baseline, client.baseline(other).await.unwrap()];
    let outcome = client.wait_all([IMAGE, other]).baselines(baselines).report(&file).await.unwrap();
    let report = fs::read_to_string(&file).unwrap();
    assert_eq!(report.matches("\n## ").count() + 1, outcome.outcomes.len(), "{report}");
    for image in [IMAGE, other] {
        assert!(report.contains(&format!("image {} of account service", image.image_id)), "{report}");
    }
}

#[tokio::test]
async fn a_wait_that_is_interrupted_or_refused_leaves_a_report() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wait.md");
    let mut updates = client(&always(json(503, ""))).wait(IMAGE).report(&file).stream();
    updates.next().await.unwrap().unwrap();
    assert!(!fs::read_to_string(&file).unwrap().contains("outage"));
    drop(updates);
    assert!(fs::read_to_string(&file).unwrap().contains("outage: the service could not be read to the end"));

    let refused = client(&always(json(401, ""))).wait(IMAGE).report(&file).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Authentication);
    assert!(fs::read_to_string(&file).unwrap().starts_with("## Undecided after"));
}

#[tokio::test]
async fn a_report_that_cannot_be_written_is_an_error_at_the_beginning_and_a_warning_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let client = client(&always(json(200, r#"{"pending_machines":0,"failed_machines":0,"completed_machines":4}"#)));
    let begin = |name: &str| client.wait(IMAGE).report(folder.path().join(name)).into_future();
    for (name, kind, text) in [
        ("wait.pdf", ErrorKind::Configuration, "expected a file that ends in .html, .svg or .md"),
        ("wait", ErrorKind::Configuration, "expected a file that ends in .html, .svg or .md"),
        ("missing/wait.md", ErrorKind::Local, "could not write"),
    ] {
        let error = begin(name).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains(text), "{error}");
    }

    let file = folder.path().join("wait.md");
    let mut updates = client.wait(IMAGE).timeout(Duration::from_millis(1)).report(&file).stream();
    updates.next().await.unwrap().unwrap();
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let mut last = None;
    while let Some(update) = updates.next().await {
        last = Some(update.unwrap());
    }
    let Some(Update::Outcome(outcome)) = last else { panic!("the wait has no outcome: {last:?}") };
    assert!(outcome.warnings.iter().any(|warning| warning.contains("could not write")), "{:?}", outcome.warnings);
}
