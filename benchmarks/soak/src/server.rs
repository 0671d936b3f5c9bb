//! The server: answers, faults and rollouts by the image that is asked for, in a process of its own.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::fault::{Fault, machines};
use crate::rollout::Rollout;

/// The account service whose images are read once.
pub(crate) const READINGS: u64 = 1;

/// The account service whose images are waited for.
pub(crate) const WAITS: u64 = 2;

/// Lets what was sent arrive before a reset, which overtakes it otherwise.
const ARRIVAL: Duration = Duration::from_millis(20);

/// A server in a process of its own, stopped when it is dropped.
pub(crate) struct ServerProcess {
    child: Child,
    url: String,
}

impl ServerProcess {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let mut child = Command::new(program).arg("--serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.as_mut().context("it has an output")?;
        let url = BufReader::new(output).lines().map_while(Result::ok).find(|line| line.starts_with("http://"));
        ensure!(url.is_some(), "the server did not start");
        Ok(Self { child, url: url.unwrap_or_default() })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // Where it is gone already there is nothing to stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until standard input ends, as it does when the process that started it is gone.
pub(crate) fn run() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}", listener.local_addr()?);
        let memory = Arc::new(Mutex::new(Memory::default()));
        let (mut input, mut nothing) = (tokio::io::stdin(), [0]);
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    let memory = Arc::clone(&memory);
                    // A client that goes away ends its connection, and nothing else.
                    tokio::spawn(async move { serve(accepted?.0, &memory).await });
                }
                _ = input.read(&mut nothing) => return Ok(()),
            }
        }
    })
}

/// What the server remembers between requests.
#[derive(Default)]
struct Memory {
    /// Images whose first attempt went wrong, and whose second is to come.
    spoiled: HashSet<u64>,
    /// How often each image that is waited for was asked for.
    requests: HashMap<u64, u64>,
}

async fn serve(mut stream: TcpStream, memory: &Mutex<Memory>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut arrived = Vec::new();
    let mut closes_on_next = false;
    loop {
        let Some((account_service_id, image_id)) = next_request(&mut stream, &mut arrived).await? else {
            return Ok(());
        };
        if closes_on_next {
            return Ok(());
        }
        if account_service_id == WAITS {
            let request = {
                let mut memory = lock(memory);
                let requests = memory.requests.entry(image_id).or_default();
                std::mem::replace(requests, *requests + 1)
            };
            let (status, machines) = Rollout::of(image_id).answer(request);
            stream.write_all(&answer(status, "", &body(machines))).await?;
            continue;
        }
        let fault = Fault::of(image_id);
        let body = body(machines(image_id));
        let proper = answer(200, "", &body);
        match if is_spoiled(fault, image_id, memory) { fault } else { Fault::None } {
            Fault::None => stream.write_all(&proper).await?,
            Fault::Unavailable => stream.write_all(&answer(503, "", "")).await?,
            Fault::RateLimited => stream.write_all(&answer(429, "Retry-After: 0\r\n", "")).await?,
            Fault::Reset => return stream.set_zero_linger(),
            Fault::ResetWithinBody => {
                stream.write_all(&proper[..proper.len() - body.len() / 2]).await?;
                tokio::time::sleep(ARRIVAL).await;
                return stream.set_zero_linger();
            }
            Fault::ClosedWithinBody => return stream.write_all(&proper[..proper.len() - body.len() / 2]).await,
            Fault::Slow => {
                for piece in proper.chunks(8) {
                    stream.write_all(piece).await?;
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
            Fault::ClosedWhenIdle => return stream.write_all(&proper).await,
            Fault::ClosedOnReuse => {
                stream.write_all(&proper).await?;
                closes_on_next = true;
            }
            Fault::Truncated => stream.write_all(&answer(200, "", &body[..body.len() / 2])).await?,
            Fault::Malformed => stream.write_all(&answer(200, "", &body.replace('"', "'"))).await?,
            Fault::Refused => {
                let refusal = r#"{"success": false, "error": true, "error_message": "locked"}"#;
                stream.write_all(&answer(200, "", refusal)).await?;
            }
            Fault::Absent => stream.write_all(&answer(404, "", "")).await?,
            Fault::Redirected => stream.write_all(&answer(302, "Location: http://127.0.0.1/\r\n", "")).await?,
            Fault::Broken => stream.write_all(&answer(500, "", "")).await?,
            // Until the client is gone.
            Fault::Silent | Fault::Abandoned => while stream.read(&mut [0; 64]).await? > 0 {},
        }
    }
}

/// Returns whether this attempt goes wrong: of what a second one mends, every second does.
fn is_spoiled(fault: Fault, image_id: u64, memory: &Mutex<Memory>) -> bool {
    if !fault.is_mended() {
        return true;
    }
    let mut memory = lock(memory);
    let is_first = memory.spoiled.insert(image_id);
    if !is_first {
        memory.spoiled.remove(&image_id);
    }
    is_first
}

/// Returns the account service and the image that the next request asks for; `None` where the client is done.
async fn next_request(stream: &mut TcpStream, arrived: &mut Vec<u8>) -> io::Result<Option<(u64, u64)>> {
    loop {
        if let Some(end) = arrived.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&arrived[..end]).into_owned();
            arrived.drain(..end + 4);
            // GET /cfp/v2/project/1/image/2/status HTTP/1.1
            let mut parts = head.split('/');
            let mut number = |place| parts.nth(place).and_then(|part: &str| part.parse().ok());
            return match (number(4), number(1)) {
                (Some(account_service_id), Some(image_id)) => Ok(Some((account_service_id, image_id))),
                _ => Err(io::Error::other(format!("no request for a status: {head}"))),
            };
        }
        if stream.read_buf(arrived).await? == 0 {
            return Ok(None);
        }
    }
}

fn body([pending, failed, completed]: [u64; 3]) -> String {
    format!(r#"{{"pending_machines": {pending}, "failed_machines": {failed}, "completed_machines": {completed}}}"#)
}

fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let framing = "Content-Type: application/json\r\nContent-Length: ";
    format!("HTTP/1.1 {status} As the image says\r\n{headers}{framing}{length}\r\n\r\n{body}").into_bytes()
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
