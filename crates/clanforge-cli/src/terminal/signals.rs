//! Signals that end a command, with the exit code for each.
//!
//! SIGINT, SIGTERM and SIGHUP end every command, even as process 1, which the system does not end by default. A signal
//! that is ignored when the command starts, as under `nohup`, stays ignored.

use std::io;
use std::process::{Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use clanforge::ExitCode;

/// How long a command may take to end after a signal: writing to a full pipe that nobody reads blocks forever.
const GRACE: Duration = Duration::from_millis(500);

/// Makes signals end the process from now on, unless a [`Signals`] receives them.
///
/// # Errors
/// If the system does not let the process handle a signal.
pub(crate) fn end_by_signals() -> io::Result<()> {
    source::end_by_signals()
}

/// Runs a child to its end, and returns how it ended, and the first signal that this process received meanwhile. Each signal
/// reaches the child once: it is forwarded, unless the terminal that both share has sent it to the child as well.
///
/// # Errors
/// If the child could not be started, or signals could not be received.
pub(crate) fn run_forwarding(command: &mut Command) -> io::Result<(ExitStatus, Option<ExitCode>)> {
    source::run_forwarding(command)
}

/// The signals of a command that reacts to them itself, received by a thread until this is dropped.
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
    use std::io::{self, IsTerminal};
    use std::os::fd::AsFd;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command, ExitStatus, Stdio};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, LazyLock, OnceLock};

    use clanforge::ExitCode;
    use rustix::process::{Pid, Signal, kill_process, kill_process_group};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag::register_conditional_shutdown;
    use signal_hook::iterator::exfiltrator::WithOrigin;
    use signal_hook::iterator::{Handle as Iterator, Signals, SignalsInfo};
    use signal_hook::low_level::siginfo::Cause;

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

    /// Returns the signals that are ignored, one bit for each. Only Linux tells it without unsafe code: elsewhere none
    /// is reported.
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

    pub(super) fn run_forwarding(command: &mut Command) -> io::Result<(ExitStatus, Option<ExitCode>)> {
        // A child that reads from the terminal stays in the group that the terminal sends its signals to. Any other gets a group
        // of its own, so that a signal for the whole group of this process does not reach it twice.
        let shares_terminal = io::stdin().is_terminal();
        if !shares_terminal {
            command.process_group(0);
        }
        // Node marks its standard streams to be closed in a child, which inherits copies all the same.
        command.stdin(copy(io::stdin())).stdout(copy(io::stdout())).stderr(copy(io::stderr()));
        let signals = SignalsInfo::<WithOrigin>::new(handled().iter().map(|(signal, _)| signal))?;
        let handle = Handle(signals.handle());
        ENDS_AT_ONCE.store(false, Ordering::SeqCst);
        let ended = command.spawn().and_then(|child| wait_forwarding(child, signals, &handle, shares_terminal));
        handle.close();
        ended
    }

    fn copy(stream: impl AsFd) -> Stdio {
        stream.as_fd().try_clone_to_owned().map_or_else(|_| Stdio::inherit(), Stdio::from)
    }

    fn wait_forwarding(
        mut child: Child,
        mut signals: SignalsInfo<WithOrigin>,
        handle: &Handle,
        shares_terminal: bool,
    ) -> io::Result<(ExitStatus, Option<ExitCode>)> {
        let pid = Pid::from_child(&child);
        let forward = move || {
            let mut first = None;
            for origin in signals.forever() {
                let received = handled().iter().find(|(signal, _)| *signal == origin.signal);
                first = first.or(received.map(|(_, exit)| *exit));
                let is_sent = matches!(origin.cause, Cause::Sent(_));
                let signal = match origin.signal {
                    SIGHUP => Signal::HUP,
                    SIGINT => Signal::INT,
                    _ => Signal::TERM,
                };
                // A child that has just ended receives nothing.
                let _ = match shares_terminal {
                    true if is_sent => kill_process(pid, signal),
                    true => Ok(()),
                    false => kill_process_group(pid, signal),
                };
            }
            first
        };
        let forwarder = std::thread::Builder::new().name("clanforge-signals".to_owned()).spawn(forward);
        let status = match &forwarder {
            Ok(_) => child.wait(),
            Err(_) => child.kill().and_then(|()| child.wait()),
        };
        handle.0.close();
        let first = forwarder?.join().unwrap_or_default();
        Ok((status?, first))
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
    use std::process::{Command, ExitStatus};

    use clanforge::ExitCode;
    use tokio::runtime::Runtime;

    #[allow(clippy::unnecessary_wraps)] // It can fail on Unix.
    pub(super) fn end_by_signals() -> io::Result<()> {
        Ok(())
    }

    pub(super) fn run_forwarding(command: &mut Command) -> io::Result<(ExitStatus, Option<ExitCode>)> {
        // The console sends its signals to both.
        Ok((command.status()?, None))
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
