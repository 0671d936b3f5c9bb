//! A server that does with each request exactly what a script says, byte for byte.
//!
//! All servers of a process share one thread, and keep their ports until the process ends.

use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Handle};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// One step of a response. A connection is kept for the next request unless a step ends it.
#[derive(Clone, Debug)]
pub enum Action {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends bytes one at a time, with this delay before each.
    Drip(Vec<u8>, Duration),
    /// Sends the same bytes again and again.
    Endless(Vec<u8>),
    /// Does nothing for this time.
    Delay(Duration),
    /// Sends nothing more, and keeps the connection open until the client closes it.
    Hang,
    /// Closes the connection without a reset.
    Close,
    /// Closes the connection without a reset when the next request arrives.
    CloseOnReuse,
    /// Resets the connection.
    Reset,
}

/// A request: its number among all requests to the server, from 0, and its head.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// How many requests came before it.
    pub number: u64,
    /// Request line and headers, up to the empty line.
    pub head: &'a str,
}

/// What a server does with each request.
pub(crate) type Script = Box<dyn Fn(Request<'_>) -> Vec<Action> + Send + Sync>;

/// Starts a server on a loopback port.
///
/// # Errors
/// If the system has no more sockets or threads.
pub fn start(script: impl Fn(Request<'_>) -> Vec<Action> + Send + Sync + 'static) -> io::Result<SocketAddr> {
    listen(Server::new(Box::new(script)), None)
}

/// Starts a server over TLS on a loopback port.
///
/// # Errors
/// If the system has no more sockets or threads.
pub fn start_tls(
    config: ServerConfig,
    script: impl Fn(Request<'_>) -> Vec<Action> + Send + Sync + 'static,
) -> io::Result<SocketAddr> {
    listen(Server::new(Box::new(script)), Some(TlsAcceptor::from(Arc::new(config))))
}

/// Returns the runtime of all servers, on a thread of its own.
pub(crate) fn runtime() -> io::Result<&'static Handle> {
    static RUNTIME: LazyLock<io::Result<Handle>> = LazyLock::new(|| {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let handle = runtime.handle().clone();
        std::thread::Builder::new()
            .name("fault-servers".to_owned())
            .spawn(move || runtime.block_on(pending::<()>()))?;
        Ok(handle)
    });
    RUNTIME.as_ref().map_err(|error| error.kind().into())
}

fn listen(server: Server, tls: Option<TlsAcceptor>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(any_port())?;
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let runtime = runtime()?;
    let context = runtime.enter();
    let listener = tokio::net::TcpListener::from_std(listener)?;
    drop(context);
    let server = Arc::new(server);
    runtime.spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // Most likely out of descriptors: wait until connections have ended.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let (server, tls) = (Arc::clone(&server), tls.clone());
            // An error ends the connection: the client is what is tested.
            tokio::spawn(async move {
                match tls {
                    Some(tls) => server.serve(tls.accept(stream).await?).await,
                    None => server.serve(stream).await,
                }
            });
        }
    });
    Ok(address)
}

/// Returns the loopback address whose port the system chooses.
pub(crate) fn any_port() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

/// A script, and how many requests it has been asked for.
pub(crate) struct Server {
    script: Script,
    requests: AtomicU64,
}

impl Server {
    pub(crate) const fn new(script: Script) -> Self {
        Self { script, requests: AtomicU64::new(0) }
    }

    /// Returns the number of requests so far.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::SeqCst)
    }

    /// Serves one request after another until one side ends the connection.
    pub(crate) async fn serve(&self, mut stream: impl Connection) -> io::Result<()> {
        stream.tcp().set_nodelay(true)?;
        let mut closes_on_reuse = false;
        let mut head = Vec::new();
        while read_head(&mut stream, &mut head).await? {
            if closes_on_reuse {
                return close(stream).await;
            }
            let number = self.requests.fetch_add(1, Ordering::SeqCst);
            for action in (self.script)(Request { number, head: &String::from_utf8_lossy(&head) }) {
                match action {
                    Action::Send(bytes) => send(&mut stream, &bytes).await?,
                    Action::Drip(bytes, delay) => {
                        for byte in bytes {
                            tokio::time::sleep(delay).await;
                            send(&mut stream, &[byte]).await?;
                        }
                    }
                    Action::Endless(bytes) => loop {
                        send(&mut stream, &bytes).await?;
                    },
                    Action::Delay(delay) => tokio::time::sleep(delay).await,
                    Action::Hang => return read_to_end(&mut stream).await,
                    Action::Close => return close(stream).await,
                    Action::CloseOnReuse => closes_on_reuse = true,
                    Action::Reset => return stream.tcp().set_zero_linger(),
                }
            }
        }
        Ok(())
    }
}

/// A TCP connection, with or without TLS.
pub(crate) trait Connection: AsyncRead + AsyncWrite + Unpin + Send {
    fn tcp(&self) -> &TcpStream;
}

impl Connection for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Connection for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// The length of what a client of HTTP/2 sends before its first frame.
const HTTP2_PREFACE_BYTES: usize = 24;

/// Reads the head of one request, over HTTP/2 the first of a connection; returns false if the client is done. The first bytes of a
/// TLS handshake count as one, for a server that breaks the handshake.
async fn read_head(stream: &mut impl Connection, head: &mut Vec<u8>) -> io::Result<bool> {
    head.clear();
    loop {
        if stream.read_buf(head).await? == 0 {
            return Ok(false);
        }
        let is_whole = match head.starts_with(b"PRI ") {
            true => head.get(HTTP2_PREFACE_BYTES..).is_some_and(has_request),
            false => head.ends_with(b"\r\n\r\n") || head.starts_with(b"\x16\x03"),
        };
        if is_whole {
            return Ok(true);
        }
    }
}

/// Returns true if one of these frames of HTTP/2 is the header of a request (RFC 9113, section 4.1).
fn has_request(mut frames: &[u8]) -> bool {
    const HEADERS: u8 = 1;
    while let [high, middle, low, kind, _, _, _, _, _, rest @ ..] = frames {
        let length = u32::from_be_bytes([0, *high, *middle, *low]) as usize;
        let Some(next) = rest.get(length..) else { return false };
        if *kind == HEADERS {
            return true;
        }
        frames = next;
    }
    false
}

async fn send(stream: &mut impl Connection, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

/// Closes a connection without a reset: reads what still arrives, because unread bytes would turn the close into a reset.
async fn close(mut stream: impl Connection) -> io::Result<()> {
    stream.shutdown().await?;
    // A client that is not polled between two calls may take longer to close its side.
    let _ = tokio::time::timeout(Duration::from_secs(1), read_to_end(&mut stream)).await;
    Ok(())
}

async fn read_to_end(stream: &mut impl Connection) -> io::Result<()> {
    let mut unread = [0; 4096];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}
