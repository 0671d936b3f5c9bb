//! `clanforge wait`, `baseline` and `replay`

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clanforge_simulator::{Options, Reply, Scenario, Simulator};
use serde_json::Value;

use crate::process::{against, answering, json, run};

const IMAGE: [&str; 4] = ["--asid", "1234", "--image", "5678"];

/// The default policy, as many times faster as the rollouts here run.
const SPEED: f64 = 600.0;
const POLICY: [&str; 12] = [
    "--timeout",
    "6s",
    "--stall-timeout",
    "2s",
    "--start-grace",
    "1500ms",
    "--max-unreachable",
    "500ms",
    "--min-interval",
    "5ms",
    "--max-interval",
    "50ms",
];

fn fast(scenario: &str) -> Simulator {
    Simulator::start(Options::new(Scenario::builtin(scenario).unwrap()).speed(SPEED)).unwrap()
}

fn wait(simulator: &Simulator) -> Command {
    let mut command = against(simulator);
    command.arg("wait").args(IMAGE).args(POLICY);
    command
}

/// Writes the baseline of a simulator's image into a file.
fn baseline(simulator: &Simulator, folder: &tempfile::TempDir) -> String {
    let ended = run(against(simulator).arg("baseline").args(IMAGE));
    assert_eq!(ended.code, 0, "{ended:?}");
    let file = folder.path().join("before.json");
    std::fs::write(&file, ended.stdout).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn every_scenario_ends_with_its_exit_code_and_sentence() {
    std::thread::scope(|scope| {
        for (scenario, code, sentence) in [
            ("happy", 0, "ready: 54 of 54 machines completed, 0 pending, 0 failed\n"),
            ("stale-start", 0, "ready: 40 of 40 machines completed"),
            ("never-starts", 6, "not started: within 1.5 s the counts were never seen to be the new version's\n"),
            ("stragglers", 0, "ready: 56 of 56 machines completed"),
            ("failures-stay", 1, "failed: the image has "),
            ("failures-vanish", 1, "failed: the image has "),
            ("autoscaling", 0, "ready: "),
            ("outage", 0, "ready: 30 of 30 machines completed"),
            ("empty", 6, "not started: "),
        ] {
            scope.spawn(move || {
                let (simulator, folder) = (fast(scenario), tempfile::tempdir().unwrap());
                let before = baseline(&simulator, &folder);
                let ended = run(wait(&simulator).args(["--since", &before]));
                assert_eq!(ended.code, code, "{scenario}: {ended:?}");
                assert!(ended.stdout.starts_with(sentence), "{scenario}: {ended:?}");
                assert_eq!(ended.stdout.lines().count(), 1, "{scenario}: {ended:?}");
            });
        }
    });
}

#[test]
fn json_is_the_outcome_and_lines_of_json_are_every_update() {
    let simulator = answering(200, r#"{"pending_machines": 0, "failed_machines": 0, "completed_machines": 12}"#);
    let fresh = ["--start-grace", "20ms"];
    let outcome = json(&run(wait(&simulator).args(fresh).args(["-o", "json"])));
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
    assert!(outcome["reason"].as_str().unwrap().ends_with("the rollout was never seen to start"));
    assert!(outcome["status_age_seconds"].is_f64() && outcome["elapsed_seconds"].is_f64());

    let ended = run(wait(&simulator).args(fresh).args(["-o", "jsonl"]));
    let updates: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<_> = updates.iter().map(|update| update["update"].as_str().unwrap()).collect();
    assert!(kinds.len() > 2 && kinds[..kinds.len() - 1].iter().all(|kind| *kind == "reading"), "{kinds:?}");
    assert_eq!(kinds.last(), Some(&"outcome"));
}

#[test]
fn a_recorded_wait_is_replayed_to_the_byte_and_decided_anew_by_a_looser_gate() {
    let (simulator, folder) = (fast("failures-stay"), tempfile::tempdir().unwrap());
    let before = baseline(&simulator, &folder);
    let file = folder.path().join("wait.jsonl");
    let file = file.to_str().unwrap();
    let recorded = run(wait(&simulator).args(["--since", &before, "--record", file, "-o", "jsonl"]));
    assert_eq!(recorded.code, 1, "{recorded:?}");
    let replayed = run(against(&simulator).args(["replay", file, "-o", "jsonl"]));
    assert_eq!((replayed.code, &replayed.stdout), (1, &recorded.stdout));

    let looser = run(against(&simulator).args([
        "replay",
        file,
        "--max-pending",
        "100%",
        "--max-failed",
        "100%",
        "--min-completed",
        "0",
    ]));
    assert_eq!(looser.code, 0, "{looser:?}");
    assert!(looser.stderr.starts_with("decided 0:00 after the wait began"), "{looser:?}");
    let longer = run(against(&simulator).args(["replay", file, "--max-failed", "3"]));
    assert_eq!((longer.code, longer.stdout.as_str()), (8, ""), "{longer:?}");
    assert!(longer.stderr.contains("undecided: the recording ends before the wait does"), "{longer:?}");
}

#[test]
fn what_is_no_recording_and_no_baseline_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd");
    let name = file.to_str().unwrap();
    let simulator = answering(200, "{}");
    for (content, expected) in [
        ("", "holds no recorded wait"),
        ("{}\n", "odd, line 1: no update"),
        ("{\"update\":\"outcome\"}\n", "odd, line 1: no update"),
    ] {
        std::fs::write(&file, content).unwrap();
        let ended = run(against(&simulator).args(["replay", name]));
        assert!(ended.code == 2 && ended.stderr.contains(expected), "{ended:?}");
    }
    for (content, expected) in [
        ("{}", "odd is no baseline: missing field"),
        (
            r#"{"version": 2, "image": {"account_service_id": 1, "image_id": 2}, "status": {}}"#,
            "version 2 is not known here",
        ),
        (
            r#"{"version": 1, "image": {"account_service_id": 1, "image_id": 2},
                "status": {"pending_machines": 0, "completed_machines": 1}}"#,
            "the baseline is of image 2 of account service 1, and not of image 5678 of account service 1234",
        ),
    ] {
        std::fs::write(&file, content).unwrap();
        let ended = run(wait(&simulator).args(["--since", name]));
        assert!(ended.code == 2 && ended.stderr.contains(expected), "{expected}: {ended:?}");
    }
    let missing = run(wait(&simulator).args(["--since", "/no/such/file"]));
    assert!(missing.code == 2 && missing.stderr.contains("/no/such/file cannot be read"), "{missing:?}");
}

#[test]
fn a_policy_that_contradicts_itself_is_refused() {
    let simulator = answering(200, "{}");
    for (arguments, expected) in [
        (["--timeout", "1s"], "timeout (1 s) is shorter than start_grace (1.5 s)"),
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
fn errors_that_no_repetition_mends_have_their_exit_codes() {
    for (status, code) in [(401, 4), (403, 4)] {
        let ended = run(&mut wait(&answering(status, "")));
        assert_eq!((ended.code, ended.stdout.as_str()), (code, ""), "{ended:?}");
    }
    let unreachable = run(&mut wait(&answering(503, "")));
    assert_eq!(unreachable.code, 5, "{unreachable:?}");
    assert!(unreachable.stdout.starts_with("unreachable: no reading for "), "{unreachable:?}");
    assert!(unreachable.stderr.contains("to go on waiting: clanforge wait --asid 1234"), "{unreachable:?}");
}

#[test]
fn stalled_and_timed_out_waits_say_so_and_how_to_go_on() {
    let pending = r#"{"pending_machines": 40, "failed_machines": 0, "completed_machines": 1}"#;
    let stalled = run(wait(&answering(200, pending)).args(["--started"]));
    assert_eq!(stalled.code, 3, "{stalled:?}");
    assert!(stalled.stdout.starts_with("stalled: no progress for 2"), "{stalled:?}");

    let simulator = answering(200, pending);
    let mut command = against(&simulator);
    let ended = run(command.arg("wait").args(IMAGE).args(["--timeout", "300ms", "--min-interval", "5ms"]));
    assert_eq!(ended.code, 124, "{ended:?}");
    assert!(ended.stdout.starts_with("timed out after 0.3 s: the image has 40 pending machines"), "{ended:?}");
    let resume = "to go on waiting: clanforge wait --asid 1234 --image 5678 --timeout 300ms --min-interval 5ms\n";
    assert!(ended.stderr.ends_with(resume), "{ended:?}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_wait_that_nobody_reads() {
    let simulator = answering(200, &large_status());
    let mut child = wait(&simulator)
        .args(["-o", "jsonl", "--timeout", "none", "--started", "--per", "region", "--stall-timeout", "1h"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The pipe is full once nothing more is asked for.
    let mut requests = 0;
    while simulator.requests() > requests || requests == 0 {
        requests = simulator.requests();
        std::thread::sleep(Duration::from_millis(300));
    }
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

/// Returns a status that fills a pipe in a few lines.
#[cfg(unix)]
fn large_status() -> String {
    let unknown = "x".repeat(100);
    let region =
        |number| format!(r#""{number}-{unknown}": {{"name": "R", "pending_machines": 1, "completed_machines": 0}}"#);
    let regions: Vec<_> = (0..200).map(region).collect();
    format!(
        r#"{{"pending_machines": 200, "completed_machines": 0, "fleets": {{"f": {{"pending_machines": 200,
            "completed_machines": 0, "regions": {{{}}}}}}}}}"#,
        regions.join(",")
    )
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_ends_no_wait() {
    let simulator = answering(200, r#"{"pending_machines": 0, "failed_machines": 0, "completed_machines": 12}"#);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ended = wait(&simulator).args(["--start-grace", "20ms"]).stderr(full).stdout(Stdio::null()).status().unwrap();
    assert_eq!(ended.code(), Some(0));
}

#[test]
fn a_recording_that_was_cut_is_gone_on_with() {
    let simulator = answering(200, r#"{"pending_machines": 0, "failed_machines": 0, "completed_machines": 12}"#);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wait.jsonl");
    let name = file.to_str().unwrap();
    let refused = run(wait(&simulator).args(["--record", name, "--confirmations", "0"]));
    assert!(refused.code == 2 && !file.exists(), "{refused:?}");
    let same = run(wait(&simulator).args(["--record", name, "--since", name]));
    assert_eq!(same.code, 2, "{same:?}");

    let record = || run(wait(&simulator).args(["--start-grace", "20ms", "--record", name]));
    assert_eq!(record().code, 0);
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 40]).unwrap();
    assert_eq!(run(against(&simulator).args(["replay", name])).code, 0);
    assert_eq!(record().code, 0);
    let both = run(against(&simulator).args(["replay", name]));
    assert!(both.code == 0 && both.stdout.lines().count() == 2, "{both:?}");

    std::fs::write(&file, String::from_utf8(whole).unwrap().replace("\"record\":\"wait\"", "\"record\":\"other\""))
        .unwrap();
    let other = run(against(&simulator).args(["replay", name]));
    assert!(other.code == 2 && other.stderr.contains("line 1: no beginning: unknown variant `other`"), "{other:?}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_wait_at_once_and_the_printed_command_goes_on() {
    for (signal, code, word) in [("-INT", 130, "interrupted"), ("-TERM", 143, "terminated")] {
        let simulator = Simulator::start(Options::new(Scenario::builtin("happy").unwrap()).speed(SPEED)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let before = baseline(&simulator, &folder);
        let mut child =
            wait(&simulator).args(["--since", &before]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The rollout has started, and is far from its end.
        let moment = Duration::from_secs(4 * 60);
        while simulator.rollout_time() < moment {
            std::thread::yield_now();
        }
        simulator.inject(Reply::Hang, 1);
        let requests = simulator.requests();
        while simulator.requests() == requests {
            std::thread::yield_now();
        }
        let signalled = Instant::now();
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let status = child.wait().unwrap();
        assert!(signalled.elapsed() < Duration::from_millis(500), "{:?}", signalled.elapsed());
        assert_eq!(status.code(), Some(code));
        let stderr = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
        assert!(stderr.contains(&format!("{word}: the rollout goes on")), "{stderr}");
        let printed = stderr.lines().last().unwrap().strip_prefix("to go on waiting: clanforge ").unwrap().to_owned();
        assert!(printed.ends_with(" --started"), "{printed}");
        let resumed = run(against(&simulator).args(printed.split(' ')));
        assert_eq!(resumed.code, 0, "{resumed:?}");
    }
}

#[test]
fn in_logs_a_change_is_a_line_and_nothing_is_none_where_none_is_asked_for() {
    let simulator = answering(200, r#"{"pending_machines": 0, "failed_machines": 0, "completed_machines": 12}"#);
    let plain = run(wait(&simulator).args(["--start-grace", "20ms"]));
    assert!(plain.stderr.starts_with("0:00  12 of 12 machines completed (100 %), 0 pending, 0 failed"), "{plain:?}");
    assert!(
        plain.stderr.ends_with("assumed to be the new version\n") && plain.stderr.lines().count() == 2,
        "{plain:?}"
    );
    let quiet = run(wait(&simulator).args(["--start-grace", "20ms", "--progress", "none"]));
    assert_eq!(quiet.stderr, "");
}
