//! What a fault is.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use rustls::{ServerConfig, SupportedProtocolVersion};
use serde::{Deserialize, Serialize};

use crate::certificates::{Authority, Certificate};
use crate::response::{STATUS, http2_response, response};
use crate::server::{self, Action, Request, Script};
use crate::{address, clock, committed, names};

/// Something that goes wrong between a client and the service.
#[derive(Clone, Debug, Deserialize, Serialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// One call for a status.
    Status,
    /// Two calls, one after the other; the second counts.
    StatusTwice,
    /// A wait, without a baseline and without a start grace.
    Wait,
    /// One call for a status, with signed requests.
    StatusSigned,
}

/// How a task must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
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
        /// How many attempts were made.
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
    /// A server that responds with a status, and whose host name takes this many seconds to resolve.
    SlowName(u32),
    /// A host name whose resolution does not end.
    EndlessName,
    /// A proxy with this script.
    Proxy(Script),
    /// A port that refuses connections.
    Refusing,
    /// A port that accepts no connection.
    Full,
    /// A server over TLS with this certificate.
    Tls(Certificate),
    /// A server over this version of TLS with a certificate of this name, which OpenSSL created.
    TlsOfOpenSsl(&'static SupportedProtocolVersion, &'static str),
    /// A server of HTTP/2 whose response has this many headers.
    Http2Headers(usize),
    /// A server that responds to a TLS handshake with these bytes.
    BrokenHandshake(&'static [u8]),
}

/// The address at which a client meets a fault.
pub(crate) struct Address {
    pub(crate) base_url: String,
    /// A file with the certificates to trust, if the server has one.
    pub(crate) ca_file: Option<String>,
    pub(crate) environment: Environment,
}

impl Setup {
    /// Starts the servers that the fault needs, and returns the address at which a client meets it.
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
            Self::SlowName(seconds) => {
                let address = server::start(|_| vec![Action::Send(response(200, "", STATUS)), Action::Close])?;
                let environment = names::slow(authority.folder(), seconds)?;
                Address { environment, ..Address::new(format!("http://localhost:{}", address.port()), None) }
            }
            Self::EndlessName => {
                let environment = names::slow(authority.folder(), 3600)?;
                Address { environment, ..Address::new("https://service.invalid".to_owned(), None) }
            }
            Self::Proxy(script) => {
                let proxy = format!("http://{}", server::start(script)?);
                let environment = vec![("https_proxy".to_owned(), proxy), ("no_proxy".to_owned(), String::new())];
                Address { environment, ..Address::new("https://service.invalid".to_owned(), None) }
            }
            Self::Refusing => Address::http(address::refusing()?),
            Self::Full => Address::http(address::full()?),
            Self::Tls(certificate) => {
                Address::tls(certificate.server(authority)?, response(200, "", STATUS), authority.file())?
            }
            Self::TlsOfOpenSsl(version, name) => {
                let (config, file) = committed::server(name, version)?;
                Address::tls(config, response(200, "", STATUS), file)?
            }
            Self::Http2Headers(count) => {
                let mut config = Certificate::Valid.server(authority)?;
                config.alpn_protocols = vec![b"h2".to_vec()];
                Address::tls(config, http2_response(count), authority.file())?
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

    /// Starts a server over TLS that sends these bytes.
    fn tls(config: ServerConfig, response: Vec<u8>, ca_file: String) -> io::Result<Self> {
        let address = server::start_tls(config, move |_| vec![Action::Send(response.clone()), Action::Hang])?;
        Ok(Self::new(format!("https://localhost:{}", address.port()), Some(ca_file)))
    }

    fn http(address: SocketAddr) -> Self {
        Self::new(format!("http://{address}"), None)
    }
}
