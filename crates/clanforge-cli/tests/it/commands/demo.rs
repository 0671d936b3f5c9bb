//! `clanforge demo`

use std::process::Command;

use crate::process::{command, run};

/// Faster than by default, so that tests do not wait, and slow enough for a rollout to be seen between two readings.
const SPEED: [&str; 2] = ["--speed", "400"];

#[test]
fn in_a_pipe_every_change_is_a_line_and_the_end_is_the_data() {
    let ended = run(command().arg("demo").args(SPEED));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.stdout, "ready: 54 of 54 machines completed, 0 pending, 0 failed\n");
    assert!(ended.stderr.contains("not known to be the new version"), "{ended:?}");
    assert!(ended.stderr.contains(" pending, 0 failed\n") && !ended.stderr.contains('\u{1b}'), "{ended:?}");
}

#[test]
fn a_rollout_that_does_not_end_well_ends_with_its_own_exit_code() {
    for (scenario, code, expected) in
        [("failures-stay", 1, "failed: the image has"), ("empty", 6, "not started"), ("never-starts", 6, "not started")]
    {
        let ended = run(command().args(["demo", "--scenario", scenario]).args(SPEED));
        assert_eq!(ended.code, code, "{scenario}: {ended:?}");
        assert!(ended.stdout.starts_with(expected), "{scenario}: {ended:?}");
    }
}

#[test]
fn on_a_terminal_regions_are_drawn_as_bars() {
    // Python's standard library has the terminal that Rust's has not.
    let script = "
import fcntl, os, pty, struct, sys, termios
def read(terminal):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    return os.read(terminal, 65536)
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], read)))";
    let ended = run(Command::new("python3")
        .args(["-c", script, env!("CARGO_BIN_EXE_clanforge"), "demo"])
        .args(SPEED)
        .env("TERM", "xterm")
        .env_remove("NO_COLOR"));
    assert_eq!(ended.code, 0, "{ended:?}");
    for expected in
        ["\u{1b}[7A\u{1b}[J", "Europe", "░", "█", "24/24", "to 0:0", " left", "read 0:00 ago", "ready: 54 of 54"]
    {
        assert!(ended.stdout.contains(expected), "{expected:?} is not drawn: {ended:?}");
    }
    for line in ended.stdout.lines() {
        assert!(visible(line) <= 80, "wider than the terminal: {line:?}");
    }
    let dumb = run(Command::new("python3")
        .args(["-c", script, env!("CARGO_BIN_EXE_clanforge"), "demo"])
        .args(SPEED)
        .env("TERM", "dumb"));
    assert!(dumb.code == 0 && !dumb.stdout.contains('\u{1b}'), "{dumb:?}");
}

/// Returns how many columns a line takes: without its escape sequences, and with what was typed over counted once.
fn visible(line: &str) -> usize {
    let line = line.trim_end_matches('\r').rsplit('\r').next().unwrap_or_default();
    let mut sequences = line.split('\u{1b}');
    let first = sequences.next().unwrap_or_default().chars().count();
    let after =
        |part: &str| part.split_once(|end: char| end.is_ascii_alphabetic()).map_or(0, |(_, text)| text.chars().count());
    first + sequences.map(after).sum::<usize>()
}
