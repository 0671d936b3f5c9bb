//! How a command ends, as a number that scripts decide by.

/// The exit code of a command. The numbers never change their meaning.
///
/// What leads to each is in [`ErrorKind::exit_code`](crate::ErrorKind::exit_code),
/// [`OutcomeKind::exit_code`](crate::monitor::OutcomeKind::exit_code) and [`Verdict::exit_code`](crate::Verdict::exit_code).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum ExitCode {
    /// Ready; for `status`: the status was read.
    Ready = 0,
    /// More machines failed than the gate allows.
    Failed = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// No progress for too long.
    Stalled = 3,
    /// The service rejected the credentials (401 or 403).
    Unauthorized = 4,
    /// The service cannot be reached or read, has no such image, or fails in any other way. Also a defect of this library.
    Unreachable = 5,
    /// The rollout did not start, or there are no machines.
    NotStarted = 6,
    /// The command that starts the rollout failed, or its result is unknown.
    DeployFailed = 7,
    /// Not ready yet: after the one reading of `check` or `wait --once`, or at the end of the recording of `replay`. For
    /// `rollout`, another rollout is running.
    NotReady = 8,
    /// A local error: a disk that is full, a file that cannot be written, no threads. An outcome that
    /// cannot be written keeps its own exit code.
    LocalError = 9,
    /// Not ready in time.
    TimedOut = 124,
    /// Hung up (SIGHUP).
    HungUp = 129,
    /// Interrupted (SIGINT).
    Interrupted = 130,
    /// Terminated (SIGTERM).
    Terminated = 143,
}

impl ExitCode {
    /// Every exit code, in ascending order.
    pub const ALL: [Self; 14] = [
        Self::Ready,
        Self::Failed,
        Self::Usage,
        Self::Stalled,
        Self::Unauthorized,
        Self::Unreachable,
        Self::NotStarted,
        Self::DeployFailed,
        Self::NotReady,
        Self::LocalError,
        Self::TimedOut,
        Self::HungUp,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// Which of several exit codes a command has: the first of these that occurs. Signals come first.
    const PRECEDENCE: [Self; 14] = [
        Self::HungUp,
        Self::Interrupted,
        Self::Terminated,
        Self::Usage,
        Self::Unauthorized,
        Self::LocalError,
        Self::Unreachable,
        Self::DeployFailed,
        Self::Failed,
        Self::Stalled,
        Self::NotStarted,
        Self::TimedOut,
        Self::NotReady,
        Self::Ready,
    ];

    /// Returns the exit code of a command for several images, of which each has one. Without any it is
    /// [`NotReady`](Self::NotReady).
    pub fn first(codes: impl IntoIterator<Item = Self>) -> Self {
        let rank = |code: &Self| Self::PRECEDENCE.iter().position(|other| other == code);
        codes.into_iter().min_by_key(rank).unwrap_or(Self::NotReady)
    }

    /// Returns the number.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Returns what the number means, in the words of the help and the pages.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Ready => "ready; `status`: the status was read",
            Self::Failed => "failed: more failed machines than allowed",
            Self::Usage => "usage or configuration",
            Self::Stalled => "stalled",
            Self::Unauthorized => "401 or 403",
            Self::Unreachable => "unreachable, unreadable, not found, any other error of the service, or a bug",
            Self::NotStarted => "not started, or empty",
            Self::DeployFailed => "`rollout`: the command that starts the rollout failed, or its result is unknown",
            Self::NotReady => "`check`, `wait --once`, `replay`: not ready yet; `rollout`: another rollout is running",
            Self::LocalError => "local error: disk, file, threads",
            Self::TimedOut => "timed out",
            Self::HungUp => "hung up",
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(exit: ExitCode) -> Self {
        exit.code().into()
    }
}

/// Adds the exit code that the command has for each word of an enumeration.
#[cfg(feature = "schema")]
pub(crate) fn add_to_schema<T: Copy + ToString>(
    schema: &mut schemars::Schema,
    values: &[T],
    code: impl Fn(T) -> ExitCode,
) {
    for word in schema.get_mut("oneOf").and_then(serde_json::Value::as_array_mut).into_iter().flatten() {
        if let Some(value) = values.iter().find(|value| word["const"] == value.to_string()) {
            word["x-exit-code"] = code(*value).code().into();
        }
    }
}
