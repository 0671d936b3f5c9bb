//! Signals that end a wait.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use clanforge::ExitCode;

/// How long a command may take to end after a signal: writing to a full pipe that nobody reads blocks forever.
const GRACE: Duration = Duration::from_millis(500);

/// SIGINT and SIGTERM, received by a thread of their own until this is dropped.
pub(crate) struct Signals {
    received: mpsc::UnboundedReceiver<ExitCode>,
    is_done: Arc<AtomicBool>,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut source = {
            let _context = runtime.enter();
            Source::open()?
        };
        let (sender, received) = mpsc::unbounded_channel();
        let is_done = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&is_done);
        std::thread::Builder::new().name("clanforge-signals".to_owned()).spawn(move || {
            let exit = runtime.block_on(source.next());
            // The receiver is gone if the wait has ended already.
            let _ = sender.send(exit);
            std::thread::sleep(GRACE);
            if !done.load(Ordering::SeqCst) {
                std::process::exit(exit.code().into());
            }
        })?;
        Ok(Self { received, is_done })
    }

    /// Waits for a signal, and returns the exit code of the command that it ends.
    pub(crate) async fn next(&mut self) -> ExitCode {
        match self.received.recv().await {
            Some(exit) => exit,
            // The thread is gone, so no signal can arrive.
            None => std::future::pending().await,
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.is_done.store(true, Ordering::SeqCst);
    }
}

#[cfg(unix)]
struct Source {
    terminated: tokio::signal::unix::Signal,
    interrupted: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Source {
    fn open() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self { terminated: signal(SignalKind::terminate())?, interrupted: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) -> ExitCode {
        tokio::select! {
            _ = self.terminated.recv() => ExitCode::Terminated,
            _ = self.interrupted.recv() => ExitCode::Interrupted,
        }
    }
}

#[cfg(not(unix))]
struct Source;

#[cfg(not(unix))]
impl Source {
    #[allow(clippy::unnecessary_wraps)] // It can fail on Unix.
    fn open() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> ExitCode {
        match tokio::signal::ctrl_c().await {
            Ok(()) => ExitCode::Interrupted,
            // Without a handler, the system ends the process.
            Err(_) => std::future::pending().await,
        }
    }
}
