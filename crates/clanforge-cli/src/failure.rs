//! Why a command could not do what it was asked to do.

use std::fmt;
use std::io;

use clanforge::core::documents::FailureDocument;
use clanforge::{Error, ErrorKind, ErrorReport, ImageRef};
use clanforge_simulator::StartError;
use clap::{Args, Command};

use crate::options::generated::{CallOptions, ConnectionOptions};
use crate::options::image::label;
use clanforge::ExitCode;

/// An error that ends a command: its exit code, and what is known of it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: ExitCode,
    error: Box<ErrorReport>,
}

impl Failure {
    fn new(kind: ErrorKind, message: impl fmt::Display) -> Self {
        ErrorReport::new(kind, message.to_string()).into()
    }

    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    pub(crate) fn internal(message: &str) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    /// Returns the failure of the command that starts a rollout.
    pub(crate) fn deploy(message: &str) -> Self {
        Self::new(ErrorKind::Deploy, message)
    }

    /// Returns the failure to do something with the operating system: `action` completes "could not".
    pub(crate) fn system(action: impl fmt::Display, error: &io::Error) -> Self {
        Self::new(ErrorKind::Local, format_args!("could not {action}: {error}"))
    }

    /// Returns the failure with the names of options as the command has them.
    pub(crate) fn with_flags(self) -> Self {
        self.map(|text| text.replace("assume_deployed", "--assume-deployed").replace("allow_busy", "--allow-busy"))
    }

    /// Returns the failure with the name of the image that it is about, for messages that may lack it.
    pub(crate) fn of_image(self, image: ImageRef) -> Self {
        self.map(|text| format!("{}: {text}", label(image)))
    }

    /// Returns the failure with one more clause after its message.
    pub(crate) fn followed_by(self, sentence: &str) -> Self {
        self.map(|text| format!("{text}; {sentence}"))
    }

    /// Returns the message for standard error.
    pub(crate) fn message(&self) -> &str {
        &self.error.message
    }

    /// Returns the failure as it is printed as data.
    pub(crate) fn document(&self) -> FailureDocument<'_> {
        FailureDocument::new(&self.error, self.exit)
    }

    fn map(mut self, change: impl FnOnce(&str) -> String) -> Self {
        self.error.message = change(&self.error.message);
        self
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let is_of_options = error.kind() == ErrorKind::Configuration;
        let failure = Self::from(error.into_report());
        if is_of_options { failure.map(with_options) } else { failure }
    }
}

impl From<ErrorReport> for Failure {
    fn from(error: ErrorReport) -> Self {
        Self { exit: error.kind.exit_code(), error: Box::new(error) }
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
        Self::new(error.kind(), error)
    }
}
