//! `clanforge wait --state` and `--once`

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use clanforge_simulator::{Scenario, Simulator};

use super::wait::{IMAGE, baseline, wait};
use crate::process::{
    Finished, against, assert_valid, command, counts, json, response, run, serving_in_turn, simulator,
};

/// A simulated rollout, in which waits skip time, and the files of a wait for it.
pub(super) struct Rollout {
    simulator: Simulator,
    folder: tempfile::TempDir,
}

impl Rollout {
    pub(super) fn start(scenario: &str) -> Self {
        let rollout = Self { simulator: simulator(scenario), folder: tempfile::tempdir().unwrap() };
        // A service that fails has no baseline.
        run(rollout.command("baseline").arg("--output-file").arg(rollout.folder.path().join("before.json")));
        rollout
    }

    fn command(&self, name: &str) -> Command {
        let mut command = command();
        command.envs(self.simulator.environment()).arg(name).args(IMAGE);
        command
    }

    /// Returns a wait by the default policy.
    pub(super) fn wait(&self) -> Command {
        let (mut wait, before) = (self.command("wait"), self.folder.path().join("before.json"));
        if before.exists() {
            wait.arg("--since").arg(before);
        }
        wait
    }

    fn wait_with_state(&self) -> Command {
        with_state(self.wait(), &self.folder)
    }
}

fn with_state(mut wait: Command, folder: &tempfile::TempDir) -> Command {
    wait.arg("--state").arg(folder.path().join("wait.json"));
    wait
}

#[test]
fn every_scenario_read_once_at_a_time_ends_as_the_uninterrupted_wait() {
    std::thread::scope(|scope| {
        for name in Scenario::builtin_names() {
            scope.spawn(move || {
                let whole = run(&mut Rollout::start(name).wait());
                let rollout = Rollout::start(name);
                let ended = loop {
                    let ended = run(rollout.wait_with_state().args(["--once", "-o", "json"]));
                    if ended.code != 8 {
                        break ended;
                    }
                    assert!(!ended.stdout.contains("\"message\": \"ready: "), "{ended:?}");
                };
                assert_eq!(ended.code, whole.code, "{name}: {ended:?} {whole:?}");
            });
        }
    });
}

/// Runs a wait whose process is killed at random moments until it ends, and returns how it ended.
fn wait_killed(rollout: &Rollout, random: &mut fastrand::Rng) -> Finished {
    loop {
        let mut wait = rollout.wait_with_state();
        wait.args(["-o", "jsonl"]);
        if random.f64() < 0.05 {
            // Let this wait run to its end, so that the loop ends.
            return run(&mut wait);
        }
        let mut child = wait.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        // After some lines, so that the waits go on however slow the machine is.
        let lines = random.usize(..6);
        let taken = BufReader::new(child.stdout.take().unwrap()).lines().take(lines).count();
        std::thread::sleep(std::time::Duration::from_micros(random.u64(..5000)));
        child.kill().unwrap();
        let code = child.wait().unwrap().code();
        if taken < lines {
            assert!(code.is_some(), "it closed its standard output before it was killed");
        }
    }
}

#[test]
fn waits_that_are_killed_at_random_moments_end_as_the_uninterrupted_one() {
    let waits: u64 = std::env::var("KILLED_WAITS").map_or(8, |waits| waits.parse().unwrap());
    let names = ["happy", "never-starts", "failures-stay", "lagging-replicas", "staged-regions", "batches", "outage"];
    let whole = names.map(|name| run(&mut Rollout::start(name).wait()).code);
    for seed in 0..waits {
        let place = usize::try_from(seed).unwrap() % names.len();
        let rollout = Rollout::start(names[place]);
        let ended = wait_killed(&rollout, &mut fastrand::Rng::with_seed(seed));
        assert_eq!(ended.code, whole[place], "{}, seed {seed}: {ended:?}", names[place]);
    }
}

/// Returns a simulator of 40 machines: the baseline, the start of the rollout in two readings, and its end.
fn rollout() -> Simulator {
    let installing = response(200, &counts(40, 0, 0));
    let (before, after) = (response(200, &counts(0, 0, 40)), response(200, &counts(0, 0, 40)));
    serving_in_turn([before, installing.clone(), installing, after])
}

#[test]
fn a_single_reading_says_when_the_next_is_due() {
    let (simulator, folder) = (rollout(), tempfile::tempdir().unwrap());
    let before = baseline(&simulator, &folder);
    let once = |format: &[&str]| {
        let mut once = with_state(wait(&simulator), &folder);
        run(once.args(["--since", &before, "--once", "--progress", "none"]).args(format))
    };
    let text = once(&[]);
    assert_eq!((text.code, text.stderr.as_str()), (8, ""), "{text:?}");
    assert!(
        text.stdout.starts_with("waiting for the rollout to start") && text.stdout.ends_with("; next reading in 1 s\n"),
        "{text:?}"
    );
    let pending = once(&["-o", "json"]);
    assert_eq!(pending.code, 8, "{pending:?}");
    assert_valid("pending", &json(&pending));
    let ready = loop {
        let ended = once(&["-o", "json"]);
        if ended.code != 8 {
            break ended;
        }
    };
    assert_eq!((ready.code, &json(&ready)["outcome"]), (0, &"ready".into()), "{ready:?}");
    assert_eq!(simulator.requests(), 5);
}

#[test]
fn a_state_is_needed_to_read_once_and_is_no_other_file() {
    let simulator = rollout();
    let ended = run(wait(&simulator).arg("--once"));
    assert_eq!(ended.code, 2, "{ended:?}");
    for pair in [["--state", "--record"], ["--since", "--state"]] {
        let folder = tempfile::tempdir().unwrap();
        let before = baseline(&simulator, &folder);
        let ended = run(wait(&simulator).args(pair.map(|option| [option, &before]).as_flattened()));
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.stderr.contains("name the same file"), "{ended:?}");
    }
}

#[test]
fn the_command_that_resumes_a_wait_names_its_state() {
    let (simulator, folder) = (serving_in_turn([response(200, &counts(40, 0, 1))]), tempfile::tempdir().unwrap());
    let file = folder.path().join("wait.json");
    let wait = |timeout: &str| {
        let mut wait = against(&simulator);
        run(wait.arg("wait").args(IMAGE).args(["--min-interval", "5ms", "--timeout", timeout, "--state"]).arg(&file))
    };
    let (ended, resume) = (wait("200ms"), |timeout: &str| {
        let file = file.display();
        format!("clanforge wait --asid 1234 --image 5678 --min-interval 5ms --timeout {timeout} --state {file}\n")
    });
    assert_eq!(ended.code, 124, "{ended:?}");
    assert!(ended.stderr.ends_with(&format!("resume with a longer --timeout: {}", resume("200ms"))), "{ended:?}");
    let requests = simulator.requests();
    let again = wait("200ms");
    assert_eq!((again.code, &again.stdout, simulator.requests()), (124, &ended.stdout, requests), "{again:?}");
    let longer = wait("400ms");
    assert_eq!(longer.code, 124, "{longer:?}");
    assert!(simulator.requests() > requests, "{longer:?}");
}

#[test]
fn another_gate_than_that_of_the_state_is_refused() {
    let (simulator, folder) = (rollout(), tempfile::tempdir().unwrap());
    assert_eq!(run(with_state(wait(&simulator), &folder).arg("--once")).code, 8);
    let ended = run(with_state(wait(&simulator), &folder).args(["--max-failed", "5%"]));
    assert_eq!(ended.code, 2, "{ended:?}");
    let problem = "gate.max_failed was 0, and is now \"5%\"; delete it to begin a new wait";
    assert!(ended.stderr.contains(problem) && !ended.stderr.contains("resume"), "{ended:?}");
}
