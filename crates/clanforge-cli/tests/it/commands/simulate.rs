//! `clanforge simulate`

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};

use crate::process::{command, json, run};

/// A simulator in a process of its own, killed when it is dropped.
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
    std::fs::write(file.path(), text).unwrap();
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

#[test]
fn an_invalid_scenario_or_speed_is_refused() {
    for (arguments, expected) in [
        (&["--scenario", "hapy"][..], "no scenario is called `hapy`: choose one of happy,"),
        (&["--scenario", "./none.toml"], "./none.toml cannot be read"),
        (&["--speed", "0"], "invalid speed 0"),
    ] {
        let ended = run(command().arg("simulate").args(arguments));
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{ended:?}");
        assert!(ended.stderr.contains(expected), "{ended:?}");
    }
}
