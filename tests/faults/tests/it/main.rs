//! The fault server, and the program that the tests of other languages run.

#![allow(clippy::unwrap_used)] // A test that cannot unwrap has failed.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

mod server;

#[test]
fn the_program_runs_every_fault_until_standard_input_ends() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_clanforge-test-faults"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let faults: Vec<Value> = serde_json::from_str(&line).unwrap();
    assert!(faults.len() > 60, "only {} faults", faults.len());
    let file = faults.iter().find_map(|fault| fault["ca_file"].as_str()).unwrap();
    assert!(std::path::Path::new(file).is_file());
    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());
    assert!(!std::path::Path::new(file).exists());
}
