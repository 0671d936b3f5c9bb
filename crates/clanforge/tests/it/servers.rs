//! Servers to test against, and a client with short backoffs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clanforge::{Client, ClientBuilder, Credentials, ImageRef};
use clanforge_simulator::{Options, Reply, Scenario, Simulator};
use clanforge_test_faults::server::{Action, start};

pub(crate) const IMAGE: ImageRef = ImageRef::new(1234, 5678);

/// Starts a simulator of a built-in scenario.
pub(crate) fn simulator(scenario: &str) -> Simulator {
    Simulator::start(Options::new(Scenario::builtin(scenario).unwrap())).unwrap()
}

/// Starts a simulator that gives every request the same reply, which spoils a status where it has no response of its own.
pub(crate) fn always(reply: Reply) -> Simulator {
    let simulator = simulator("happy");
    simulator.inject(reply, 1000);
    simulator
}

/// Returns a response with a JSON body.
pub(crate) fn json(status: u16, body: &str) -> Reply {
    Reply::Response { status, headers: BTreeMap::new(), body: body.to_owned() }
}

/// Returns a builder for the simulator's address and credentials that pauses for no longer than 2 ms.
pub(crate) fn builder(simulator: &Simulator) -> ClientBuilder {
    let identity = simulator.identity();
    Client::builder()
        .base_url(simulator.url())
        .credentials(Credentials::basic(&identity.access_key, &identity.secret_key))
        .backoff(Duration::from_millis(1), Duration::from_millis(2))
}

pub(crate) fn client(simulator: &Simulator) -> Client {
    builder(simulator).build().unwrap()
}

/// Starts a fault server that sends these bytes as the response to every request, and closes the connection; returns its
/// base URL.
pub(crate) fn raw_server(bytes: Vec<u8>) -> String {
    let address = start(move |_| vec![Action::Send(bytes.clone()), Action::Close]).unwrap();
    format!("http://{address}")
}

/// A fault server that keeps the heads of its requests.
pub(crate) struct RecordingServer {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl RecordingServer {
    /// Starts one that responds with a status.
    pub(crate) fn start() -> Self {
        Self::answering(|_| STATUS_ANSWER.to_vec())
    }

    /// Starts one that sends these bytes as the response to the requests, numbered from 0, and closes each connection.
    pub(crate) fn answering(response: impl Fn(u64) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        let address = start(move |request| {
            kept.lock().unwrap().push(request.head.to_owned());
            vec![Action::Send(response(request.number)), Action::Close]
        });
        Self { url: format!("http://{}", address.unwrap()), requests }
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn last_request(&self) -> String {
        self.requests.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

/// A status with three completed machines, as a whole response.
pub(crate) const STATUS_ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 48\r\n\r\n\
    {\"pending_machines\": 0, \"completed_machines\": 3}";

/// Waits until a condition holds that another thread brings about, and returns how long it took.
pub(crate) fn until(condition: impl Fn() -> bool) -> Duration {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(60), "the condition never holds");
        std::thread::yield_now();
    }
    started.elapsed()
}
