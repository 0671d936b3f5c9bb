//! Servers that send bytes as they are told, and record requests.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Barrier, Mutex};

/// Starts a server that sends these bytes for the first request of each connection and closes it; returns the base URL.
pub(crate) fn raw_server(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            // The client may have closed the connection.
            let _ = stream.write_all(&bytes);
        }
    });
    url
}

/// Starts a server that sends these bytes for the first request of each connection and keeps it open; returns the base URL.
pub(crate) fn stalling_server(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&bytes);
            open.push(stream);
        }
    });
    url
}

/// Starts a server that responds with a status to this many requests, once all of them are open; returns the base URL.
pub(crate) fn rendezvous_server(requests: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let all_open = Arc::new(Barrier::new(requests));
        for stream in listener.incoming() {
            let all_open = Arc::clone(&all_open);
            std::thread::spawn(move || {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                all_open.wait();
                stream.write_all(STATUS_RESPONSE)
            });
        }
    });
    url
}

/// A server that records requests.
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
    pub(crate) fn responding(response: impl Fn(usize, &str) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let mut buffer = [0; 4096];
                let length = stream.read(&mut buffer).unwrap_or(0);
                let request = String::from_utf8_lossy(&buffer[..length]).into_owned();
                let bytes = response(number, &request);
                kept.lock().unwrap().push(request);
                // The client may have closed the connection.
                let _ = stream.write_all(&bytes);
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

/// A whole response with a status of three completed machines.
pub(crate) const STATUS_RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 48\r\n\r\n\
    {\"pending_machines\": 0, \"completed_machines\": 3}";

/// Returns a whole response with a JSON body.
pub(crate) fn json_response(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}
