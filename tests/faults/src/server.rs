//! A service that does with each request what it is told.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{sleep, spawn};
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};

/// One thing that is done with a connection. After the last the connection is kept for the next request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Bytes.
    Send(Vec<u8>),
    /// Bytes, one at a time, with so long before each.
    Drip(Vec<u8>, Duration),
    /// Bytes, again and again.
    Endless(Vec<u8>),
    /// The connection is closed in good order.
    Close,
    /// The connection is reset.
    Reset,
    /// Nothing, for ever.
    Hang,
}

/// A request: its number, from 0, and its head.
pub(crate) struct Request<'a> {
    pub(crate) number: usize,
    pub(crate) head: &'a str,
}

/// What is done with each request.
pub(crate) type Acts = Box<dyn Fn(&Request<'_>) -> Vec<Act> + Send + Sync>;

fn anywhere() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

/// Starts a service, and returns its address.
pub(crate) fn start(acts: Acts) -> io::Result<String> {
    let listener = TcpListener::bind(anywhere())?;
    let url = format!("http://{}", listener.local_addr()?);
    let (acts, requests) = (Arc::new(acts), Arc::new(AtomicUsize::new(0)));
    spawn(move || {
        for stream in listener.incoming().flatten() {
            let (acts, requests) = (Arc::clone(&acts), Arc::clone(&requests));
            // What goes wrong with a connection ends it: that is the client's to bear.
            spawn(move || serve(stream, &acts, &requests));
        }
    });
    Ok(url)
}

/// Starts a service that is gone for `away` after so many requests, and then comes back to the same port.
pub(crate) fn start_restarting(acts: Acts, before: usize, away: Duration) -> io::Result<String> {
    // Bound and never listening, it keeps others from the port while the service is away.
    let holder = shared(anywhere())?;
    let address = holder.local_addr()?.as_socket().ok_or(io::ErrorKind::Unsupported)?;
    let first = shared(address)?;
    first.listen(16)?;
    spawn(move || {
        let requests = AtomicUsize::new(0);
        let mut listener = TcpListener::from(first);
        loop {
            for stream in listener.incoming().flatten() {
                let _ = serve_once(stream, &acts, &requests);
                if requests.load(Ordering::SeqCst) == before {
                    break;
                }
            }
            drop(listener);
            sleep(away);
            let Ok(again) = shared(address).and_then(|socket| socket.listen(16).map(|()| socket)) else { break };
            listener = TcpListener::from(again);
        }
        drop(holder);
    });
    Ok(format!("http://{address}"))
}

/// Returns a socket whose port another of these may have as well.
fn shared(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_reuse_port(true)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

/// Returns an address that nobody listens on.
pub(crate) fn refusing() -> io::Result<String> {
    let holder = shared(anywhere())?;
    let address = holder.local_addr()?.as_socket().ok_or(io::ErrorKind::Unsupported)?;
    // It keeps others from the port until the process ends.
    std::mem::forget(holder);
    Ok(format!("http://{address}"))
}

/// Returns an address whose listener has as many connections waiting as it takes.
pub(crate) fn full() -> io::Result<String> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&anywhere().into())?;
    socket.listen(1)?;
    let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::Unsupported)?;
    let waiting: Vec<_> =
        (0..8).map_while(|_| TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok()).collect();
    // They wait until the process ends.
    std::mem::forget((socket, waiting));
    Ok(format!("http://{address}"))
}

fn serve(mut stream: TcpStream, acts: &Acts, requests: &AtomicUsize) -> io::Result<()> {
    while let Some(head) = take_head(&mut stream)? {
        for act in acts(&Request { number: requests.fetch_add(1, Ordering::SeqCst), head: &head }) {
            match act {
                Act::Send(bytes) => stream.write_all(&bytes)?,
                Act::Drip(bytes, every) => {
                    for byte in bytes {
                        sleep(every);
                        stream.write_all(&[byte])?;
                    }
                }
                Act::Endless(bytes) => loop {
                    stream.write_all(&bytes)?;
                },
                Act::Close => return close(&mut stream),
                Act::Reset => return SockRef::from(&stream).set_linger(Some(Duration::ZERO)),
                Act::Hang => return stream.read_to_end(&mut Vec::new()).map(drop),
            }
        }
    }
    Ok(())
}

/// Serves the first request of a connection.
fn serve_once(mut stream: TcpStream, acts: &Acts, requests: &AtomicUsize) -> io::Result<()> {
    if let Some(head) = take_head(&mut stream)? {
        for act in acts(&Request { number: requests.fetch_add(1, Ordering::SeqCst), head: &head }) {
            if let Act::Send(bytes) = act {
                stream.write_all(&bytes)?;
            }
        }
    }
    close(&mut stream)
}

/// Takes the head of one request; nothing where there is none. A handshake counts as one by its first bytes.
fn take_head(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut buffer)?;
        head.extend_from_slice(&buffer[..length]);
        if head.ends_with(b"\r\n\r\n") || head.starts_with(b"\x16\x03") {
            return Ok(Some(String::from_utf8_lossy(&head).into_owned()));
        }
        if length == 0 {
            return Ok(None);
        }
    }
}

/// Closes in good order: what arrives in the meantime is read, or the system would reset the connection.
fn close(stream: &mut TcpStream) -> io::Result<()> {
    stream.shutdown(std::net::Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.read_to_end(&mut Vec::new()).map(drop)
}
