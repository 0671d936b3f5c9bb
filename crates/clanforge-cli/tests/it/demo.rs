//! `clanforge demo`

use std::process::Command;

use crate::command::{command, run};

/// Faster than by default, so that tests do not wait, and slow enough for a rollout to be seen between two readings.
const SPEED: [&str; 2] = ["--speed", "400"];

#[test]
fn in_a_pipe_every_change_is_a_line_and_the_end_is_the_data() {
    let ended = run(command().arg("demo").args(SPEED));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.stdout, "ready: 54 of 54 machines completed, 0 pending, 0 failed\n");
    assert!(ended.stderr.contains("of the previous version: the rollout has not started"), "{ended:?}");
    assert!(ended.stderr.contains(" pending, 0 failed\n") && !ended.stderr.contains('\u{1b}'), "{ended:?}");
}

#[test]
fn a_rollout_that_does_not_end_well_ends_with_its_own_exit_code() {
    for (scenario, code, expected) in [
        ("failures-stay", 1, "not ready: the image has 3 failed machines, at most 0 allowed"),
        ("empty", 6, "not started"),
        ("never-starts", 6, "not started"),
    ] {
        let ended = run(command().args(["demo", "--scenario", scenario]).args(SPEED));
        assert_eq!(ended.code, code, "{scenario}: {ended:?}");
        assert!(ended.stdout.starts_with(expected), "{scenario}: {ended:?}");
    }
}

#[test]
fn on_a_terminal_regions_are_drawn_as_bars() {
    // Python's standard library has the terminal that Rust's has not.
    let script = "import os, pty, sys\nsys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let ended = run(Command::new("python3")
        .args(["-c", script, env!("CARGO_BIN_EXE_clanforge"), "demo"])
        .args(SPEED)
        .env("TERM", "xterm")
        .env_remove("NO_COLOR"));
    assert_eq!(ended.code, 0, "{ended:?}");
    for expected in ["\u{1b}[4A\u{1b}[J", "Europe", "░", "█", "24/24", "ready: 54 of 54"] {
        assert!(ended.stdout.contains(expected), "{expected:?} is not drawn: {ended:?}");
    }
}
