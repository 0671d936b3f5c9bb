//! `clanforge rollout`, with commands of a POSIX shell

#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use clanforge_simulator::{Scenario, Simulator};
use serde_json::{Value, json};

use super::wait::IMAGE;
use super::wait_state::Rollout;
use crate::process::{against, assert_valid, command, counts, json, run, serving, simulator};

/// Returns the rollout of an image in simulated time, without what follows `--`.
fn rollout(simulator: &Simulator) -> Command {
    let mut command = command();
    command.envs(simulator.environment()).arg("rollout").args(IMAGE);
    command
}

/// Returns the rollout of an image with a command of the shell.
fn rollout_by(simulator: &Simulator, arguments: &[&str], script: &str) -> Command {
    let mut command = rollout(simulator);
    command.args(arguments).args(["--", "sh", "-c", script]);
    command
}

#[test]
fn every_scenario_ends_as_the_wait_with_a_baseline() {
    std::thread::scope(|scope| {
        // The baseline of `refusal` cannot be read.
        for name in Scenario::builtin_names().filter(|name| *name != "refusal") {
            scope.spawn(move || {
                let waited = run(&mut Rollout::start(name).wait());
                let ended = run(&mut rollout_by(&simulator(name), &["-o", "json"], "exit 0"));
                let document = json(&ended);
                assert_valid("combined-outcome", &document);
                assert_eq!(
                    (ended.code, document["exit_code"].as_i64()),
                    (waited.code, Some(waited.code.into())),
                    "{name}"
                );
            });
        }
    });
}

#[test]
fn the_command_has_the_standard_streams_and_the_outcome_follows() {
    let simulator = simulator("happy");
    let mut rollout = rollout_by(&simulator, &["--progress", "none"], "cat; echo warned >&2");
    let mut child = rollout.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"read by the command\n").unwrap();
    let ended = child.wait_with_output().unwrap();
    let expected = "read by the command\n1234/5678: ready: 54 of 54 machines completed, 0 pending, 0 failed\n";
    assert_eq!(String::from_utf8(ended.stdout).unwrap(), expected);
    assert_eq!((ended.status.code(), String::from_utf8(ended.stderr).unwrap().as_str()), (Some(0), "warned\n"));
}

#[test]
fn a_command_that_fails_ends_the_rollout_before_the_wait_with_its_code() {
    for (script, code, reason) in
        [("exit 3", 3, "the command exited with code 3"), ("kill -KILL $$", 137, "signal 9 ended the command")]
    {
        let simulator = simulator("happy");
        let ended = run(&mut rollout_by(&simulator, &["-o", "json"], script));
        let document = json(&ended);
        assert_valid("rollout", &document);
        assert_eq!((ended.code, simulator.requests()), (7, 1), "{ended:?}");
        assert_eq!((&document["exit_code"], &document["command_exit_code"]), (&json!(7), &json!(code)));
        assert_eq!(document["outcomes"][0]["outcome"], Value::Null);
        assert_eq!(ended.stderr, format!("error: sh: {reason}; not waiting for the rollout\n"));
    }
    let ended = run(rollout(&simulator("happy")).args(["--", "./no-such-command"]));
    assert!(ended.code == 7 && ended.stderr.contains("the command could not be started: "), "{ended:?}");
}

#[test]
fn a_busy_image_is_refused_unless_it_is_allowed_and_fewer_pending_machines_are_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let started = folder.path().join("started");
    let script = format!("touch {}; exit 1", started.display());
    let start = |pending, arguments: &[&str]| {
        let simulator = serving(200, &counts(pending, 0, 40 - pending));
        let mut rollout = against(&simulator);
        rollout.arg("rollout").args(IMAGE).args(arguments).args(["--", "sh", "-c", &script]);
        run(&mut rollout)
    };
    let busy = start(20, &[]);
    let refusal = "error: image 5678 of account service 1234: another rollout is running: 20 of 40 machines are pending; \
                   wait until it has ended, or start anyway (--allow-busy); the command was not run\n";
    assert_eq!((busy.code, busy.stderr.as_str(), started.exists()), (8, refusal, false));
    for (pending, arguments) in [(20, &["--allow-busy"][..]), (19, &[])] {
        let ended = start(pending, arguments);
        let warning = format!("warning: 1234/5678: the baseline has {pending} of 40 machines pending");
        assert!(ended.code == 7 && ended.stderr.starts_with(&warning) && started.exists(), "{ended:?}");
        fs::remove_file(&started).unwrap();
    }
}

#[test]
fn a_rollout_with_a_state_never_starts_the_command_again() {
    let (simulator, folder) = (simulator("happy"), tempfile::tempdir().unwrap());
    let (state, log) = (folder.path().join("rollout.json"), folder.path().join("log"));
    let state = state.to_str().unwrap();
    let script = |then: &str| format!("echo started >> {}; {then}", log.display());
    // The whole process group is killed while the command runs, so that its result is unknown.
    let mut killed = rollout_by(&simulator, &["--state", state], &script("kill -KILL $PPID; exit 0"));
    killed.stdout(Stdio::null()).stderr(Stdio::null());
    assert_eq!(killed.status().unwrap().code(), None);
    let again = |arguments: &[&str]| {
        let arguments: Vec<_> = ["--state", state].iter().chain(arguments).copied().collect();
        run(&mut rollout_by(&simulator, &arguments, &script("exit 0")))
    };
    let unknown = again(&[]);
    let problem = "the deployment was started before, and its result is unknown";
    assert!(unknown.code == 7 && unknown.stderr.contains(problem), "{unknown:?}");
    assert!(unknown.stderr.contains("--assume-deployed"), "{unknown:?}");
    let assumed = again(&["--assume-deployed"]);
    assert_eq!(assumed.code, 0, "{assumed:?}");
    let requests = simulator.requests();
    let ended = again(&[]);
    assert_eq!((ended.code, &ended.stdout, simulator.requests()), (0, &assumed.stdout, requests));
    let warning = format!("this rollout ended before, and was not started again: remove {state} to start another\n");
    assert!(ended.stderr.contains(&warning), "{ended:?}");
    assert_eq!(fs::read_to_string(&log).unwrap(), "started\n");
}

/// Runs a rollout whose process is killed at random moments until it ends, and returns its exit code.
fn rollout_killed(simulator: &Simulator, state: &str, log: &Path, random: &mut fastrand::Rng) -> Option<i32> {
    loop {
        let script = format!("echo started >> {}", log.display());
        // Allowed from the start, because it is not known whether a kill hit the command.
        let arguments = ["--state", state, "--assume-deployed", "-o", "jsonl", "--progress", "none"];
        let mut rollout = rollout_by(simulator, &arguments, &script);
        rollout.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = rollout.spawn().unwrap();
        // After some lines, so that the rollout goes on however slow the machine is.
        let lines = if random.f64() < 0.1 { usize::MAX } else { random.usize(..6) };
        let taken = BufReader::new(child.stdout.take().unwrap()).lines().take(lines).count();
        if taken < lines {
            return child.wait().unwrap().code();
        }
        std::thread::sleep(Duration::from_micros(random.u64(..20_000)));
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn rollouts_that_are_killed_at_random_moments_end_as_the_uninterrupted_one_and_start_once() {
    let rollouts: u64 = std::env::var("KILLED_WAITS").map_or(8, |rollouts| rollouts.parse().unwrap());
    let names = ["happy", "never-starts", "failures-stay", "staged-regions", "batches"];
    let whole = names.map(|name| run(&mut rollout_by(&crate::process::simulator(name), &[], "exit 0")).code);
    for seed in 0..rollouts {
        let place = usize::try_from(seed).unwrap() % names.len();
        let (simulator, folder) = (simulator(names[place]), tempfile::tempdir().unwrap());
        let (state, log) = (folder.path().join("rollout.json"), folder.path().join("log"));
        let random = &mut fastrand::Rng::with_seed(seed);
        let code = rollout_killed(&simulator, state.to_str().unwrap(), &log, random);
        assert_eq!(code, Some(whole[place]), "{}, seed {seed}", names[place]);
        // It did not run at all if a kill came between recording the start and starting it.
        let starts = fs::read_to_string(&log).unwrap_or_default();
        assert!(starts.lines().count() <= 1, "{}, seed {seed}: {starts}", names[place]);
    }
}

#[test]
fn a_baseline_that_is_refused_ends_the_rollout_before_its_command() {
    let (simulator, folder) = (simulator("refusal"), tempfile::tempdir().unwrap());
    let log = folder.path().join("log");
    let start = || run(&mut rollout_by(&simulator, &[], &format!("echo started >> {}", log.display())));
    for _ in 0..2 {
        let refused = start();
        let message = "image locked by diffid: 218595";
        assert!(refused.code == 5 && refused.stderr.contains(message) && !log.exists(), "{refused:?}");
    }
    // The image of the scenario stays as it is.
    let ended = start();
    assert_eq!((ended.code, log.exists()), (6, true), "{ended:?}");
}

#[test]
fn a_state_remembers_that_the_command_failed() {
    let (simulator, folder) = (simulator("happy"), tempfile::tempdir().unwrap());
    let state = folder.path().join("rollout.json");
    let start = |script| run(&mut rollout_by(&simulator, &["--state", state.to_str().unwrap()], script));
    assert_eq!(start("exit 3").code, 7);
    let again = start("exit 0");
    let problem = "the deployment failed before: the command exited with code 3; wait for it as if";
    assert!(again.code == 7 && again.stderr.contains(problem), "{again:?}");
}

#[test]
fn an_error_says_whether_the_rollout_was_started() {
    let refused = serving(401, "");
    let mut rollout = against(&refused);
    let before = run(rollout.arg("rollout").args(IMAGE).args(["-o", "json", "--", "false"]));
    assert!(before.code == 4 && before.stderr.ends_with("; the command was not run\n"), "{before:?}");
    assert!(json(&before)["message"].as_str().unwrap().ends_with("; the command was not run"), "{before:?}");
    let script = "curl -fsS -X POST \"$CLANFORGE_SIMULATION/fail-next?count=1&status=401\" >&2";
    let after = run(&mut rollout_by(&simulator("happy"), &[], script));
    assert!(
        after.code == 4
            && after.stderr.contains("\nthe rollout was started\nthis command would start the rollout again: "),
        "{after:?}"
    );
}

#[test]
fn an_interrupted_rollout_names_the_option_that_continues_it() {
    let script = "trap '' TERM; kill -TERM $PPID; sleep 0.2";
    let ended = run(&mut rollout_by(&simulator("happy"), &[], script));
    assert!(
        ended.code == 143
            && ended.stderr.contains("; with --state FILE from the beginning, the same command continues"),
        "{ended:?}"
    );
}

/// Writes a script that others run, and returns it.
fn script(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    file
}

#[test]
fn a_deploy_script_of_a_few_lines_rolls_out_two_images() {
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/deploy.sh");
    assert!(fs::read_to_string(&deploy).unwrap().lines().count() < 20);
    let (simulator, folder) = (simulator("happy"), tempfile::tempdir().unwrap());
    script(folder.path(), "start-the-rollout", "echo \"start $1\" >> log");
    script(folder.path(), "switch-players-over", "mkdir tried || { echo \"switch $1\" >> log; exit; }; exit 3");
    let clanforge = command();
    let programs = Path::new(clanforge.get_program()).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut script = Command::new(deploy);
    script.arg("1.2.3").current_dir(folder.path()).env("PATH", path).envs(simulator.environment());
    script.env("CLANFORGE_ACCOUNT_SERVICE_ID", "1234").stdout(Stdio::null()).stderr(Stdio::null());
    // The first switch fails; the state then records that the rollout was started.
    assert_eq!(script.status().unwrap().code(), Some(3));
    assert!(script.status().unwrap().success());
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert_eq!(log, "start 1.2.3\nswitch 1.2.3\n");
    // The next rollout, also of this version, begins anew.
    assert!(!folder.path().join("rollout-1.2.3.json").exists());
}

/// A rollout whose command logs that it runs, and each signal that it receives.
struct Noting {
    folder: tempfile::TempDir,
    command: PathBuf,
}

impl Noting {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().display();
        let note = "trap 'echo $0 >> LOG; ended=1' SIGNAL";
        let traps: Vec<_> =
            ["INT", "TERM", "HUP"].map(|name| note.replace("$0", name).replace("SIGNAL", name)).to_vec();
        // It ends a while after the signal, so that a second signal would be logged.
        let text = format!(
            "{}\necho $PPID > {at}/parent.new; mv {at}/parent.new {at}/parent\n\
             until [ -n \"$ended\" ]; do sleep 0.02; done\nsleep 0.2; sleep 0.2; exit 3",
            traps.join("\n").replace("LOG", &format!("{at}/log"))
        );
        let command = script(folder.path(), "noting", &text);
        Self { folder, command }
    }

    /// Waits until the command runs, and returns the process that started it.
    fn parent(&self, child: &mut Child) -> String {
        loop {
            if let Ok(parent) = fs::read_to_string(self.folder.path().join("parent")) {
                return parent.trim().to_owned();
            }
            assert_eq!(child.try_wait().unwrap(), None);
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }
}

fn kill(signal: &str, target: &str) {
    assert!(Command::new("kill").args([signal, "--", target]).status().unwrap().success());
}

#[test]
fn a_signal_reaches_the_command_once() {
    for (signal, name, code) in [("-INT", "INT", 130), ("-TERM", "TERM", 143), ("-HUP", "HUP", 129)] {
        // `timeout` and CI systems send signals to the whole process group.
        for to_group in [false, true] {
            let (simulator, noting) = (simulator("happy"), Noting::new());
            let mut rollout = rollout(&simulator);
            rollout.arg("--").arg(&noting.command).stderr(Stdio::null()).stdout(Stdio::null()).process_group(0);
            let mut child = rollout.spawn().unwrap();
            let parent = noting.parent(&mut child);
            kill(signal, &if to_group { format!("-{parent}") } else { parent });
            assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
            assert_eq!(noting.log(), format!("{name}\n"), "to the group: {to_group}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_reaches_the_command_once_on_a_terminal() {
    for by_terminal in [true, false] {
        let (simulator, noting) = (simulator("happy"), Noting::new());
        let clanforge = command();
        let (program, noted) = (clanforge.get_program().to_str().unwrap(), noting.command.display());
        let rollout = format!("exec {program} rollout {} -- {noted}", IMAGE.join(" "));
        let mut terminal = Command::new("script");
        terminal.args(["--quiet", "--return", "--command", &rollout, "/dev/null"]).envs(simulator.environment());
        let mut child = terminal.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let parent = noting.parent(&mut child);
        let mut keyboard = child.stdin.take().unwrap();
        match by_terminal {
            true => keyboard.write_all(b"\x03").unwrap(),
            false => kill("-INT", &parent),
        }
        assert_eq!(child.wait().unwrap().code(), Some(130), "by the terminal: {by_terminal}");
        assert_eq!(noting.log(), "INT\n", "by the terminal: {by_terminal}");
        drop(keyboard);
    }
}
