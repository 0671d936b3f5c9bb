//! A client that reads bytes.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use clanforge_simulator::Simulator;

/// The default credentials, `simulator-access-key:simulator-secret-key`, as Basic authentication sends them.
pub(crate) const BASIC: &str = "Basic c2ltdWxhdG9yLWFjY2Vzcy1rZXk6c2ltdWxhdG9yLXNlY3JldC1rZXk=";

pub(crate) struct Wire(TcpStream);

/// What arrived until the connection ended, and whether a reset ended it.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) text: String,
    pub(crate) was_reset: bool,
}

impl Wire {
    pub(crate) fn to(simulator: &Simulator) -> Self {
        let address = simulator.url().replace("http://", "");
        let stream = TcpStream::connect(address).expect("the simulator listens");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout can be set");
        Self(stream)
    }

    pub(crate) fn send(&mut self, target: &str, authorization: &str) {
        let request = format!("GET {target} HTTP/1.1\r\nHost: simulator\r\nAuthorization: {authorization}\r\n\r\n");
        self.send_bytes(request.as_bytes());
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).expect("the request goes out");
    }

    /// Reads until the connection ends.
    pub(crate) fn until_end(&mut self) -> Arrived {
        let mut bytes = Vec::new();
        let was_reset = match self.0.read_to_end(&mut bytes) {
            Ok(_) => false,
            Err(error) if error.kind() == ErrorKind::ConnectionReset => true,
            Err(error) => panic!("the connection neither ends nor is reset: {error}"),
        };
        Arrived { text: String::from_utf8(bytes).expect("it is text"), was_reset }
    }

    /// Reads a response with a Content-Length; returns its head and its body.
    pub(crate) fn response(&mut self) -> (String, String) {
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

    /// Reads this number of bytes.
    pub(crate) fn read(&mut self, bytes: usize) {
        self.0.read_exact(&mut vec![0; bytes]).expect("the response goes on");
    }

    /// Closes the connection in the direction of the simulator.
    pub(crate) fn close(&self) {
        self.0.shutdown(std::net::Shutdown::Write).expect("the connection is open");
    }
}
