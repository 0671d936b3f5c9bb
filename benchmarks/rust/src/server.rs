//! A server with the same response to every request.

use std::io;
use std::net::SocketAddr;

use clanforge_test_faults::server::{Action, start};

const BODY: &str = r#"{"pending_machines":3,"failed_machines":1,"completed_machines":36}"#;

/// Starts the server, which runs until the process ends.
pub(crate) fn start_fixed() -> io::Result<SocketAddr> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", BODY.len());
    let response = head + BODY;
    start(move |_| vec![Action::Send(response.clone().into())])
}
