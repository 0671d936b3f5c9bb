//! The command, run with an environment that says nothing but what a test says.

use std::process::{Command, Output, Stdio};

use clanforge_simulator::{Options, Reply, Scenario, Simulator};
use serde_json::Value;

/// How a command ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Returns the command without anything that this machine's environment could change about it.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clanforge"));
    let foreign = |name: &str| {
        let name = name.to_ascii_uppercase();
        name.starts_with("CLANFORGE_")
            || name.ends_with("_PROXY")
            || name.starts_with("SSL_CERT_")
            || name == "RUST_LOG"
    };
    for (name, _) in std::env::vars().filter(|(name, _)| foreign(name)) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Returns the command with address and credentials of a simulator in its environment.
pub(crate) fn against(simulator: &Simulator) -> Command {
    let identity = simulator.identity();
    let mut command = command();
    command
        .env("CLANFORGE_BASE_URL", simulator.url())
        .env("CLANFORGE_ACCESS_KEY", &identity.access_key)
        .env("CLANFORGE_SECRET_KEY", &identity.secret_key);
    command
}

pub(crate) fn run(command: &mut Command) -> Ended {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: status.code().expect("it ends by itself"), stdout: text(stdout), stderr: text(stderr) }
}

pub(crate) fn json(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

pub(crate) fn simulator(scenario: &str) -> Simulator {
    Simulator::start(Options::new(Scenario::builtin(scenario).unwrap())).unwrap()
}

/// Returns a simulator that gives one answer, word for word.
pub(crate) fn answering(status: u16, body: &str) -> Simulator {
    let headers = std::collections::BTreeMap::new();
    let answer = Reply::Response { status, headers, body: body.to_owned() };
    Simulator::start(Options::new(Scenario::of_responses([answer]))).unwrap()
}
