//! Runs the command as a process, with an environment that only the test decides.

use std::collections::BTreeMap;
use std::process::{Command, Output, Stdio};

use clanforge_simulator::{Options, Reply, Scenario, Simulator};
use serde_json::Value;

/// The exit code of a process, and what it wrote.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Returns the command without the variables of this environment that change what it does.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clanforge"));
    let is_relevant = |name: &str| {
        let name = name.to_ascii_uppercase();
        name.starts_with("CLANFORGE_")
            || name.ends_with("_PROXY")
            || name.starts_with("SSL_CERT_")
            || name == "RUST_LOG"
    };
    for (name, _) in std::env::vars().filter(|(name, _)| is_relevant(name)) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Returns the command with the address and the credentials of a simulator in its environment.
pub(crate) fn against(simulator: &Simulator) -> Command {
    let identity = simulator.identity();
    let mut command = command();
    command
        .env("CLANFORGE_BASE_URL", simulator.url())
        .env("CLANFORGE_ACCESS_KEY", &identity.access_key)
        .env("CLANFORGE_SECRET_KEY", &identity.secret_key);
    command
}

pub(crate) fn run(command: &mut Command) -> Finished {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Finished { code: status.code().expect("no signal ended it"), stdout: text(stdout), stderr: text(stderr) }
}

pub(crate) fn json(ended: &Finished) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"))
}

pub(crate) fn simulator(scenario: &str) -> Simulator {
    Simulator::start(Options::new(Scenario::builtin(scenario).unwrap())).unwrap()
}

/// Returns a simulator that serves one response to every request.
pub(crate) fn serving(status: u16, body: &str) -> Simulator {
    serving_in_turn([response(status, body)])
}

/// Returns a simulator that serves these responses in turn, and the last one again and again.
pub(crate) fn serving_in_turn(responses: impl IntoIterator<Item = Reply>) -> Simulator {
    Simulator::start(Options::new(Scenario::of_responses(responses))).unwrap()
}

pub(crate) fn response(status: u16, body: &str) -> Reply {
    Reply::Response { status, headers: BTreeMap::new(), body: body.to_owned() }
}

/// Returns the body of a status without detail.
pub(crate) fn counts(pending: u32, failed: u32, completed: u32) -> String {
    format!(r#"{{"pending_machines": {pending}, "failed_machines": {failed}, "completed_machines": {completed}}}"#)
}
