//! What a fault is.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde::Serialize;

use crate::certificates::{Authority, Certificate};
use crate::server::{self, Action, Request, Script};
use crate::{address, clock};

/// Something that goes wrong between a client and the service.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    /// What goes wrong, in a few words.
    pub name: &'static str,
    /// What the client does.
    pub task: Task,
    /// The deadline of a call, in seconds.
    pub timeout: u32,
    /// How many retries a call has.
    pub retries: u32,
    /// How it must end.
    pub expected: Expected,
}

/// What the client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// One call for a status.
    Status,
    /// Two calls, one after the other; the second counts.
    StatusTwice,
    /// A wait, without a baseline and without a grace for the start.
    Wait,
    /// One call for a status, with signed requests.
    StatusSigned,
}

/// How a task must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "ends", rename_all = "snake_case")]
pub enum Expected {
    /// With a status that has three completed machines.
    Read,
    /// With an outcome of the wait.
    Outcome {
        /// The outcome's name.
        outcome: &'static str,
    },
    /// With an error.
    Error {
        /// Its kind.
        kind: &'static str,
        /// The HTTP status of the last response.
        status: Option<u16>,
        /// How many requests were sent.
        attempts: u32,
    },
}

/// Names and values of environment variables.
pub(crate) type Environment = Vec<(String, String)>;

/// How a fault is set up.
pub(crate) enum Setup {
    /// A server with this script.
    Server(Script),
    /// A server with this script, which goes away after a number of requests, for a time.
    Restarting(Script, u64, Duration),
    /// A server with this script, while the system clock of its clients jumps.
    JumpingClock(fn(Request<'_>) -> Vec<Action>),
    /// A host name that does not resolve.
    UnknownHost,
    /// A port that refuses connections.
    Refusing,
    /// A port that accepts no connection.
    Full,
    /// A server over TLS with this certificate.
    Tls(Certificate),
    /// A server that responds to a TLS handshake with these bytes.
    BrokenHandshake(&'static [u8]),
}

/// Where a fault is met.
pub(crate) struct Address {
    pub(crate) base_url: String,
    /// A file with the certificates to trust, if the server has one.
    pub(crate) ca_file: Option<String>,
    pub(crate) environment: Environment,
}

impl Setup {
    /// Starts what it takes, and returns where the fault is met.
    ///
    /// # Errors
    /// If the system has no socket for it.
    pub(crate) fn start(self, authority: &Authority) -> io::Result<Address> {
        Ok(match self {
            Self::Server(script) => Address::http(server::start(script)?),
            Self::Restarting(script, requests, away) => Address::http(address::restarting(script, requests, away)?),
            Self::JumpingClock(script) => {
                let (address, environment) = clock::start(authority.folder(), script)?;
                Address { environment, ..Address::http(address) }
            }
            Self::UnknownHost => Address::new("https://service.invalid".to_owned(), None),
            Self::Refusing => Address::http(address::refusing()?),
            Self::Full => Address::http(address::full()?),
            Self::Tls(certificate) => {
                let (url, file) = certificate.serve(authority)?;
                Address::new(url, Some(file))
            }
            Self::BrokenHandshake(bytes) => {
                let address = server::start(move |_| vec![Action::Send(bytes.to_vec()), Action::Close])?;
                Address::new(format!("https://{address}"), Some(authority.file()))
            }
        })
    }
}

impl Address {
    const fn new(base_url: String, ca_file: Option<String>) -> Self {
        Self { base_url, ca_file, environment: Environment::new() }
    }

    fn http(address: SocketAddr) -> Self {
        Self::new(format!("http://{address}"), None)
    }
}
