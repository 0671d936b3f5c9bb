//! Why a command could not do what it was asked to do.

use std::fmt;
use std::io;

use clanforge::{Error, ErrorKind, ErrorReport, ImageRef};
use clanforge_simulator::StartError;
use clap::{Args, Command};

use crate::options::generated::{CallOptions, ConnectionOptions};
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
        let message = error.to_string();
        let message = if error.kind() == ErrorKind::Configuration { with_options(&message) } else { message };
        Self { exit: error.kind().exit_code(), message }
    }
}

impl From<ErrorReport> for Failure {
    fn from(error: ErrorReport) -> Self {
        Self { exit: error.kind.exit_code(), message: error.message }
    }
}

/// Returns a message of the client with the names of the command's options: `--allow-http` instead of `allow_http`.
fn with_options(message: &str) -> String {
    let command = CallOptions::augment_args(ConnectionOptions::augment_args(Command::new("clanforge")));
    let words = message.split_inclusive([' ', '`']).map(|part| {
        let word = part.trim_end_matches([' ', '`']);
        // A name of one word may be an ordinary word.
        let argument = command.get_arguments().find(|argument| word.contains('_') && argument.get_id() == word);
        match argument.and_then(|argument| argument.get_long()) {
            Some(option) => format!("--{option}{}", &part[word.len()..]),
            None => part.to_owned(),
        }
    });
    words.collect()
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self { exit: error.kind().exit_code(), message: error.to_string() }
    }
}
