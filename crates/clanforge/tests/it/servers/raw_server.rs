//! Fault servers that send given bytes, and record requests.

use std::sync::{Arc, Mutex};

use clanforge_test_faults::server::{Action, start};

/// Starts a server that sends these bytes for each request and closes its connection; returns the base URL.
pub(crate) fn raw_server(bytes: Vec<u8>) -> String {
    let address = start(move |_| vec![Action::Send(bytes.clone()), Action::Close]).unwrap();
    format!("http://{address}")
}

/// Starts a server that sends these bytes for each request and keeps its connection open; returns the base URL.
pub(crate) fn stalling_server(bytes: Vec<u8>) -> String {
    let address = start(move |_| vec![Action::Send(bytes.clone()), Action::Hang]).unwrap();
    format!("http://{address}")
}

/// A server that records the heads of its requests.
pub(crate) struct RecordingServer {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl RecordingServer {
    /// Starts a server that responds with a status.
    pub(crate) fn start() -> Self {
        Self::responding(|_, _| STATUS_RESPONSE.to_vec())
    }

    /// Starts a server that sends what `response` returns for each request, numbered from 0, and closes its connection.
    pub(crate) fn responding(response: impl Fn(u64, &str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::running(move |number, head| vec![Action::Send(response(number, head)), Action::Close])
    }

    /// Starts a server that never responds.
    pub(crate) fn hanging() -> Self {
        Self::running(|_, _| vec![Action::Hang])
    }

    fn running(script: impl Fn(u64, &str) -> Vec<Action> + Send + Sync + 'static) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        let address = start(move |request| {
            kept.lock().unwrap().push(request.head.to_owned());
            script(request.number, request.head)
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

/// A whole response with a status of three completed machines.
pub(crate) const STATUS_RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 48\r\n\r\n\
    {\"pending_machines\": 0, \"completed_machines\": 3}";
