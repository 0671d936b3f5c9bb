//! Why a command could not do what it was asked to do.

use std::fmt;
use std::io;

use clanforge::{Error, ErrorKind, ErrorReport, ImageRef};
use clanforge_simulator::StartError;

use crate::options::image::label;
use clanforge::ExitCode;

/// An error that ends a command: its exit code, and the message for standard error.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: ExitCode,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self { exit: ExitCode::Usage, message: message.to_string() }
    }

    pub(crate) fn internal(message: &str) -> Self {
        Self { exit: ErrorKind::Internal.exit_code(), message: message.to_owned() }
    }

    /// Returns the failure with the names of options as the command has them.
    pub(crate) fn with_flags(self) -> Self {
        let message =
            self.message.replace("assume_deployed", "--assume-deployed").replace("allow_busy", "--allow-busy");
        Self { message, ..self }
    }

    /// Returns the failure with the name of the image that it is about, which the message need not have.
    pub(crate) fn of_image(self, image: ImageRef) -> Self {
        Self { message: format!("{}: {}", label(image), self.message), ..self }
    }

    /// Returns the failure to do something with the operating system: `action` completes "could not".
    pub(crate) fn system(action: impl fmt::Display, error: &io::Error) -> Self {
        Self { exit: ExitCode::LocalError, message: format!("could not {action}: {error}") }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { exit: error.kind().exit_code(), message: error.to_string() }
    }
}

impl From<ErrorReport> for Failure {
    fn from(error: ErrorReport) -> Self {
        Self { exit: error.kind.exit_code(), message: error.message }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self { exit: error.kind().exit_code(), message: error.to_string() }
    }
}
