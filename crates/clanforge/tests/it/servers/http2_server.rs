//! An HTTP/2 server that writes every frame itself (RFC 9113), so that it can break the protocol. It is separate from
//! the fault server, which writes bytes: faults of HTTP/2 are faults of a stream or a frame.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use clanforge::{Client, ClientBuilder, Credentials};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::servers::certificates::{Authority, server_config};

const STATUS: &[u8] = br#"{"pending_machines": 0, "completed_machines": 3}"#;

const PREFACE_BYTES: usize = 24;
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

pub(crate) const NO_ERROR: u32 = 0;
pub(crate) const INTERNAL_ERROR: u32 = 2;
pub(crate) const REFUSED_STREAM: u32 = 7;
pub(crate) const CANCEL: u32 = 8;
pub(crate) const ENHANCE_YOUR_CALM: u32 = 11;

/// What the server does with a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Response {
    Status,
    /// A status for every open request, once there are this many.
    StatusTogether(usize),
    /// The stream is reset instead of a response.
    Reset(u32),
    /// GOAWAY for this request and all after it.
    GoAway(u32),
    /// The connection is closed without GOAWAY.
    Close,
    /// No response, but pings are acknowledged.
    Hang,
    /// Nothing is sent any more.
    FallSilent,
    /// The header, half a body, and the stream is reset.
    ResetWithinBody(u32),
    /// The header, half a body, and the connection is closed.
    CloseWithinBody,
    /// A body of this size.
    Body(usize),
    /// A status with this number of additional headers.
    Headers(usize),
}

type Script = dyn Fn(usize, usize) -> Response + Send + Sync;

pub(crate) struct Http2Server {
    url: String,
    authority: Authority,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    requests: AtomicUsize,
    resets: AtomicUsize,
    pings: AtomicUsize,
}

impl Http2Server {
    /// Starts a server. `script` returns its response by the number of the connection and of the request on it, both from 0.
    pub(crate) fn start(script: impl Fn(usize, usize) -> Response + Send + Sync + 'static) -> Self {
        let authority = Authority::new("the authority");
        let (certificate, key) = authority.certify(&["localhost"], |_| {});
        let mut config = server_config(&certificate, &key);
        config.alpn_protocols = vec![b"h2".to_vec()];
        let (config, script, counts) = (Arc::new(config), Arc::new(script), Arc::new(Counts::default()));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let kept = Arc::clone(&counts);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (config, script, counts) = (Arc::clone(&config), Arc::clone(&script), Arc::clone(&kept));
                let number = counts.connections.fetch_add(1, Ordering::SeqCst);
                // The client may have closed the connection.
                std::thread::spawn(move || drop(serve(stream.unwrap(), config, number, &*script, &counts)));
            }
        });
        Self { url, authority, counts }
    }

    /// Returns a builder of a client that trusts the server and retries without backoff.
    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder()
            .base_url(&self.url)
            .credentials(Credentials::bearer("a-token"))
            .ca_file(self.authority.file())
            .backoff(std::time::Duration::ZERO, std::time::Duration::ZERO)
    }

    pub(crate) fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }

    /// Returns how many pings the server acknowledged.
    pub(crate) fn pings(&self) -> usize {
        self.counts.pings.load(Ordering::SeqCst)
    }

    /// Returns how many requests the client cancelled.
    pub(crate) fn resets(&self) -> usize {
        self.counts.resets.load(Ordering::SeqCst)
    }
}

fn serve(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    number: usize,
    script: &Script,
    counts: &Counts,
) -> std::io::Result<()> {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    stream.read_exact(&mut [0; PREFACE_BYTES])?;
    write_frame(&mut stream, SETTINGS, 0, 0, &[])?;
    let (mut requests, waiting) = (0, Mutex::new(Vec::new()));
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload)?;
        match (head[3], head[4] & ACK) {
            (SETTINGS, 0) => write_frame(&mut stream, SETTINGS, ACK, 0, &[])?,
            (PING, 0) => {
                counts.pings.fetch_add(1, Ordering::SeqCst);
                write_frame(&mut stream, PING, ACK, 0, &payload)?;
            }
            (RST_STREAM, _) => drop(counts.resets.fetch_add(1, Ordering::SeqCst)),
            (HEADERS, _) => {
                let response = script(number, requests);
                requests += 1;
                counts.requests.fetch_add(1, Ordering::SeqCst);
                let mut waiting = waiting.lock().unwrap();
                waiting.push(id);
                if !respond(&mut stream, response, id, &mut waiting)? {
                    return Ok(());
                }
            }
            _ => {}
        }
    }
}

/// Responds; returns false if the connection ends with it.
fn respond(stream: &mut impl ReadWrite, response: Response, id: u32, waiting: &mut Vec<u32>) -> std::io::Result<bool> {
    match response {
        Response::Status => write_body(stream, id, STATUS)?,
        Response::StatusTogether(count) if waiting.len() == count => {
            for id in waiting.drain(..) {
                write_body(stream, id, STATUS)?;
            }
            return Ok(true);
        }
        Response::StatusTogether(_) => return Ok(true),
        Response::Reset(code) => write_frame(stream, RST_STREAM, 0, id, &code.to_be_bytes())?,
        Response::GoAway(code) => {
            let last = id.saturating_sub(2);
            write_frame(stream, GOAWAY, 0, 0, &[last.to_be_bytes(), code.to_be_bytes()].concat())?;
        }
        Response::Close => return Ok(false),
        Response::Hang => {}
        Response::FallSilent => loop {
            // Only the client ends this, by closing the connection.
            if stream.read(&mut [0; 4096])? == 0 {
                return Ok(false);
            }
        },
        Response::ResetWithinBody(code) => {
            write_half(stream, id)?;
            write_frame(stream, RST_STREAM, 0, id, &code.to_be_bytes())?;
        }
        Response::CloseWithinBody => {
            write_half(stream, id)?;
            return Ok(false);
        }
        Response::Headers(count) => {
            write_frame(stream, HEADERS, END_HEADERS, id, &header_block(count))?;
            write_frame(stream, DATA, END_STREAM, id, STATUS)?;
        }
        Response::Body(length) => write_body(stream, id, &vec![b' '; length])?,
    }
    waiting.clear();
    Ok(true)
}

fn write_body(stream: &mut impl ReadWrite, id: u32, body: &[u8]) -> std::io::Result<()> {
    write_header(stream, id, None)?;
    for chunk in body.chunks(16 * 1024) {
        write_frame(stream, DATA, 0, id, chunk)?;
    }
    write_frame(stream, DATA, END_STREAM, id, &[])
}

/// Returns the status 200 and headers `x-trace` of 100 characters: the first adds itself to the dynamic table of RFC
/// 7541, to which the others refer.
fn header_block(count: usize) -> Vec<u8> {
    const STATUS_200: u8 = 0x88;
    const FIRST_OF_DYNAMIC_TABLE: u8 = 0x80 + 62;
    let mut block = [&[STATUS_200, 0x40, 7][..], b"x-trace", &[100], &[b'1'; 100]].concat();
    block.resize(block.len() + count - 1, FIRST_OF_DYNAMIC_TABLE);
    block
}

fn write_half(stream: &mut impl ReadWrite, id: u32) -> std::io::Result<()> {
    write_header(stream, id, Some(STATUS.len()))?;
    write_frame(stream, DATA, 0, id, &STATUS[..STATUS.len() / 2])
}

/// Writes the status 200 and perhaps a length, compressed by the static table of RFC 7541.
fn write_header(stream: &mut impl ReadWrite, id: u32, length: Option<usize>) -> std::io::Result<()> {
    const STATUS_200: u8 = 0x88;
    const CONTENT_LENGTH: [u8; 2] = [0x0f, 0x0d];
    let mut block = vec![STATUS_200];
    if let Some(length) = length.map(|length| length.to_string()) {
        block.extend(CONTENT_LENGTH);
        block.push(u8::try_from(length.len()).unwrap());
        block.extend(length.bytes());
    }
    write_frame(stream, HEADERS, END_HEADERS, id, &block)
}

fn write_frame(stream: &mut impl ReadWrite, kind: u8, flags: u8, id: u32, payload: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let head = [&length[1..], &[kind, flags], &id.to_be_bytes()].concat();
    stream.write_all(&[&head, payload].concat())?;
    stream.flush()
}

trait ReadWrite: Read + Write {}
impl<S: Read + Write> ReadWrite for S {}
