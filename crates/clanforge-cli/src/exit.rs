//! How a command ends.

use std::process::ExitCode;

use clanforge::monitor::OutcomeKind;
use clanforge::{ErrorKind, ImageStatus, Readiness, Verdict};

/// How a command ended. Scripts decide by the number; the numbers never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Ready; for `status`: read.
    Ready = 0,
    /// More machines failed than are allowed.
    Failed = 1,
    /// The command or the configuration is wrong.
    Usage = 2,
    /// No progress for too long.
    Stalled = 3,
    /// The service refuses the credentials (401 or 403).
    Unauthorized = 4,
    /// The service cannot be reached or read, knows no such image, or fails in any other way.
    Unreachable = 5,
    /// The rollout did not start, or there are no machines.
    NotStarted = 6,
    /// `check`: not ready yet.
    NotReady = 8,
    /// Not ready in time.
    TimedOut = 124,
    /// Interrupted (SIGINT).
    Interrupted = 130,
    /// Terminated (SIGTERM).
    Terminated = 143,
}

impl Exit {
    /// Every way to end, in the order of its number.
    pub const ALL: [Self; 11] = [
        Self::Ready,
        Self::Failed,
        Self::Usage,
        Self::Stalled,
        Self::Unauthorized,
        Self::Unreachable,
        Self::NotStarted,
        Self::NotReady,
        Self::TimedOut,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// Returns the exit code.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Returns what the exit code means, as the help and the README say it.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Ready => "ready (for `status`: read)",
            Self::Failed => "failed: more failed machines than allowed",
            Self::Usage => "usage or configuration",
            Self::Stalled => "stalled",
            Self::Unauthorized => "401 or 403",
            Self::Unreachable => "unreachable, unreadable, not found, or any other error of the service",
            Self::NotStarted => "not started, or empty",
            Self::NotReady => "`check`: not ready yet",
            Self::TimedOut => "timed out",
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
        }
    }

    /// Returns how `wait` ends with this outcome.
    pub(crate) const fn of_outcome(kind: OutcomeKind) -> Self {
        match kind {
            OutcomeKind::Ready => Self::Ready,
            OutcomeKind::Failed => Self::Failed,
            OutcomeKind::Stalled => Self::Stalled,
            OutcomeKind::TimedOut => Self::TimedOut,
            OutcomeKind::NotStarted => Self::NotStarted,
            OutcomeKind::Unreachable => Self::Unreachable,
        }
    }

    /// Returns how a command ends with an error of this kind.
    pub(crate) const fn of_error(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Configuration => Self::Usage,
            ErrorKind::Authentication | ErrorKind::PermissionDenied => Self::Unauthorized,
            ErrorKind::NotFound
            | ErrorKind::RateLimited
            | ErrorKind::Server
            | ErrorKind::Api
            | ErrorKind::Redirect
            | ErrorKind::Connection
            | ErrorKind::Timeout
            | ErrorKind::Decode
            | ErrorKind::Internal => Self::Unreachable,
        }
    }

    /// Returns how `check` ends with this verdict on this status.
    pub(crate) fn of_verdict(verdict: &Verdict, status: &ImageStatus) -> Self {
        if verdict.is_ready() {
            Self::Ready
        } else if verdict.is_short_of(clanforge::CountName::Failed) {
            Self::Failed
        } else if verdict.is_empty() || status.readiness() == Readiness::Empty {
            Self::NotStarted
        } else {
            Self::NotReady
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
