//! A client that shows the bytes that arrive.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use clanforge_simulator::Simulator;

/// The default credentials, `simulator-access-key:simulator-secret-key`, as Basic authentication sends them.
pub(crate) const BASIC: &str = "Basic c2ltdWxhdG9yLWFjY2Vzcy1rZXk6c2ltdWxhdG9yLXNlY3JldC1rZXk=";

pub(crate) struct Wire(TcpStream);

/// What arrived in reply to a request, and whether the connection was reset.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) text: String,
    pub(crate) was_reset: bool,
}

impl Wire {
    pub(crate) fn to(simulator: &Simulator) -> Self {
        let address = simulator.url().replace("http://", "");
        let stream = TcpStream::connect(address).expect("the simulator listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout can be set");
        Self(stream)
    }

    pub(crate) fn send(&mut self, target: &str, authorization: &str) {
        let request = format!("GET {target} HTTP/1.1\r\nHost: simulator\r\nAuthorization: {authorization}\r\n\r\n");
        self.0.write_all(request.as_bytes()).expect("the request goes out");
    }

    /// Returns what arrives until the connection ends.
    pub(crate) fn until_end(&mut self) -> Arrived {
        let mut bytes = Vec::new();
        let was_reset = match self.0.read_to_end(&mut bytes) {
            Ok(_) => false,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => true,
            Err(error) => panic!("the connection neither ends nor is reset: {error}"),
        };
        Arrived { text: String::from_utf8(bytes).expect("it is text"), was_reset }
    }

    /// Returns head and body of an answer with a Content-Length.
    pub(crate) fn answer(&mut self) -> (String, String) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).expect("the head goes on");
            head.extend(byte);
        }
        let head = String::from_utf8(head).expect("the head is text");
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).expect("it has a length");
        let mut body = vec![0; length.parse().expect("the length is a number")];
        self.0.read_exact(&mut body).expect("the body has its length");
        (head, String::from_utf8(body).expect("the body is text"))
    }

    /// Returns true where nothing arrives for a while and the connection stays open.
    pub(crate) fn is_silent(&mut self) -> bool {
        self.0.set_read_timeout(Some(Duration::from_millis(150))).expect("a timeout can be set");
        matches!(self.0.read(&mut [0]), Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
    }
}
