//! Failures as data, and logs as lines of JSON.

use serde_json::{Value, json};

use crate::process::{against, command, json, run, serving, serving_in_turn, simulator};

const IMAGE: [&str; 4] = ["--asid", "1", "--image", "2"];

/// Returns the failure that a command prints, which `run` compares with its schema and the exit code.
fn failure(words: &[&str]) -> Value {
    let ended = run(command().args(words));
    let failure = json(&ended);
    assert!(failure["exit_code"].is_number(), "{ended:?}");
    failure
}

#[test]
fn wrong_arguments_are_a_document() {
    for (words, message) in [
        (
            &["status", "--image", "x", "-o", "json"][..],
            "invalid value 'x' for '--image <[ASID/]N>': expected a number",
        ),
        (&["check", "-ojson"], "the following required arguments were not provided: --image <[ASID/]N>"),
        (&["wait", "--output=json", "--bogus"], "unexpected argument '--bogus' found"),
        (&["replay", "--output", "text", "-o=json"], "the following required arguments were not provided: <FILE>"),
        (&["wait", "--image", "2", "-o", "json"], "no account service ID: pass --asid"),
        (&["replay", "/nowhere", "-o", "json"], "could not read /nowhere: "),
        (&["rollout", "-o", "json", "--asid", "1", "--image", "2", "--max-failed", "x", "--", "true"], "invalid value"),
    ] {
        let failure = failure(words);
        assert_eq!((&failure["kind"], &failure["exit_code"]), (&json!("configuration"), &json!(2)), "{failure}");
        assert!(failure["message"].as_str().unwrap().starts_with(message), "{failure}");
    }
    let of_command = run(command().args(["rollout", "--bogus", "--", "kubectl", "-o", "json"]));
    assert_eq!((of_command.code, of_command.stdout.as_str()), (2, ""), "the format is that of another command");
}

#[test]
fn an_error_that_ends_a_wait_is_its_document() {
    let simulator = serving(403, "");
    for words in [&["wait"][..], &["rollout"]] {
        let rollout = if words == ["rollout"] { &["--", "true"][..] } else { &[] };
        let ended = run(against(&simulator).args(words).args(IMAGE).args(["-o", "json"]).args(rollout));
        let failure = json(&ended);
        assert_eq!((&failure["kind"], &failure["status"]), (&json!("permission_denied"), &json!(403)), "{failure}");
    }
}

#[test]
fn an_error_beside_an_outcome_is_no_second_document() {
    let simulator = simulator("happy");
    simulator.advance(std::time::Duration::ZERO);
    let mut command = command();
    command.envs(simulator.environment()).arg("rollout").args(IMAGE).args(["-o", "json", "--ci-outputs", "/dev/full"]);
    let ended = run(command.args(["--", "true"]));
    assert_eq!((ended.code, &json(&ended)["ready"]), (0, &json!(true)), "{ended:?}");
    assert!(ended.stderr.contains("error: could not write /dev/full: "), "{ended:?}");
}

#[test]
fn logs_are_lines_of_json_on_request() {
    let hostile = json!({"error": {"code": 1, "message": "##vso[task.complete]"}, "success": false}).to_string();
    let simulator = serving_in_turn([crate::process::response(500, &hostile)]);
    let status = ["status", "--log-format", "json", "--retries", "0", "-o", "json"];
    let ended = run(against(&simulator).env("RUST_LOG", "clanforge=trace").args(status).args(IMAGE));
    let lines: Vec<&str> = ended.stderr.lines().collect();
    let (message, logs) = lines.split_last().unwrap();
    assert!(message.starts_with("error: HTTP 500 ") && logs.len() > 1, "{ended:?}");
    for line in logs {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let fields = ["timestamp", "level", "target", "message"].map(|field| event[field].is_string());
        assert_eq!(fields, [true; 4], "{event}");
    }
    assert!(!ended.stderr.contains("##vso["), "{ended:?}");
}
