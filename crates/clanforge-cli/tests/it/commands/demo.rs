//! `clanforge demo`

use std::process::Command;

use crate::process::{command, run, simulator};

/// The speed of rollouts that never start, whose outcome does not depend on the time between two readings. Others run at the
/// default speed, at which readings may be seconds apart.
const FAST: [&str; 2] = ["--speed", "1000"];

#[test]
fn without_a_terminal_progress_is_lines_and_the_outcome_is_the_data() {
    let ended = run(command().arg("demo"));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.stdout, "ready: 54 of 54 machines completed, 0 pending, 0 failed\n");
    assert!(ended.stderr.contains("waiting for the rollout to start"), "{ended:?}");
    assert!(ended.stderr.contains(" pending, 0 failed\n") && !ended.stderr.contains('\u{1b}'), "{ended:?}");
}

#[test]
fn a_rollout_that_fails_or_does_not_start_has_its_own_exit_code() {
    for (scenario, arguments, code, expected) in [
        ("failures-stay", &[][..], 1, "failed: the image has"),
        ("empty", &FAST, 6, "not started"),
        ("never-starts", &FAST, 6, "not started"),
    ] {
        let ended = run(command().args(["demo", "--scenario", scenario]).args(arguments));
        assert_eq!(ended.code, code, "{scenario}: {ended:?}");
        assert!(ended.stdout.starts_with(expected), "{scenario}: {ended:?}");
    }
}

/// Returns the command on a pseudo-terminal, with the variables of a terminal that shows everything.
fn on_a_terminal(arguments: &[&str]) -> Command {
    // Python's standard library can open a pseudo-terminal.
    let script = "
import fcntl, os, pty, struct, sys, termios
def read(terminal):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    return os.read(terminal, 65536)
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], read)))";
    let mut command = Command::new("python3");
    command.args(["-c", script, env!("CARGO_BIN_EXE_clanforge")]).args(arguments);
    command.envs([("TERM", "xterm"), ("LC_ALL", "C.UTF-8")]).env_remove("NO_COLOR").env_remove("CI");
    command
}

#[test]
fn on_a_terminal_regions_are_bars() {
    let ended = run(&mut on_a_terminal(&["demo"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    for expected in
        ["\u{1b}[7A\u{1b}[J", "Europe", "░", "█", "24/24", " to ", " left", "read 0:00 ago", "ready: 54 of 54"]
    {
        assert!(ended.stdout.contains(expected), "{expected:?} is missing: {ended:?}");
    }
    for line in ended.stdout.lines() {
        assert!(visible(line) <= 80, "wider than the terminal: {line:?}");
    }
}

#[test]
fn on_a_terminal_without_utf_8_the_bars_are_ascii() {
    let ended = run(on_a_terminal(&["demo"]).env("LC_ALL", "C"));
    assert!(ended.code == 0 && ended.stdout.contains("##") && ended.stdout.is_ascii(), "{ended:?}");
}

#[test]
fn on_a_terminal_that_cannot_redraw_or_is_the_log_of_ci_progress_is_lines() {
    let demo = || on_a_terminal(&["demo", "--scenario", "empty", "--speed", "1000"]);
    for ended in [run(demo().env("TERM", "dumb")), run(demo().env("TERM", "")), run(demo().env_remove("TERM"))] {
        assert!(ended.code == 6 && !ended.stdout.contains('\u{1b}'), "{ended:?}");
    }
    // The logs of CI systems show colours, but do not move a cursor.
    let ci = run(demo().env("CI", "true"));
    assert!(ci.code == 6 && !ci.stdout.contains("\u{1b}[J"), "{ci:?}");
}

#[test]
fn an_explicit_kind_of_progress_takes_precedence() {
    let simulator = simulator("happy");
    let wait =
        ["wait", "--asid", "1", "--image", "2", "--start-grace", "0s", "--settle", "0s", "--min-interval", "5ms"];
    let wait = |kind: &[&str]| {
        let mut command = on_a_terminal(&[&wait[..], kind].concat());
        for (name, value) in [("CI", "true"), ("CLANFORGE_BASE_URL", simulator.url().as_str())] {
            command.env(name, value);
        }
        run(command.env("CLANFORGE_TOKEN", &simulator.identity().token).env("TERM", "dumb"))
    };
    let (explicit, automatic) = (wait(&["--progress", "tty", "--timeout", "1s"]), wait(&["--timeout", "1s"]));
    assert!(explicit.stdout.contains("\u{1b}["), "{explicit:?}");
    assert!(!automatic.stdout.contains("\u{1b}["), "{automatic:?}");
}

/// Returns how many columns a line takes: without its escape sequences, and without what a carriage return overwrites.
fn visible(line: &str) -> usize {
    let line = line.trim_end_matches('\r').rsplit('\r').next().unwrap_or_default();
    let mut sequences = line.split('\u{1b}');
    let first = sequences.next().unwrap_or_default().chars().count();
    let after =
        |part: &str| part.split_once(|end: char| end.is_ascii_alphabetic()).map_or(0, |(_, text)| text.chars().count());
    first + sequences.map(after).sum::<usize>()
}
