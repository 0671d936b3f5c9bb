//! Runs the command that starts a rollout.

use std::ffi::OsString;
use std::fmt;
use std::process::{Command, ExitStatus};

use clanforge::ExitCode;

use crate::terminal::signals;

/// How the command ended.
pub(crate) enum Ended {
    Exited(ExitStatus),
    NotStarted(std::io::Error),
}

/// Runs the command with the standard streams of this process, and returns how it ended, and the signal that this process
/// received meanwhile.
pub(crate) fn run(command: &[OsString]) -> (Ended, Option<ExitCode>) {
    let Some((program, arguments)) = command.split_first() else {
        return (Ended::NotStarted(std::io::ErrorKind::InvalidInput.into()), None);
    };
    match signals::run_forwarding(Command::new(program).args(arguments)) {
        Ok((status, signal)) => (Ended::Exited(status), signal),
        Err(error) => (Ended::NotStarted(error), None),
    }
}

impl Ended {
    pub(crate) fn is_success(&self) -> bool {
        matches!(self, Self::Exited(status) if status.success())
    }

    /// Returns the exit code as a shell reports it: 127 for a command that could not be started, and 128 and the number
    /// of the signal for one that a signal ended.
    pub(crate) fn code(&self) -> i32 {
        match self {
            Self::Exited(status) => status.code().unwrap_or_else(|| 128 + signal(*status).unwrap_or_default()),
            Self::NotStarted(_) => 127,
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(status) => match (status.code(), signal(*status)) {
                (Some(code), _) => write!(f, "the command exited with code {code}"),
                (None, Some(signal)) => write!(f, "signal {signal} ended the command"),
                (None, None) => f.write_str("the command ended without an exit code"),
            },
            Self::NotStarted(error) => write!(f, "the command could not be started: {error}"),
        }
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
const fn signal(_: ExitStatus) -> Option<i32> {
    None
}
