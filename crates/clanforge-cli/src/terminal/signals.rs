//! Signals that end a wait.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::exit::Exit;

/// How long a command that was told to end has for its last words: a full pipe that nobody reads holds it up for ever.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Interrupts and requests to end, listened for by a thread of its own for as long as this lives.
pub(crate) struct Signals {
    received: mpsc::UnboundedReceiver<Exit>,
    is_over: Arc<AtomicBool>,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut source = {
            let _context = runtime.enter();
            Source::open()?
        };
        let (tell, received) = mpsc::unbounded_channel();
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        std::thread::Builder::new().name("clanforge-signals".to_owned()).spawn(move || {
            let exit = runtime.block_on(source.next());
            // Where the wait has ended already nobody listens.
            let _ = tell.send(exit);
            std::thread::sleep(LAST_WORDS);
            if !over.load(Ordering::SeqCst) {
                std::process::exit(exit.code().into());
            }
        })?;
        Ok(Self { received, is_over })
    }

    /// Returns how a command ends that a signal ends.
    pub(crate) async fn next(&mut self) -> Exit {
        match self.received.recv().await {
            Some(exit) => exit,
            // Without a thread that listens there will be none.
            None => std::future::pending().await,
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
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

    async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.terminated.recv() => Exit::Terminated,
            _ = self.interrupted.recv() => Exit::Interrupted,
        }
    }
}

#[cfg(not(unix))]
struct Source;

#[cfg(not(unix))]
impl Source {
    #[allow(clippy::unnecessary_wraps)] // It can fail elsewhere.
    fn open() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Exit {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Exit::Interrupted,
            // Where it cannot be listened for, the system ends the process by itself.
            Err(_) => std::future::pending().await,
        }
    }
}
