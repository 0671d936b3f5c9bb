//! Signals that end a wait.

use std::io;

use crate::exit::Exit;

/// Interrupts and requests to end, from when on they are listened for.
pub(crate) struct Signals {
    #[cfg(unix)]
    terminated: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupted: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    pub(crate) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self { terminated: signal(SignalKind::terminate())?, interrupted: signal(SignalKind::interrupt())? })
    }

    #[cfg(not(unix))]
    #[allow(clippy::unnecessary_wraps)] // It can fail elsewhere.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Returns how a command ends that a signal ends.
    #[cfg(unix)]
    pub(crate) async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.terminated.recv() => Exit::Terminated,
            _ = self.interrupted.recv() => Exit::Interrupted,
        }
    }

    /// Returns how a command ends that an interrupt ends.
    #[cfg(not(unix))]
    pub(crate) async fn next(&mut self) -> Exit {
        // Where it cannot be listened for, the system ends the process by itself.
        match tokio::signal::ctrl_c().await {
            Ok(()) => Exit::Interrupted,
            Err(_) => std::future::pending().await,
        }
    }
}
