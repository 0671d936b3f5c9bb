//! `clanforge wait`
//!
//! The simulator serves scripted responses, one for each reading, so that an outcome depends on the order of the readings
//! and not on how fast they follow each other.

use std::io::Read;
use std::process::{Command, Stdio};

use clanforge_simulator::{Reply, Simulator};
use serde_json::Value;

use crate::process::{against, assert_valid, counts, json, response, run, serving, serving_in_turn};

pub(super) const IMAGE: [&str; 4] = ["--asid", "1234", "--image", "5678"];

/// Short poll intervals, and limits that no test reaches unless it sets a shorter one.
const POLICY: [&str; 14] = [
    "--timeout",
    "1h",
    "--stall-timeout",
    "1h",
    "--start-grace",
    "1h",
    "--max-unreachable",
    "1h",
    "--settle",
    "0s",
    "--min-interval",
    "5ms",
    "--max-interval",
    "50ms",
];

/// A start grace that ends before the first reading, or right after it.
pub(super) const NO_GRACE: [&str; 2] = ["--start-grace", "0s"];

pub(super) fn wait(simulator: &Simulator) -> Command {
    let mut command = against(simulator);
    command.arg("wait").args(IMAGE).args(POLICY);
    command
}

/// Returns a simulator of 40 machines: the baseline, the start of the rollout in two readings, then these responses in turn.
pub(super) fn rollout(then: impl IntoIterator<Item = Reply>) -> Simulator {
    let (before, started) = (response(200, &counts(0, 0, 40)), response(200, &counts(40, 0, 0)));
    serving_in_turn([before, started.clone(), started].into_iter().chain(then))
}

/// Writes the baseline of a simulator's image into a file.
pub(super) fn baseline(simulator: &Simulator, folder: &tempfile::TempDir) -> String {
    let ended = run(against(simulator).arg("baseline").args(IMAGE));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_valid("baseline", &json(&ended));
    let file = folder.path().join("before.json");
    std::fs::write(&file, ended.stdout).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn each_outcome_has_its_exit_code_and_sentence() {
    for (name, then, arguments, code, sentence) in [
        ("ready", counts(0, 0, 40), &[][..], 0, "ready: 40 of 40 machines completed, 0 pending, 0 failed\n"),
        ("failed", counts(5, 2, 33), &[], 1, "failed: the image has 2 failed machines"),
        ("allowed", counts(0, 2, 38), &["--max-failed", "5%"], 0, "ready: 38 of 40 machines completed"),
        ("patient", counts(0, 2, 38), &["--no-fail-fast"], 1, "failed: the image has 2 failed machines"),
        ("stalled", counts(5, 0, 35), &["--stall-timeout", "200ms"], 3, "stalled: no progress for "),
        ("timed out", counts(5, 0, 35), &["--timeout", "1s", "--start-grace", "1s"], 124, "timed out after "),
    ] {
        let (simulator, folder) = (rollout([response(200, &then)]), tempfile::tempdir().unwrap());
        let before = baseline(&simulator, &folder);
        let ended = run(wait(&simulator).args(["--since", &before]).args(arguments));
        assert_eq!(ended.code, code, "{name}: {ended:?}");
        assert!(ended.stdout.starts_with(sentence), "{name}: {ended:?}");
        assert_eq!(ended.stdout.lines().count(), 1, "{name}: {ended:?}");
    }
}

#[test]
fn a_rollout_that_does_not_start_within_the_grace_ends_as_not_started() {
    for (body, sentence) in [
        (counts(0, 0, 40), "not started: no evidence of the new version within 0.2 s\n"),
        (counts(0, 0, 0), "not started: "),
    ] {
        let (simulator, folder) = (serving(200, &body), tempfile::tempdir().unwrap());
        let before = baseline(&simulator, &folder);
        let ended = run(wait(&simulator).args(["--since", &before, "--start-grace", "200ms"]));
        assert_eq!(ended.code, 6, "{ended:?}");
        assert!(ended.stdout.starts_with(sentence), "{ended:?}");
    }
}

#[test]
fn readings_that_fail_in_between_do_not_end_the_wait() {
    let failures = [500, 503, 429].map(|status| response(status, ""));
    let simulator = rollout(failures.into_iter().chain([response(200, &counts(0, 0, 40))]));
    let folder = tempfile::tempdir().unwrap();
    let before = baseline(&simulator, &folder);
    let outcome = json(&run(wait(&simulator).args(["--since", &before, "-o", "json"])));
    assert_eq!((&outcome["outcome"], &outcome["errors"]), (&"ready".into(), &3.into()), "{outcome}");
}

#[test]
fn json_is_the_outcome_and_jsonl_is_every_update() {
    let simulator = serving(200, &counts(0, 0, 12));
    let outcome = json(&run(wait(&simulator).args(NO_GRACE).args(["-o", "json"])));
    for (name, expected) in [
        ("version", Value::from(1)),
        ("update", "outcome".into()),
        ("outcome", "ready".into()),
        ("freshness", "assumed".into()),
        ("image", serde_json::json!({"account_service_id": 1234, "image_id": 5678})),
        ("errors", 0.into()),
    ] {
        assert_eq!(outcome[name], expected, "{name}: {outcome}");
    }
    assert_eq!(outcome["summary"]["percent_complete"], 100.0);
    assert_eq!(outcome["verdict"]["ready"], true);
    assert!(outcome["reason"].as_str().unwrap().ends_with("the start of the rollout was not observed"));
    assert!(outcome["status_age_seconds"].is_f64() && outcome["elapsed_seconds"].is_f64());

    let ended = run(wait(&simulator).args(NO_GRACE).args(["-o", "jsonl"]));
    let updates: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (header, updates) = updates.split_first().unwrap();
    assert_eq!((&header["record"], &header["image"]), (&"wait".into(), &outcome["image"]));
    assert!(updates.iter().all(|update| update["wait"] == header["wait"] && update["image"] == outcome["image"]));
    let kinds: Vec<_> = updates.iter().map(|update| update["update"].as_str().unwrap()).collect();
    assert!(kinds.len() > 2 && kinds[..kinds.len() - 1].iter().all(|kind| *kind == "reading"), "{kinds:?}");
    assert_eq!(kinds.last(), Some(&"outcome"));
}

#[test]
fn a_file_that_is_not_a_recording_is_not_appended_to_and_one_that_is_no_baseline_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd");
    let name = file.to_str().unwrap();
    let simulator = serving(200, "{}");
    std::fs::write(&file, "#!/bin/sh\n").unwrap();
    let ended = run(wait(&simulator).args(["--record", name]));
    assert!(ended.code == 2 && ended.stderr.contains("odd is not a recording: name another file"), "{ended:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "#!/bin/sh\n");
    for (content, expected) in [
        ("{}", "odd is not a baseline: missing field"),
        (
            r#"{"version": 2, "image": {"account_service_id": 1, "image_id": 2}, "status": {}}"#,
            "unsupported version 2: expected 1",
        ),
        (
            r#"{"version": 1, "image": {"account_service_id": 1, "image_id": 2},
                "status": {"pending_machines": 0, "completed_machines": 1}}"#,
            "the baseline is of image 2 of account service 1, not of image 5678 of account service 1234",
        ),
    ] {
        std::fs::write(&file, content).unwrap();
        let ended = run(wait(&simulator).args(["--since", name]));
        assert!(ended.code == 2 && ended.stderr.contains(expected), "{expected}: {ended:?}");
    }
    let missing = run(wait(&simulator).args(["--since", "/no/such/file"]));
    assert!(missing.code == 2 && missing.stderr.contains("could not read /no/such/file: "), "{missing:?}");
}

#[test]
fn a_policy_that_contradicts_itself_is_refused() {
    let simulator = serving(200, "{}");
    for (arguments, expected) in [
        (["--timeout", "1s"], "timeout (1 s) is shorter than start_grace (60 min)"),
        (["--min-interval", "1h"], "min_interval (60 min) is longer than max_interval"),
        (["--confirmations", "0"], "confirmations is 0"),
        (["--evidence", "0%"], "evidence is 0%"),
        (["--evidence", "half"], "invalid percentage `half`"),
        (["--timeout", "soon"], "soon"),
    ] {
        let ended = run(wait(&simulator).args(arguments));
        assert!(ended.code == 2 && ended.stderr.contains(expected), "{expected}: {ended:?}");
    }
}

#[test]
fn permanent_errors_and_an_unreachable_service_have_their_exit_codes() {
    for (status, code) in [(401, 4), (403, 4)] {
        let ended = run(&mut wait(&serving(status, "")));
        assert_eq!((ended.code, ended.stdout.as_str()), (code, ""), "{ended:?}");
        assert_eq!(ended.stderr.matches(&format!("HTTP {status}")).count(), 1, "{ended:?}");
    }
    let unreachable = run(wait(&serving(503, "")).args(["--max-unreachable", "200ms"]));
    assert_eq!(unreachable.code, 5, "{unreachable:?}");
    assert!(unreachable.stdout.starts_with("unreachable: no reading for "), "{unreachable:?}");
    assert!(unreachable.stderr.contains("resume with: clanforge wait --asid 1234"), "{unreachable:?}");
}

/// What an ingress returns while it is being redeployed.
const PAGE_NOT_FOUND: &str = "404 page not found";

/// An error in the service's own format.
const API_ERROR: &str = r#"{"success":false,"error":true,"error_code":1,"error_message":"no access"}"#;

#[test]
fn a_proxy_error_during_a_rollout_does_not_end_the_wait() {
    for (status, body) in [(404, PAGE_NOT_FOUND), (401, ""), (403, "<html>blocked</html>")] {
        let installing = response(200, &counts(20, 0, 20));
        let then = [installing, response(status, body), response(200, &counts(0, 0, 40))];
        let (simulator, folder) = (rollout(then), tempfile::tempdir().unwrap());
        let before = baseline(&simulator, &folder);
        let ended = run(wait(&simulator).args(["--since", &before]));
        assert_eq!(ended.code, 0, "{status}: {ended:?}");
    }
}

#[test]
fn a_proxy_error_that_lasts_ends_the_wait_and_prints_the_command_that_resumes_it() {
    for (status, body, code, message) in [
        (404, PAGE_NOT_FOUND, 5, "HTTP 404 Not Found"),
        (401, "", 4, "HTTP 401 Unauthorized"),
        (403, "<html>blocked</html>", 4, "HTTP 403 Forbidden: the response is an HTML page"),
    ] {
        let (simulator, folder) = (rollout([response(status, body)]), tempfile::tempdir().unwrap());
        let before = baseline(&simulator, &folder);
        let ended = run(wait(&simulator).args(["--since", &before, "--max-unreachable", "300ms"]));
        assert_eq!((ended.code, ended.stdout.as_str()), (code, ""), "{ended:?}");
        assert!(ended.stderr.contains(message), "{ended:?}");
        let resume = "without --state, the next wait does not know that this one saw the rollout start\n\
                      resume with: clanforge wait --asid 1234 ";
        assert!(ended.stderr.contains(resume), "{ended:?}");
    }
}

#[test]
fn an_error_of_the_service_itself_ends_the_wait_at_once() {
    for (status, code) in [(401, 4), (403, 4), (404, 5)] {
        let refused = response(status, API_ERROR);
        let (simulator, folder) = (rollout([refused, response(200, &counts(0, 0, 40))]), tempfile::tempdir().unwrap());
        let before = baseline(&simulator, &folder);
        let ended = run(wait(&simulator).args(["--since", &before, "--start-grace", "0s"]));
        assert_eq!((ended.code, simulator.requests()), (code, 4), "{ended:?}");
    }
}

#[test]
fn a_misspelt_region_ends_the_wait_with_the_nearest_name() {
    let region = r#"{"name":"Europe","pending_machines":0,"failed_machines":0,"completed_machines":4}"#;
    let fleet =
        format!(r#"{{"pending_machines":0,"failed_machines":0,"completed_machines":4,"regions":{{"r1":{region}}}}}"#);
    let body =
        format!(r#"{{"pending_machines":0,"failed_machines":0,"completed_machines":4,"fleets":{{"f":{fleet}}}}}"#);
    let simulator = serving(200, &body);
    let ended = run(wait(&simulator).args(["--region", "europe"]));
    assert_eq!((ended.code, simulator.requests()), (2, 1), "{ended:?}");
    let message = "the image has no region `europe`; did you mean `Europe`?";
    assert!(ended.stderr.contains(message) && !ended.stderr.contains("resume with"), "{ended:?}");
}

#[test]
fn a_gate_that_cannot_pass_is_warned_of() {
    let simulator = serving(200, &counts(0, 0, 40));
    let ended = run(wait(&simulator).args(NO_GRACE).args(["--min-completed", "50", "--timeout", "300ms"]));
    assert!(ended.stderr.contains("warning: the gate cannot pass: the image has 40 machines"), "{ended:?}");
}

#[test]
fn a_timed_out_wait_prints_the_command_that_resumes_it() {
    let simulator = serving(200, &counts(40, 0, 1));
    let ended = run(against(&simulator).arg("wait").args(IMAGE).args(["--timeout", "300ms", "--min-interval", "5ms"]));
    assert_eq!(ended.code, 124, "{ended:?}");
    assert!(ended.stdout.contains(": the image has 40 pending machines"), "{ended:?}");
    let resume = "resume with: clanforge wait --asid 1234 --image 5678 --timeout 300ms --min-interval 5ms\n";
    assert!(ended.stderr.ends_with(resume), "{ended:?}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_wait_whose_output_nobody_reads() {
    let simulator = serving(200, &large_status());
    let mut child = wait(&simulator)
        .args(["-o", "jsonl", "--timeout", "none", "--start-grace", "0s", "--per", "region"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // One line is longer than a pipe holds. Once its first byte has arrived, the process is writing it, and cannot finish.
    child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

/// Returns a status that is many times as long as what a pipe holds.
#[cfg(unix)]
fn large_status() -> String {
    let unknown = "x".repeat(100);
    let region =
        |number| format!(r#""{number}-{unknown}": {{"name": "R", "pending_machines": 1, "completed_machines": 0}}"#);
    let regions: Vec<_> = (0..5000).map(region).collect();
    format!(
        r#"{{"pending_machines": 5000, "completed_machines": 0, "fleets": {{"f": {{"pending_machines": 5000,
            "completed_machines": 0, "regions": {{{}}}}}}}}}"#,
        regions.join(",")
    )
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_error_does_not_end_the_wait() {
    let simulator = serving(200, &counts(0, 0, 12));
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ended = wait(&simulator).args(NO_GRACE).stderr(full).stdout(Stdio::null()).status().unwrap();
    assert_eq!(ended.code(), Some(0));
}

/// Only Linux has a device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_a_local_error_and_hides_no_verdict() {
    for (command, code) in [(vec!["status"], 9), (vec!["check"], 0), ([&["wait"], &POLICY[..], &NO_GRACE].concat(), 0)]
    {
        let simulator = serving(200, &counts(0, 0, 12));
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended =
            against(&simulator).args(&command).args(IMAGE).stdout(full).stderr(Stdio::piped()).output().unwrap();
        let stderr = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(code), "{command:?}: {stderr}");
        assert!(stderr.contains("error: could not write to standard output: "), "{command:?}: {stderr}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_a_local_error() {
    let simulator = serving(200, &counts(0, 0, 12));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("missing").join("file");
    for (command, option) in [("wait", "--record"), ("baseline", "--output-file")] {
        let ended = run(against(&simulator).arg(command).args(IMAGE).arg(option).arg(&file));
        assert_eq!(ended.code, 9, "{ended:?}");
        assert!(ended.stderr.contains(&format!("could not write {}: ", file.display())), "{ended:?}");
    }
}

/// Returns the command, which writes no file longer than this number of bytes, as on a disk that is full.
#[cfg(target_os = "linux")]
fn with_full_disk(bytes: usize, command: &Command) -> Command {
    let mut limited = Command::new("sh");
    limited.args(["-c", "trap '' XFSZ; exec prlimit --fsize=\"$0\" \"$@\"", &bytes.to_string()]);
    limited.arg(command.get_program()).args(command.get_args()).envs(
        // The variables that `command` removes are left out: a test sets none of them.
        command.get_envs().filter_map(|(name, value)| Some((name, value?))),
    );
    limited
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_ends_a_wait_as_a_local_error_before_the_first_reading_and_stops_the_recording_later() {
    let simulator = serving(200, &counts(0, 0, 12));
    let folder = tempfile::tempdir().unwrap();
    let record = |name| {
        let (mut command, file) = (wait(&simulator), folder.path().join(name));
        command.args(NO_GRACE).arg("--record").arg(&file);
        (command, file)
    };
    let (mut command, file) = record("whole.jsonl");
    assert_eq!(run(&mut command).code, 0);
    let whole = std::fs::read(file).unwrap().len();

    let (command, file) = record("empty.jsonl");
    let ended = run(&mut with_full_disk(10, &command));
    assert_eq!((ended.code, ended.stdout.as_str()), (9, ""), "{ended:?}");
    assert!(ended.stderr.starts_with(&format!("error: could not write {}: ", file.display())), "{ended:?}");

    let (command, file) = record("half.jsonl");
    let ended = run(&mut with_full_disk(whole - 40, &command));
    assert_eq!((ended.code, ended.stdout.lines().count()), (0, 1), "{ended:?}");
    let warning = format!("warning: recording stopped: could not write {}: ", file.display());
    assert!(ended.stderr.contains(&warning), "{ended:?}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_wait_and_the_printed_command_resumes_it() {
    for (signal, code, word) in [("-INT", 130, "interrupted"), ("-TERM", 143, "terminated"), ("-HUP", 129, "hung up")] {
        let simulator = rollout([Reply::Hang, response(200, &counts(0, 0, 40))]);
        let folder = tempfile::tempdir().unwrap();
        let (before, state) = (baseline(&simulator, &folder), folder.path().join("wait.json"));
        let mut command = wait(&simulator);
        command.args(["--since", &before]).arg("--state").arg(state);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The rollout has started, and the simulator does not respond to the fourth request.
        while simulator.requests() < 4 {
            assert_eq!(child.try_wait().unwrap(), None, "the wait ended by itself");
            std::thread::yield_now();
        }
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code));
        let stderr = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
        // A process that was killed because it did not exit would write neither line.
        assert!(stderr.contains(&format!("{word}: stopped waiting; the rollout continues")), "{stderr}");
        let printed = stderr.lines().last().unwrap().strip_prefix("resume with: clanforge ").unwrap().to_owned();
        let resumed = run(against(&simulator).args(printed.split(' ')));
        assert_eq!(resumed.code, 0, "{resumed:?}");
    }
}

#[test]
fn plain_progress_ends_with_the_last_reading() {
    let simulator = serving(200, &counts(0, 0, 12));
    let plain = run(wait(&simulator).args(NO_GRACE));
    let counts = "12 of 12 machines completed (100 %), 0 pending, 0 failed";
    let warning = "warning: ready is only assumed: the start of the rollout was not observed\n";
    let last = format!("  {counts}, assumed to be the new version\n{warning}");
    assert!(plain.stderr.ends_with(&last), "{plain:?}");
}

#[test]
fn progress_says_waiting_until_the_rollout_starts() {
    let (simulator, folder) = (serving(200, &counts(0, 0, 12)), tempfile::tempdir().unwrap());
    let before = baseline(&simulator, &folder);
    let plain = run(wait(&simulator).args(["--since", &before, "--start-grace", "100ms"]));
    let line = "waiting for the rollout to start (12 completed, 0 pending, 0 failed)";
    assert!(plain.stderr.contains(line) && !plain.stderr.contains("100 %"), "{plain:?}");
}

#[test]
fn a_warning_about_an_assumed_ready_is_printed_without_progress_too() {
    let simulator = serving(200, &counts(0, 0, 12));
    let quiet = run(wait(&simulator).args(NO_GRACE).args(["--progress", "none"]));
    assert_eq!(quiet.stderr, "warning: ready is only assumed: the start of the rollout was not observed\n");
}

#[test]
fn without_progress_standard_error_is_empty() {
    let (simulator, folder) = (rollout([response(200, &counts(0, 0, 40))]), tempfile::tempdir().unwrap());
    let before = baseline(&simulator, &folder);
    let quiet = run(wait(&simulator).args(["--since", &before, "--progress", "none"]));
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""), "{quiet:?}");
}
