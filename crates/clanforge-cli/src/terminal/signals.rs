//! Signals that end a command, with the exit code for each.
//!
//! Every command ends by SIGINT, SIGTERM and SIGHUP, as process 1 too, where the system ends no process by itself. A signal
//! that is ignored when the command starts, as under `nohup`, stays ignored.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use clanforge::ExitCode;

/// How long a command may take to end after a signal: writing to a full pipe that nobody reads blocks forever.
const GRACE: Duration = Duration::from_millis(500);

/// Ends the process by a signal from now on, unless a [`Signals`] receives it.
///
/// # Errors
/// If the system does not let the process handle a signal.
pub(crate) fn end_by_signals() -> io::Result<()> {
    source::end_by_signals()
}

/// The signals of a command that ends by itself, received by a thread until this is dropped.
pub(crate) struct Signals {
    received: mpsc::UnboundedReceiver<ExitCode>,
    is_done: Arc<AtomicBool>,
    source: source::Handle,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        let (mut source, handle) = source::open()?;
        let (sender, received) = mpsc::unbounded_channel();
        let is_done = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&is_done);
        std::thread::Builder::new().name("clanforge-signals".to_owned()).spawn(move || {
            let Some(exit) = source.next() else { return };
            // The receiver is gone if the wait has ended already.
            let _ = sender.send(exit);
            std::thread::sleep(GRACE);
            if !done.load(Ordering::SeqCst) {
                std::process::exit(exit.code().into());
            }
        })?;
        Ok(Self { received, is_done, source: handle })
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
        self.source.close();
    }
}

#[cfg(unix)]
mod source {
    use std::fs;
    use std::io;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, LazyLock, OnceLock};

    use clanforge::ExitCode;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag::register_conditional_shutdown;
    use signal_hook::iterator::{Handle as Iterator, Signals};

    const ENDING: [(i32, ExitCode); 3] =
        [(SIGHUP, ExitCode::HungUp), (SIGINT, ExitCode::Interrupted), (SIGTERM, ExitCode::Terminated)];

    /// Whether a signal ends the process at once.
    static ENDS_AT_ONCE: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| Arc::new(AtomicBool::new(true)));

    /// The signals that end a command: those that were not ignored when the first command started.
    static HANDLED: OnceLock<Vec<(i32, ExitCode)>> = OnceLock::new();

    fn handled() -> &'static [(i32, ExitCode)] {
        HANDLED.get_or_init(|| {
            let ignored = ignored();
            ENDING.into_iter().filter(|(signal, _)| ignored >> (signal - 1) & 1 == 0).collect()
        })
    }

    /// Returns the signals that are ignored, a bit each. Only Linux tells without unsafe code: elsewhere none is.
    fn ignored() -> u64 {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
    }

    pub(super) fn end_by_signals() -> io::Result<()> {
        if HANDLED.get().is_some() {
            return Ok(());
        }
        for (signal, exit) in handled() {
            register_conditional_shutdown(*signal, exit.code().into(), Arc::clone(&ENDS_AT_ONCE))?;
        }
        Ok(())
    }

    pub(super) struct Source(Signals);

    pub(super) struct Handle(Iterator);

    pub(super) fn open() -> io::Result<(Source, Handle)> {
        let signals = Signals::new(handled().iter().map(|(signal, _)| signal))?;
        ENDS_AT_ONCE.store(false, Ordering::SeqCst);
        let handle = signals.handle();
        Ok((Source(signals), Handle(handle)))
    }

    impl Source {
        pub(super) fn next(&mut self) -> Option<ExitCode> {
            let received = self.0.forever().next()?;
            handled().iter().find(|(signal, _)| *signal == received).map(|(_, exit)| *exit)
        }
    }

    impl Handle {
        pub(super) fn close(&self) {
            ENDS_AT_ONCE.store(true, Ordering::SeqCst);
            self.0.close();
        }
    }
}

#[cfg(not(unix))]
mod source {
    use std::io;

    use clanforge::ExitCode;
    use tokio::runtime::Runtime;

    #[allow(clippy::unnecessary_wraps)] // It can fail on Unix.
    pub(super) fn end_by_signals() -> io::Result<()> {
        Ok(())
    }

    pub(super) struct Source(Runtime);

    pub(super) struct Handle;

    pub(super) fn open() -> io::Result<(Source, Handle)> {
        Ok((Source(tokio::runtime::Builder::new_current_thread().enable_all().build()?), Handle))
    }

    impl Source {
        pub(super) fn next(&mut self) -> Option<ExitCode> {
            // Without a handler, the system ends the process.
            self.0.block_on(tokio::signal::ctrl_c()).ok().map(|()| ExitCode::Interrupted)
        }
    }

    impl Handle {
        pub(super) fn close(&self) {}
    }
}
