//! The program that the tests of other languages run.

#![allow(clippy::unwrap_used)] // A test that cannot unwrap has failed.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

#[test]
fn the_servers_end_when_standard_input_ends_and_leave_nothing_behind() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_clanforge-test-servers"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addresses: Value = serde_json::from_str(&line).unwrap();
    if !addresses.is_null() {
        let text = |name: &str| addresses[name].as_str().unwrap().to_owned();
        let listens = |url: &str| TcpStream::connect(url.replace("http://", "")).is_ok();
        let (service, proxy) = (text("plain"), addresses["open_proxies"][0].as_str().unwrap());
        assert!(listens(&service) && listens(proxy) && Path::new(&text("authority")).is_file());
        drop(program.stdin.take());
        assert!(program.wait().unwrap().success());
        assert!(!listens(&service) && !listens(proxy) && !Path::new(&text("authority")).exists());
    }
    assert!(program.wait().unwrap().success());
}
