//! The examples in shell: each is run against a simulation, and what it prints is committed beside it, for the pages.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use clanforge_simulator::{Options, Scenario, Simulator};

use crate::generated::writes;

/// What the script that starts a rollout, and the one that sends players over, print.
const STUBS: [(&str, &str); 2] =
    [("start-the-rollout", "starting the rollout of"), ("switch-players-over", "players are sent to")];

#[test]
fn every_example_in_shell_prints_what_the_pages_show() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut examples: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    examples.retain(|file| file.extension().is_some_and(|extension| extension == "sh"));
    assert!(!examples.is_empty());
    for example in examples {
        let (printed, file) = (run(&example), example.with_extension("txt"));
        if writes() {
            fs::write(&file, &printed).unwrap();
        } else {
            let committed = fs::read_to_string(&file).unwrap_or_default();
            assert_eq!(committed, printed, "{} is stale: run cargo xtask generate", file.display());
        }
    }
}

/// Runs an example, and returns what it prints and its exit code. `# test-scenario: NAME, started` names another scenario, ten
/// minutes after the start of its rollout, and `# test-before: COMMAND` what runs first.
fn run(example: &Path) -> String {
    let script = fs::read_to_string(example).unwrap();
    let setting = script.lines().find_map(|line| line.strip_prefix("# test-scenario: ")).unwrap_or("happy");
    let (scenario, started) = setting.split_once(", ").map_or((setting, None), |(name, rest)| (name, Some(rest)));
    let simulator = Simulator::start(Options::new(Scenario::builtin(scenario).unwrap())).unwrap();
    if started.is_some() {
        simulator.start_rollout(None);
    }
    // From here on, the clock is moved by waits alone.
    simulator.advance(started.map_or(Duration::ZERO, |_| Duration::from_secs(600)));
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in STUBS {
        let file = folder.path().join(name);
        fs::write(&file, format!("#!/bin/sh\necho \"{text} ${{1:-the new version}}\"\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    // One example tests another: deploy.sh.
    fs::copy(example.with_file_name("deploy.sh"), folder.path().join("deploy.sh")).unwrap();
    // An example names a folder of the machine: the test uses the temporary one instead.
    let script = script.replace("/var/lib/release", folder.path().to_str().unwrap());
    fs::write(folder.path().join("example"), &script).unwrap();
    let programs = Path::new(env!("CARGO_BIN_EXE_clanforge")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let before = script.lines().find_map(|line| line.strip_prefix("# test-before: ")).unwrap_or(":");
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1; {before}; sh ./example 1.2.3")]).current_dir(folder.path());
    shell.env_clear().env("PATH", path).env("LANG", "C.UTF-8").env("CLANFORGE_ACCOUNT_SERVICE_ID", "1234");
    let output = shell.envs(simulator.environment()).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap().replace(&simulator.url(), "http://127.0.0.1:8080");
    format!("{printed}exit code {}\n", output.status.code().unwrap())
}
