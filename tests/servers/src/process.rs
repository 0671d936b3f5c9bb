//! A server's process.

use std::fs::{self, File};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::bail;

const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);

/// A server that runs until this is dropped.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a server, and waits until it takes connections on all of its ports.
    ///
    /// # Errors
    /// Where it ends before or takes too long, with what it wrote.
    pub(crate) fn start(command: &mut Command, log: &Path, ports: &[u16]) -> anyhow::Result<Self> {
        let output = File::create(log)?;
        let child = command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).spawn()?;
        let mut process = Self { child, log: log.to_owned() };
        let started = Instant::now();
        for port in ports {
            while TcpStream::connect(("127.0.0.1", *port)).is_err() {
                let ended = process.child.try_wait()?;
                if ended.is_some() || started.elapsed() > PATIENCE {
                    let wrote = fs::read_to_string(&process.log).unwrap_or_default();
                    bail!("{command:?} does not listen on port {port}: {wrote}");
                }
                sleep(PAUSE);
            }
        }
        Ok(process)
    }
}

impl Drop for Process {
    /// Lets the server end by itself, so that it takes its helpers and its shared memory with it.
    fn drop(&mut self) {
        let _ = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.child.id())).status();
        let started = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && started.elapsed() < PATIENCE {
            sleep(PAUSE);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
