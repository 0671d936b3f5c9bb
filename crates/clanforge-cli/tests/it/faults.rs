//! Each fault of a service ends the asynchronous client, the blocking client and the command in the same way, with the same
//! text. The results are written to `docs/faults.md`, and to `tests/faults.json` for the tests of the packages.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use clanforge::monitor::Policy;
use clanforge::{Client, ClientBuilder, Credentials, Error, ImageRef, ImageStatus, blocking};
use clanforge_test_faults::{Expected, Faults, RunningFault, Task};
use serde::{Deserialize, Serialize};
use tokio::runtime::Builder;

use crate::generated::writes;
use crate::process::{command, json, run};

const IMAGE: ImageRef = ImageRef::new(1234, 5678);
const KEYS: (&str, &str) = ("an-access-key", "a-secret-key");

/// The name of the test that produces every fault. It runs itself in child processes as well.
const TEST: &str = "faults::every_fault_ends_the_same_for_the_client_of_both_kinds_and_for_the_command";

/// The variable that tells such a child process its client and its fault, as JSON.
const FAULT: &str = "FAULT_OF_THIS_PROCESS";

/// How a call ended.
#[derive(Debug, PartialEq, Eq, Deserialize, Serialize)]
struct Ending {
    #[serde(flatten)]
    ends: Ends,
    /// The message, without what differs from run to run.
    text: String,
}

#[derive(Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "ends", rename_all = "snake_case")]
enum Ends {
    Read,
    Outcome { outcome: String },
    Error { kind: String, status: Option<u16>, attempts: u32 },
}

/// The kind of a client.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
enum Kind {
    Async,
    Blocking,
}

#[test]
fn every_fault_ends_the_same_for_the_client_of_both_kinds_and_for_the_command() {
    if let Ok(text) = std::env::var(FAULT) {
        return in_this_process(text.leak());
    }
    let asynchronous = Builder::new_current_thread().enable_all().build().unwrap().block_on(by_async_client());
    let (blocking, commands) = (each(by_blocking_client), each(by_command));
    let mut wrong = String::new();
    for (((fault, found), (_, blocking)), (_, (text, code))) in asynchronous.iter().zip(&blocking).zip(&commands) {
        if !is_expected(fault.fault.expected, &found.ends) || found != blocking {
            writeln!(wrong, "{}: {found:?}, blocking {blocking:?}", fault.fault.name).unwrap();
        }
        // A command makes one call, so it cannot reuse a connection.
        if fault.fault.task != Task::StatusTwice && (*text != found.text || *code != exit_code(&found.ends)) {
            writeln!(wrong, "{}: {found:?}, the command {code}: {text}", fault.fault.name).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(asynchronous.len() > 60, "only {} faults were met", asynchronous.len());
    compare("docs/faults.md", &page(&asynchronous));
    compare("tests/faults.json", &data(&asynchronous));
}

fn is_expected(expected: Expected, found: &Ends) -> bool {
    match (expected, found) {
        (Expected::Read, Ends::Read) => true,
        (Expected::Outcome { outcome }, Ends::Outcome { outcome: found }) => outcome == found,
        (
            Expected::Error { kind, status, attempts },
            Ends::Error { kind: found, status: found_status, attempts: found_attempts },
        ) => (kind, status, attempts) == (found, *found_status, *found_attempts),
        _ => false,
    }
}

/// Returns the documented exit code, independently of the code of the command.
fn exit_code(ends: &Ends) -> i32 {
    match ends {
        Ends::Read => 0,
        Ends::Outcome { outcome } => i32::from(outcome != "ready"),
        Ends::Error { kind, .. } => match kind.as_str() {
            "authentication" | "permission_denied" => 4,
            "configuration" => 2,
            _ => 5,
        },
    }
}

fn builder(fault: &RunningFault) -> ClientBuilder {
    let (access_key, secret_key) = KEYS;
    let credentials = match fault.fault.task {
        Task::StatusSigned => Credentials::sigv4(access_key, secret_key),
        Task::Status | Task::StatusTwice | Task::Wait => Credentials::basic(access_key, secret_key),
    };
    let builder = Client::builder()
        .base_url(&fault.base_url)
        .credentials(credentials)
        .timeout(Duration::from_secs(fault.fault.timeout.into()))
        .retries(fault.fault.retries);
    match &fault.ca_file {
        Some(file) => builder.ca_file(file),
        None => builder,
    }
}

fn policy(fault: &RunningFault) -> Policy {
    let mut policy = Policy::default();
    policy.timeout = Some(Duration::from_secs(fault.fault.timeout.into()));
    policy.start_grace = Some(Duration::ZERO);
    policy.min_interval = Duration::from_millis(20);
    policy.max_interval = Duration::from_millis(50);
    policy
}

fn read(result: Result<ImageStatus, Error>) -> Result<Ending, Error> {
    let status = result?;
    assert_eq!(status.counts().completed_machines(), 3);
    Ok(Ending { ends: Ends::Read, text: String::new() })
}

fn ending(fault: &RunningFault, result: Result<Ending, Error>) -> Ending {
    result.unwrap_or_else(|error| Ending {
        ends: Ends::Error {
            kind: error.kind().as_str().to_owned(),
            status: error.status(),
            attempts: error.attempts(),
        },
        text: fault.masked(&error.to_string()),
    })
}

async fn by_async_client() -> Vec<(RunningFault, Ending)> {
    let faults = Faults::start().unwrap();
    let calls = faults.running.into_iter().map(|fault| {
        tokio::spawn(async move {
            if fault.environment.is_empty() {
                let ending = by_async_call(&fault).await;
                return (fault, ending);
            }
            let process = move || {
                let ending = in_its_process(&fault, Kind::Async);
                (fault, ending)
            };
            tokio::task::spawn_blocking(process).await.unwrap()
        })
    });
    let mut found = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        found.push(call.await.unwrap());
    }
    found
}

async fn by_async_call(fault: &RunningFault) -> Ending {
    let client = builder(fault).build().unwrap();
    let status = || client.image_status(IMAGE).into_future();
    let result = match fault.fault.task {
        Task::Status | Task::StatusSigned => read(status().await),
        Task::StatusTwice => {
            status().await.unwrap();
            read(status().await)
        }
        Task::Wait => client.wait(IMAGE).policy(policy(fault)).await.map(|outcome| Ending {
            ends: Ends::Outcome { outcome: outcome.kind.as_str().to_owned() },
            text: String::new(),
        }),
    };
    ending(fault, result)
}

fn each<T: Send>(call: impl Fn(&RunningFault) -> T + Sync) -> Vec<(String, T)> {
    let faults = Faults::start().unwrap();
    std::thread::scope(|scope| {
        let call = &call;
        let calls: Vec<_> = faults.running.iter().map(|fault| (fault, scope.spawn(move || call(fault)))).collect();
        calls.into_iter().map(|(fault, met)| (fault.fault.name.to_owned(), met.join().unwrap())).collect()
    })
}

fn by_blocking_client(fault: &RunningFault) -> Ending {
    match fault.environment.is_empty() {
        true => by_blocking_call(fault),
        false => in_its_process(fault, Kind::Blocking),
    }
}

fn by_blocking_call(fault: &RunningFault) -> Ending {
    let client = blocking::Client::new(builder(fault)).unwrap();
    let status = || client.image_status(IMAGE).send();
    let result = match fault.fault.task {
        Task::Status | Task::StatusSigned => read(status()),
        Task::StatusTwice => {
            status().unwrap();
            read(status())
        }
        Task::Wait => client.wait(IMAGE).policy(policy(fault)).send().map(|outcome| Ending {
            ends: Ends::Outcome { outcome: outcome.kind.as_str().to_owned() },
            text: String::new(),
        }),
    };
    ending(fault, result)
}

/// Calls a server with a fault, in a child process with the environment of the fault.
fn in_its_process(fault: &RunningFault, kind: Kind) -> Ending {
    let RunningFault { fault, base_url, ca_file, environment, masks } = fault;
    let output = Command::new(std::env::current_exe().unwrap())
        .args([TEST, "--exact"])
        .env(FAULT, serde_json::to_string(&(kind, fault, base_url, ca_file, masks)).unwrap())
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stderr).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn in_this_process(text: &'static str) {
    let (kind, fault, base_url, ca_file, masks) = serde_json::from_str(text).unwrap();
    let fault = RunningFault { fault, base_url, ca_file, environment: Vec::new(), masks };
    let ending = match kind {
        Kind::Async => Builder::new_current_thread().enable_all().build().unwrap().block_on(by_async_call(&fault)),
        Kind::Blocking => by_blocking_call(&fault),
    };
    serde_json::to_writer(std::io::stderr(), &ending).unwrap();
}

/// Returns the message of the command, and its exit code.
fn by_command(fault: &RunningFault) -> (String, i32) {
    let mut command = command();
    command
        .env("CLANFORGE_BASE_URL", &fault.base_url)
        .env("CLANFORGE_ACCESS_KEY", KEYS.0)
        .env("CLANFORGE_SECRET_KEY", KEYS.1)
        .envs(fault.environment.iter().map(|(name, value)| (name, value)));
    let (timeout, retries) = (format!("{}s", fault.fault.timeout), fault.fault.retries.to_string());
    match fault.fault.task {
        Task::Status | Task::StatusTwice => command.args(["status", "--timeout", &timeout, "--retries", &retries]),
        Task::StatusSigned => command.args(["status", "--timeout", &timeout, "--auth-scheme", "sigv4"]),
        Task::Wait => command
            .args(["wait", "--start-grace", "0s", "--min-interval", "20ms", "--max-interval", "50ms"])
            .args(["--timeout", &timeout]),
    };
    command.args(["-o", "json", "--asid", "1234", "--image", "5678"]);
    if let Some(file) = &fault.ca_file {
        command.args(["--ca-file", file]);
    }
    let ended = run(&mut command);
    if ended.code == 0 {
        let counts = &json(&ended)["status"]["completed_machines"];
        assert_eq!(*counts, 3, "{ended:?}");
        return (String::new(), 0);
    }
    let error = ended.stderr.lines().find_map(|line| line.strip_prefix("error: ")).unwrap_or(&ended.stderr);
    (fault.masked(error), ended.code)
}

fn page(found: &[(RunningFault, Ending)]) -> String {
    let mut page = "# Faults\n\n\
        What goes wrong between a client and the service, and how the client reports it. Tests run \
        each fault over real sockets (`tests/faults`), for the async and the blocking Rust client, the packages for Python and \
        Node, and the command: all of them end the same way, with the same message; where it names a setting, the command names \
        its own option or variable. `read` means that the call returned a status, `ready` that \
        the wait ended as ready. A call has a deadline of 20 s, or the one in parentheses, \
        such as `within 1 s`, and one retry.\n\n\
        | Fault | Ends as | HTTP | Attempts | Exit | Message |\n| --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for (fault, ending) in found {
        let code = exit_code(&ending.ends);
        let name = match fault.fault.timeout {
            20 => fault.fault.name.to_owned(),
            timeout => format!("{} (within {timeout} s)", fault.fault.name),
        };
        let (ends, status, attempts) = match &ending.ends {
            Ends::Read => ("read".to_owned(), String::new(), String::new()),
            Ends::Outcome { outcome } => (outcome.clone(), String::new(), String::new()),
            Ends::Error { kind, status, attempts } => {
                (format!("`{kind}`"), status.map(|status| status.to_string()).unwrap_or_default(), attempts.to_string())
            }
        };
        let text = ending.text.replace('|', "\\|").replace('<', "&lt;");
        writeln!(page, "| {name} | {ends} | {status} | {attempts} | {code} | {text} |").unwrap();
    }
    page
}

fn data(found: &[(RunningFault, Ending)]) -> String {
    let endings: std::collections::BTreeMap<_, _> =
        found.iter().map(|(fault, ending)| (fault.fault.name, ending)).collect();
    serde_json::to_string_pretty(&endings).unwrap() + "\n"
}

fn compare(file: &str, current: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    if writes() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, current).unwrap();
    } else {
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == current, "{file} is stale: run cargo xtask generate");
    }
}
