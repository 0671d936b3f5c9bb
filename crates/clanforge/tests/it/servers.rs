//! Servers to test against, and a client that does not make tests wait.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clanforge::{Client, ClientBuilder, Credentials, ImageRef};
use clanforge_simulator::{Options, Reply, Scenario, Simulator};

pub(crate) const IMAGE: ImageRef = ImageRef::new(1234, 5678);

/// Starts a simulator of a scenario that ships.
pub(crate) fn simulator(scenario: &str) -> Simulator {
    Simulator::start(Options::new(Scenario::builtin(scenario).unwrap())).unwrap()
}

/// Starts a simulator that meets every request with one reply, and spoils a proper answer where the reply has none.
pub(crate) fn always(reply: Reply) -> Simulator {
    let simulator = simulator("happy");
    simulator.inject(reply, 1000);
    simulator
}

/// Returns an answer with a JSON body.
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

/// Answers every connection's first request with these bytes and closes it; returns the base URL.
pub(crate) fn raw_server(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            // A client that has read enough may be gone.
            let _ = stream.write_all(&bytes);
        }
    });
    url
}

/// Answers requests, and keeps what it was sent.
pub(crate) struct RecordingServer {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl RecordingServer {
    /// Starts one that answers with a status.
    pub(crate) fn start() -> Self {
        Self::answering(|_| STATUS_ANSWER.to_vec())
    }

    /// Starts one that answers the requests, numbered from 0, with these bytes, and closes each connection.
    pub(crate) fn answering(answer: impl Fn(usize) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let mut buffer = [0; 4096];
                let length = stream.read(&mut buffer).unwrap_or(0);
                kept.lock().unwrap().push(String::from_utf8_lossy(&buffer[..length]).into_owned());
                // A client that is done may be gone.
                let _ = stream.write_all(&answer(number));
            }
        });
        Self { url, requests }
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn last_request(&self) -> String {
        self.requests.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

/// A status with three completed machines, as a whole answer.
pub(crate) const STATUS_ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 48\r\n\r\n\
    {\"pending_machines\": 0, \"completed_machines\": 3}";

/// Waits until something becomes true that only another thread can bring about, and returns how long it took.
pub(crate) fn until(condition: impl Fn() -> bool) -> Duration {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(10), "it never becomes true");
        std::thread::yield_now();
    }
    started.elapsed()
}
