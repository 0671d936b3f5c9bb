//! Several images in one command.

use std::process::Command;
use std::time::Duration;

use clanforge_simulator::{Identity, Options, Scenario, Simulator};
use serde_json::{Value, json};

use crate::process::{Finished, against, assert_valid, command, json, run};

/// Returns a simulator of three images whose rollouts have not started.
fn simulator(scenarios: [&str; 3]) -> Simulator {
    let scenario = |name| Scenario::builtin(name).unwrap();
    let options = Options::new(scenario("happy"));
    let options = (1..).zip(scenarios).fold(options, |options, (image, name)| options.image(image, scenario(name)));
    let simulator = Simulator::start(options).unwrap();
    simulator.advance(Duration::ZERO);
    simulator
}

const IMAGES: [&str; 6] = ["--image", "1234/1", "--image", "1234/2", "--image", "1234/3"];

/// Returns a command for the three images in simulated time.
fn of_all(simulator: &Simulator, name: &str) -> Command {
    let mut command = command();
    command.envs(simulator.environment()).arg(name).args(IMAGES);
    command
}

/// Waits for the rollouts of three images, whose baselines are taken before their start.
fn wait(scenarios: [&str; 3], arguments: &[&str]) -> Finished {
    let (simulator, folder) = (simulator(scenarios), tempfile::tempdir().unwrap());
    let before = folder.path().join("before.jsonl");
    assert_eq!(run(of_all(&simulator, "baseline").arg("--output-file").arg(&before)).code, 0);
    simulator.start_rollout(None);
    run(of_all(&simulator, "wait").arg("--since").arg(before).args(arguments))
}

/// Returns the text at this JSON pointer of each outcome; `None` if there is none.
fn words<'a>(document: &'a Value, path: &str) -> Vec<Option<&'a str>> {
    document["outcomes"].as_array().unwrap().iter().map(|image| image.pointer(path).and_then(Value::as_str)).collect()
}

#[test]
fn a_file_of_baselines_is_one_baseline_a_line() {
    let simulator = simulator(["happy"; 3]);
    let taken = run(&mut of_all(&simulator, "baseline"));
    let images = taken.stdout.lines().map(|line| {
        let baseline: Value = serde_json::from_str(line).unwrap();
        assert_valid("baseline", &baseline);
        baseline["image"]["image_id"].clone()
    });
    let images: Vec<_> = images.collect();
    assert_eq!(images, [json!(1), json!(2), json!(3)]);
}

#[test]
fn an_image_without_a_baseline_in_the_file_is_named() {
    let (simulator, folder) = (simulator(["happy"; 3]), tempfile::tempdir().unwrap());
    let before = folder.path().join("before.jsonl");
    let one = ["baseline", "--image", "1234/1", "--output-file"];
    assert_eq!(run(against(&simulator).args(one).arg(&before)).code, 0);
    let ended = run(of_all(&simulator, "wait").arg("--since").arg(&before));
    let problem = format!("error: {} has no baseline of image 2 of account service 1234\n", before.display());
    assert_eq!((ended.code, ended.stderr), (2, problem));
}

#[test]
fn a_status_of_several_images_is_one_document_with_what_could_not_be_read() {
    let identity = Identity { account_service_id: Some(1234), ..Identity::default() };
    let simulator = Simulator::start(Options::new(Scenario::builtin("happy").unwrap()).identity(identity)).unwrap();
    let images = ["--asid", "1234", "--image", "5", "--image", "9/6", "--image", "5"];
    let ended = run(against(&simulator).args(["status", "-o", "json"]).args(images));
    let document = json(&ended);
    assert_eq!((ended.code, &document["ready"], &document["exit_code"]), (4, &json!(false), &json!(4)));
    assert_eq!(document["outcomes"][0]["outcome"]["summary"]["readiness"], "ready", "{document}");
    assert_eq!(words(&document, "/error/kind"), [None, Some("permission_denied")]);
    assert!(ended.stderr.starts_with("error: 9/6: "), "{ended:?}");

    let text = run(against(&simulator).arg("status").args(images));
    assert!(text.code == 4 && text.stdout.starts_with("image 5 of account service 1234: ready\n"), "{text:?}");
    let metrics =
        run(against(&simulator).args(["status", "-o", "openmetrics"]).args(["--image", "1234/5", "--image", "1234/6"]));
    for image in [5, 6] {
        let ready = format!("clanforge_image_ready{{account_service_id=\"1234\",image_id=\"{image}\"}} 1.0\n");
        assert!(metrics.code == 0 && metrics.stdout.contains(&ready), "{metrics:?}");
    }
    assert_eq!(metrics.stdout.matches("# TYPE clanforge_image_ready gauge").count(), 1);
}

#[test]
fn a_check_of_several_images_exits_by_the_verdict_that_comes_first() {
    let simulator = simulator(["empty", "happy", "happy"]);
    let ended = run(of_all(&simulator, "check").args(["-o", "json"]));
    let document = json(&ended);
    assert_eq!((ended.code, &document["exit_code"]), (6, &json!(6)));
    let ready: Vec<_> =
        (0..3).map(|image| document["outcomes"][image]["outcome"]["verdict"]["ready"].clone()).collect();
    assert_eq!(ready, [json!(false), json!(true), json!(true)]);
    let text = run(&mut of_all(&simulator, "check"));
    assert_eq!((text.code, text.stdout.matches("image 2 of account service 1234: ").count()), (6, 1), "{text:?}");
}

#[test]
fn a_wait_for_several_images_ends_with_one_document() {
    let ended =
        wait(["happy", "failures-stay", "never-starts"], &["-o", "json", "--no-fail-fast", "--progress", "none"]);
    let document = json(&ended);
    assert_eq!((ended.code, &document["ready"], &document["exit_code"]), (1, &json!(false), &json!(1)));
    assert_eq!(words(&document, "/outcome/outcome"), [Some("ready"), Some("failed"), Some("not_started")]);
    let first = wait(["stragglers", "failures-stay", "never-starts"], &["-o", "json", "--start-grace", "30m"]);
    let document = json(&first);
    assert_eq!((first.code, words(&document, "/outcome/outcome")), (1, vec![None, Some("failed"), None]));
}

#[test]
fn a_wait_for_several_images_names_the_image_in_each_line() {
    let ended = wait(["happy", "batches", "never-starts"], &["--progress", "plain"]);
    let lines: Vec<_> = ended.stdout.lines().collect();
    assert_eq!(ended.code, 6, "{ended:?}");
    assert!(lines[0].starts_with("1234/1: ready: ") && lines[1].starts_with("1234/2: ready: "), "{lines:?}");
    assert!(lines.len() == 3 && lines[2].starts_with("1234/3: not started: "), "{lines:?}");
    for image in IMAGES.iter().filter(|word| word.contains('/')) {
        assert!(ended.stderr.contains(&format!("0:00  {image}  waiting for the rollout to start")), "{ended:?}");
    }
}

#[test]
fn the_live_view_has_a_row_for_each_image() {
    let ended = wait(["happy", "batches", "stragglers"], &["--progress", "tty"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let last = ended.stderr.rsplit("\u{1b}[J").next().unwrap();
    let rows: Vec<_> = last.lines().map(|line| line.split(": ").next().unwrap()).collect();
    assert!(rows[0].starts_with("3 images, waiting for "), "{last}");
    assert_eq!(rows[1..], ["  1234/1  ready", "  1234/2  ready", "  1234/3  ready"], "{last}");
}

#[test]
fn the_lines_of_several_images_replay_as_their_waits() {
    let folder = tempfile::tempdir().unwrap();
    let recorded = folder.path().join("wait.jsonl");
    let ended = wait(["happy", "batches", "stragglers"], &["-o", "jsonl"]);
    let last: Value = serde_json::from_str(ended.stdout.lines().last().unwrap()).unwrap();
    assert_valid("combined-outcome", &last);
    std::fs::write(&recorded, &ended.stdout).unwrap();
    let replayed = run(command().arg("replay").arg(&recorded));
    assert_eq!((replayed.code, replayed.stdout.matches("ready: ").count()), (0, 3), "{replayed:?}");
}

#[test]
fn several_images_read_once_at_a_time_end_as_the_uninterrupted_wait() {
    let scenarios = ["happy", "failures-stay", "never-starts"];
    let whole = wait(scenarios, &["--no-fail-fast", "-o", "json"]);
    let (simulator, folder) = (simulator(scenarios), tempfile::tempdir().unwrap());
    let (before, state) = (folder.path().join("before.jsonl"), folder.path().join("wait.json"));
    run(of_all(&simulator, "baseline").arg("--output-file").arg(&before));
    simulator.start_rollout(None);
    let once = || {
        let mut wait = of_all(&simulator, "wait");
        wait.args(["--once", "--no-fail-fast", "-o", "json", "--since"]).arg(&before).arg("--state").arg(&state);
        run(&mut wait)
    };
    let ended = loop {
        let ended = once();
        if ended.code != 8 {
            break ended;
        }
        let pending = json(&ended);
        assert_valid("combined-pending", &pending);
        assert!(pending["next_reading_seconds"].as_f64().unwrap() <= 120.0, "{pending}");
    };
    let (ended, whole) = (json(&ended), json(&whole));
    assert_eq!(words(&ended, "/outcome/reason"), words(&whole, "/outcome/reason"));
}
