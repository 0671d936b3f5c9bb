//! Runs the command as a process, with an environment that only the test decides.

use std::collections::{BTreeMap, HashSet};
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
            || ["GITHUB_ACTIONS", "GITLAB_CI", "TEAMCITY_VERSION", "TF_BUILD", "BUILDKITE"].contains(&name.as_str())
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

/// Runs the command, and checks the JSON that it prints against the schema of its document.
pub(crate) fn run(command: &mut Command) -> Finished {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let ended =
        Finished { code: status.code().expect("no signal ended it"), stdout: text(stdout), stderr: text(stderr) };
    let words: Vec<_> = command.get_args().filter_map(|word| word.to_str()).take_while(|word| *word != "--").collect();
    if let Some(document) = printed_document(&words) {
        for printed in printed(&ended.stdout) {
            let printed = printed.unwrap_or_else(|error| panic!("{error}: {ended:?}"));
            let is_failure = printed["kind"].is_string();
            assert_valid(if is_failure { "failure" } else { document }, &printed);
            assert!(!is_failure || printed["exit_code"] == ended.code, "{ended:?}");
        }
    }
    if words.windows(2).any(|pair| pair == ["-o", "json"]) {
        assert_eq!(printed(&ended.stdout).count(), 1, "also a failure is one document: {ended:?}");
    }
    ended
}

fn printed(text: &str) -> impl Iterator<Item = serde_json::Result<Value>> {
    serde_json::Deserializer::from_str(text).into_iter()
}

/// Returns which document the command prints; `None` if it prints text.
fn printed_document(words: &[&str]) -> Option<&'static str> {
    let format = words.windows(2).find(|pair| pair[0] == "-o").map(|pair| pair[1])?;
    let images: HashSet<_> = words.windows(2).filter(|pair| pair[0] == "--image").map(|pair| pair[1]).collect();
    if images.len() > 1 {
        return match (words[0], format) {
            ("status", "json") => Some("combined-status"),
            ("check", _) => Some("combined-check"),
            (_, "json") if words.contains(&"--once") => None,
            (_, "json") => Some("combined-outcome"),
            (_, "jsonl") => Some("recording"),
            _ => None,
        };
    }
    match (words.iter().find(|word| ["status", "check", "wait", "replay"].contains(word))?, format) {
        (&"status", "json") => Some("status"),
        (&"check", _) => Some("check"),
        (_, "json") if words.contains(&"--once") => None,
        (_, "json") => Some("outcome"),
        (_, "jsonl") => Some("recording"),
        _ => None,
    }
}

/// Fails if the value is not what the JSON Schema of the document describes.
pub(crate) fn assert_valid(document: &str, value: &Value) {
    let schema = clanforge::schema::get(document).expect("there is a schema");
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert_eq!(errors, [""; 0], "{document}: {value}");
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

/// Returns a text as `>` of PowerShell 5.1 writes it to a file.
pub(crate) fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Returns the body of a status without detail.
pub(crate) fn counts(pending: u32, failed: u32, completed: u32) -> String {
    format!(r#"{{"pending_machines": {pending}, "failed_machines": {failed}, "completed_machines": {completed}}}"#)
}
