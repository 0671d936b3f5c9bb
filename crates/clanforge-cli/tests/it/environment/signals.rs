//! Signals that end a command, whatever it does, and those that the command was started to ignore.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use clanforge_simulator::scenario::Reply;

use crate::process::{against, command, serving_in_turn};

const IMAGE: [&str; 4] = ["--asid", "1234", "--image", "5678"];

/// Sends a signal to a process.
fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// Starts a simulator, and returns it once it serves.
fn simulate(command: &mut Command) -> Child {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    child
}

const SIGNALS: [(&str, i32); 3] = [("-INT", 130), ("-TERM", 143), ("-HUP", 129)];

#[test]
fn a_signal_ends_a_simulator_with_its_exit_code() {
    for (signal, code) in SIGNALS {
        let mut child = simulate(command().arg("simulate"));
        send(signal, &child);
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
    }
}

#[test]
fn a_signal_ends_a_call_that_gets_no_response() {
    for name in ["status", "check", "baseline"] {
        for (signal, code) in SIGNALS {
            let simulator = serving_in_turn([Reply::Hang]);
            let mut child = against(&simulator).arg(name).args(IMAGE).stderr(Stdio::null()).spawn().unwrap();
            while simulator.requests() == 0 {
                assert_eq!(child.try_wait().unwrap(), None, "{name} ended by itself");
                std::thread::yield_now();
            }
            send(signal, &child);
            assert_eq!(child.wait().unwrap().code(), Some(code), "{name} {signal}");
        }
    }
}

/// Only Linux tells a program which signals its parent had it ignore.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_the_parent_ignores_stays_ignored() {
    let clanforge = command();
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' INT HUP; exec \"$0\" simulate"]).arg(clanforge.get_program());
    let mut child = simulate(&mut shell);
    send("-INT", &child);
    send("-HUP", &child);
    // Signals are delivered in the order of their numbers: had one of these ended the process, its code would show it.
    send("-TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(143));
}
