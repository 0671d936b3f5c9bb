//! Why a command could not do what it was asked to do.

use std::fmt;
use std::io;

use clanforge::{Error, ErrorKind};
use clanforge_simulator::StartError;

use crate::exit::Exit;

/// An error that ends a command: its exit code, and the message for standard error.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Usage, message: message.to_string() }
    }

    pub(crate) fn internal(message: &str) -> Self {
        Self { exit: Exit::of_error(ErrorKind::Internal), message: message.to_owned() }
    }

    /// Returns the failure to do something with the operating system: `action` completes "could not".
    pub(crate) fn system(action: impl fmt::Display, error: &io::Error) -> Self {
        Self { exit: Exit::Unreachable, message: format!("could not {action}: {error}") }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { exit: Exit::of_error(error.kind()), message: error.to_string() }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::usage(error)
    }
}
