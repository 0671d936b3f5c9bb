//! Every action, as it arrives at a client that reads bytes.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::Duration;

use clanforge_test_faults::server::{Action, start};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

/// Returns a connection to a server that does this with every request.
fn to(actions: Vec<Action>) -> TcpStream {
    let stream = TcpStream::connect(start(move |_| actions.clone()).unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

/// Returns what arrives until the connection ends, and whether a reset ended it.
fn arrives(stream: &mut TcpStream) -> (String, bool) {
    let mut bytes = Vec::new();
    let was_reset = match stream.read_to_end(&mut bytes) {
        Ok(_) => false,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::ConnectionReset);
            true
        }
    };
    (String::from_utf8(bytes).unwrap(), was_reset)
}

fn read(stream: &mut TcpStream, length: usize) -> String {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn actions_happen_in_order_until_one_ends_the_connection() {
    let send = |text: &str| Action::Send(text.as_bytes().to_vec());
    let moment = Duration::from_millis(1);
    for (actions, expected, is_reset) in [
        (vec![send("a"), Action::Delay(moment), send("b"), Action::Close, send("c")], "ab", false),
        (vec![Action::Drip(b"abc".to_vec(), moment), Action::Close], "abc", false),
        (vec![Action::Close], "", false),
        (vec![Action::Reset], "", true),
    ] {
        let mut stream = to(actions.clone());
        stream.write_all(REQUEST).unwrap();
        assert_eq!(arrives(&mut stream), (expected.to_owned(), is_reset), "{actions:?}");
    }
}

#[test]
fn a_connection_is_kept_for_the_next_request() {
    let (sent, numbers) = mpsc::channel();
    let script = move |request: clanforge_test_faults::server::Request<'_>| {
        sent.send((request.number, request.head.to_owned())).unwrap();
        vec![Action::Send(b"a".to_vec())]
    };
    let mut stream = TcpStream::connect(start(script).unwrap()).unwrap();
    for number in 0..3 {
        stream.write_all(REQUEST).unwrap();
        assert_eq!(read(&mut stream, 1), "a");
        assert_eq!(numbers.recv().unwrap(), (number, String::from_utf8(REQUEST.to_vec()).unwrap()));
    }
}

#[test]
fn a_connection_that_closes_on_reuse_serves_one_request() {
    let mut stream = to(vec![Action::Send(b"a".to_vec()), Action::CloseOnReuse]);
    stream.write_all(REQUEST).unwrap();
    assert_eq!(read(&mut stream, 1), "a");
    stream.write_all(REQUEST).unwrap();
    assert_eq!(arrives(&mut stream), (String::new(), false));
}

#[test]
fn an_endless_response_goes_on() {
    let mut stream = to(vec![Action::Endless(b"ab".to_vec())]);
    stream.write_all(REQUEST).unwrap();
    assert_eq!(read(&mut stream, 1 << 20), "ab".repeat(1 << 19));
}

#[test]
fn a_server_that_hangs_closes_the_connection_after_the_client() {
    let mut stream = to(vec![Action::Hang, Action::Send(b"a".to_vec())]);
    stream.write_all(REQUEST).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(arrives(&mut stream), (String::new(), false));
}
