//! How a command ends.

use std::fmt;
use std::io;

use clanforge::{Error, ErrorKind};
use clanforge_simulator::StartError;

pub use clanforge::ExitCode as Exit;

/// Why a command could not do what it was asked for.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Usage, message: message.to_string() }
    }
}

impl Failure {
    pub(crate) fn internal(message: &str) -> Self {
        Self { exit: ErrorKind::Internal.exit_code(), message: message.to_owned() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { exit: error.kind().exit_code(), message: error.to_string() }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::usage(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self { exit: Exit::Unreachable, message: format!("the system refuses: {error}") }
    }
}
