//! What a fault is.

use std::io;
use std::time::Duration;

use serde::Serialize;

use crate::certificates::{Authority, Certificate};
use crate::clock;
use crate::server::{self, Act, Acts, Request};

/// Something that goes wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    /// In a few words.
    pub name: &'static str,
    /// What is done with the service.
    pub task: Task,
    /// The longest that a call may take, in seconds.
    pub timeout: u32,
    /// How many more attempts may follow a failed one.
    pub retries: u32,
    /// How it ends.
    pub expected: Expected,
}

/// What is done with a service that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// One call for a status.
    Status,
    /// Two, one after the other; the second counts.
    StatusTwice,
    /// A wait, without a baseline and without a grace for the start.
    Wait,
    /// One call for a status whose requests are signed.
    StatusSigned,
}

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "ends", rename_all = "snake_case")]
pub enum Expected {
    /// A status with three completed machines is read.
    Read,
    /// The wait ends so.
    Outcome {
        /// The outcome's word.
        outcome: &'static str,
    },
    /// An error.
    Error {
        /// Its kind.
        kind: &'static str,
        /// The HTTP status of the last answer.
        status: Option<u16>,
        /// How many requests were sent.
        attempts: u32,
    },
}

/// Names and values of variables.
pub(crate) type Environment = Vec<(String, String)>;

/// A service that goes wrong.
pub(crate) enum Stage {
    /// What it does with each request.
    Server(Acts),
    /// The same; so many requests after its start it is gone for so long.
    Restarting(Acts, usize, Duration),
    /// A name that nobody knows.
    UnknownHost,
    /// A port that nobody listens on.
    Refusing,
    /// A port whose listener takes no more connections.
    Full,
    /// An encrypted service with a certificate of some kind.
    Encrypted(Certificate),
    /// What it does with each request, while the clock of its clients steps.
    Stepping(fn(&Request<'_>) -> Vec<Act>),
    /// Bytes in reply to the beginning of a handshake.
    NoHandshake(&'static [u8]),
}

impl Stage {
    /// Starts it, and returns its address, a file with the certificates to trust where it has one, and the environment in
    /// which it is to be met.
    ///
    /// # Errors
    /// Where the system has no socket for it.
    pub(crate) fn start(self, authority: &Authority) -> io::Result<(String, Option<String>, Environment)> {
        if let Self::Stepping(acts) = self {
            return clock::start(authority.folder(), acts).map(|(url, environment)| (url, None, environment));
        }
        let (url, ca_file) = self.listen(authority)?;
        Ok((url, ca_file, Environment::new()))
    }

    fn listen(self, authority: &Authority) -> io::Result<(String, Option<String>)> {
        Ok(match self {
            Self::Stepping(acts) => (server::start(Box::new(acts))?, None),
            Self::Server(acts) => (server::start(acts)?, None),
            Self::Restarting(acts, requests, away) => (server::start_restarting(acts, requests, away)?, None),
            Self::UnknownHost => ("https://service.invalid".to_owned(), None),
            Self::Refusing => (server::refusing()?, None),
            Self::Full => (server::full()?, None),
            Self::Encrypted(certificate) => {
                let (url, file) = certificate.serve(authority)?;
                (url, Some(file))
            }
            Self::NoHandshake(bytes) => {
                let url = server::start(Box::new(move |_| vec![Act::Send(bytes.to_vec()), Act::Close]))?;
                (url.replace("http://", "https://"), Some(authority.file()))
            }
        })
    }
}
