//! A server's process.

use std::fs::{self, File};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::bail;

/// How long a server may take to start, and to end.
const LIMIT: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// A running server, stopped when this is dropped.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a server, and waits until it accepts connections on all of its ports.
    ///
    /// # Errors
    /// If it ends before that or takes too long, with what it printed.
    pub(crate) fn start(command: &mut Command, log: &Path, ports: &[u16]) -> anyhow::Result<Self> {
        let output = File::create(log)?;
        let child = command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).spawn()?;
        let mut process = Self { child, log: log.to_owned() };
        let started = Instant::now();
        for port in ports {
            while TcpStream::connect(("127.0.0.1", *port)).is_err() {
                let ended = process.child.try_wait()?;
                if ended.is_some() || started.elapsed() > LIMIT {
                    let printed = fs::read_to_string(&process.log).unwrap_or_default();
                    bail!("{command:?} does not listen on port {port}: {printed}");
                }
                sleep(POLL_INTERVAL);
            }
        }
        Ok(process)
    }
}

impl Drop for Process {
    /// Asks the server to end, so that it cleans up its helpers and its shared memory.
    fn drop(&mut self) {
        let _ = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.child.id())).status();
        let started = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && started.elapsed() < LIMIT {
            sleep(POLL_INTERVAL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
