//! `clanforge simulate`

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use clanforge_simulator::command::{SimulateArgs, start};
use clanforge_simulator::{Scenario, Simulator};
use clap::Parser;

use crate::process::{command, json, run, simulator, utf16};

/// A simulator in a separate process, which is killed when this is dropped.
struct SimulatorProcess(Child);

impl Drop for SimulatorProcess {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn simulate(arguments: &[&str]) -> (SimulatorProcess, String) {
    let mut child =
        command().arg("simulate").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    (SimulatorProcess(child), url.trim().to_owned())
}

#[test]
fn standard_output_is_the_url_and_standard_error_says_how_to_use_it() {
    let (mut process, url) = simulate(&["--scenario", "stragglers", "--asid", "11", "--image", "22"]);
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let keys = [("CLANFORGE_ACCESS_KEY", "simulator-access-key"), ("CLANFORGE_SECRET_KEY", "simulator-secret-key")];
    let status = |image| {
        run(command().envs(keys).args(["status", "--asid", "11", "--image", image, "--base-url", &url, "-o", "json"]))
    };
    assert_eq!(json(&status("22"))["status"]["completed_machines"], 56);
    assert_eq!(status("23").code, 5);

    process.0.kill().unwrap();
    let mut introduction = String::new();
    process.0.stderr.take().unwrap().read_to_string(&mut introduction).unwrap();
    for expected in [
        &format!("export CLANFORGE_BASE_URL={url}"),
        "export CLANFORGE_ACCESS_KEY=simulator-access-key",
        "clanforge status --asid 11 --image 22 --detail",
        &format!(
            "curl -u simulator-access-key:simulator-secret-key '{url}/cfp/v2/project/11/image/22/status?detail=true'"
        ),
    ] {
        assert!(introduction.contains(expected), "{introduction}");
    }
}

#[test]
fn scenarios_are_listed_with_their_descriptions() {
    let ended = run(command().args(["simulate", "--list"]));
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    assert!(ended.stdout.lines().count() >= 8 && ended.stdout.starts_with("happy "), "{ended:?}");
}

#[test]
fn a_scenario_file_is_simulated() {
    let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    let text = "description = \"mine\"\n[[responses]]\nkind = \"response\"\nstatus = 403\n";
    for bytes in [text.as_bytes().to_vec(), utf16(text)] {
        std::fs::write(file.path(), bytes).unwrap();
        let (_process, url) = simulate(&["--scenario", file.path().to_str().unwrap()]);
        let ended = run(command().env("CLANFORGE_TOKEN", "simulator-token").args([
            "status",
            "--asid",
            "1",
            "--image",
            "2",
            "--base-url",
            &url,
        ]));
        assert_eq!(ended.code, 4, "{ended:?}");
    }
}

#[test]
fn an_invalid_scenario_speed_or_id_is_refused() {
    for (arguments, expected) in [
        (&["--scenario", "hapy"][..], "no scenario is called `hapy`: choose one of happy,"),
        (&["--scenario", "./none.toml"], "./none.toml cannot be read"),
        (&["--speed", "0"], "invalid speed 0"),
        (&["--asid", "0"], "invalid account service ID 0: must be at least 1"),
        (&["--image", "0"], "invalid image ID 0: must be at least 1"),
    ] {
        let ended = run(command().arg("simulate").args(arguments));
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{ended:?}");
        assert!(ended.stderr.contains(expected), "{ended:?}");
    }
}

/// Waits for the rollout of a simulation by the default policy, without waiting, and returns the exit code and the recording.
pub(super) fn recorded_wait(simulator: &Simulator, folder: &Path) -> (i32, PathBuf) {
    let simulated = || {
        let mut command = command();
        command.envs(simulator.environment());
        command
    };
    let image = ["--asid", "1234", "--image", "5678"];
    let [before, file] = ["before.json", "wait.jsonl"].map(|name| folder.join(name));
    let has_baseline = run(simulated().arg("baseline").args(image).arg("--output-file").arg(&before)).code == 0;
    let mut wait = simulated();
    wait.arg("wait").args(image).arg("--record").arg(&file);
    if has_baseline {
        wait.arg("--since").arg(&before);
    }
    (run(&mut wait).code, file)
}

#[test]
fn an_incomplete_last_line_of_a_recording_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let (_, file) = recorded_wait(&simulator("refusal"), folder.path());
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() - 20]).unwrap();
    let warning = format!("{}: line {} is incomplete and was ignored", file.display(), text.lines().count());
    for name in ["replay", "report"] {
        let shown = run(command().arg(name).arg(&file));
        assert!(shown.stderr.starts_with(&format!("warning: {warning}")), "{name}: {shown:?}");
    }
    let parsed = SimulateCommand::parse_from([OsStr::new("simulate"), OsStr::new("--recording"), file.as_os_str()]);
    let (_simulator, introduction) = start(&parsed.simulate).unwrap();
    assert!(introduction.starts_with(&format!("warning: {warning}")), "{introduction}");
}

#[test]
fn every_recorded_scenario_ends_the_same_when_it_is_replayed_or_served_again() {
    let mut codes = BTreeSet::new();
    for name in Scenario::builtin_names() {
        let folder = tempfile::tempdir().unwrap();
        let (code, file) = recorded_wait(&simulator(name), folder.path());
        let replayed = run(command().arg("replay").arg(&file));
        assert_eq!(replayed.code, code, "{name}: {replayed:?}");

        let arguments =
            SimulateCommand::parse_from([OsStr::new("simulate"), OsStr::new("--recording"), file.as_os_str()]);
        let served = Simulator::start(arguments.simulate.options().unwrap().0).unwrap();
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(recorded_wait(&served, folder.path()).0, code, "{name}");
        codes.insert(code);
    }
    assert_eq!(codes, BTreeSet::from([0, 1, 6]));
}

/// The arguments of `simulate`, as a command of their own.
#[derive(Parser)]
struct SimulateCommand {
    #[command(flatten)]
    simulate: SimulateArgs,
}

#[test]
fn images_have_scenarios_of_their_own() {
    let (_process, url) = simulate(&["--scenario", "stragglers", "--scenario", "7=happy"]);
    let keys = [("CLANFORGE_ACCESS_KEY", "simulator-access-key"), ("CLANFORGE_SECRET_KEY", "simulator-secret-key")];
    for (image, completed) in [("7", 54), ("8", 56)] {
        let status = ["status", "--asid", "1", "--image", image, "--base-url", &url, "-o", "json"];
        assert_eq!(json(&run(command().envs(keys).args(status)))["status"]["completed_machines"], completed);
    }
}

#[test]
fn other_machines_reach_a_simulator_only_where_that_is_allowed() {
    let refused = run(command().args(["simulate", "--bind", "0.0.0.0"]));
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.stderr.contains("allow it with --allow-remote, or use 127.0.0.1"), "{refused:?}");
    let (_process, url) = simulate(&["--bind", "0.0.0.0", "--allow-remote"]);
    assert!(url.starts_with("http://0.0.0.0:"), "{url}");
}
