//! The fault server, and the table of everything that goes wrong between a client and the service.
//!
//! The fault server ([`server`]) does with each request exactly what a script says, byte for byte; benchmarks and the
//! endurance run use it as well. Each fault of the table is a server of its own on a loopback port, what the client does with
//! it, and how that must end. The Rust client, the packages for Python and Node and the command are all tested against it.
//! [`Echoes`] are servers that repeat the credentials that they were sent, for the tests that no language shows them.

mod address;
mod certificates;
mod clock;
mod committed;
mod echo;
mod fault;
mod names;
mod response;
pub mod server;
mod table;

use std::io;

use regex::Regex;
use serde::Serialize;

use certificates::Authority;
use fault::{Address, Setup};

pub use echo::Echoes;
pub use fault::{Expected, Fault, Task};
pub use response::{STATUS, response};

/// All faults of the table, running.
pub struct Faults {
    /// Each of them.
    pub running: Vec<RunningFault>,
    /// Kept because its file is removed when it is dropped.
    _authority: Authority,
}

/// A fault that a client can meet.
#[derive(Serialize)]
pub struct RunningFault {
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// The base URL of the client.
    pub base_url: String,
    /// The client's CA bundle, if the server has a certificate.
    pub ca_file: Option<String>,
    /// Environment variables of the client's process; where there are none, any process will do.
    pub environment: Vec<(String, String)>,
    /// Regular expressions for what differs from run to run in a message, and what to put in its place.
    pub masks: Vec<(String, String)>,
}

/// What differs in the texts about any fault: times, where the credentials come from, and whether the resolver does not know a
/// name or cannot reach its server.
const MASKS: [(&str, &str); 3] = [
    (r" in [0-9.]+ s\)", ")"),
    ("CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY", "the access key and secret key"),
    ("Temporary failure in name resolution", "Name or service not known"),
];

impl Faults {
    /// Starts every fault.
    ///
    /// # Errors
    /// If the system has no more sockets.
    pub fn start() -> io::Result<Self> {
        let authority = Authority::new()?;
        let running = table::all().into_iter().map(|(fault, setup)| RunningFault::start(fault, setup, &authority));
        Ok(Self { running: running.collect::<io::Result<_>>()?, _authority: authority })
    }
}

impl RunningFault {
    fn start(fault: Fault, setup: Setup, authority: &Authority) -> io::Result<Self> {
        let Address { base_url, ca_file, environment } = setup.start(authority)?;
        let address = base_url.split("://").last().unwrap_or_default().to_owned();
        let mut masks = vec![(regex::escape(&address), "service.example".to_owned())];
        let proxies = environment.iter().filter_map(|(_, value)| value.strip_prefix("http://"));
        masks.extend(proxies.map(|address| (regex::escape(address), "proxy.example".to_owned())));
        masks.extend(ca_file.iter().map(|file| (regex::escape(file), "ca.pem".to_owned())));
        masks.extend(MASKS.map(|(found, instead)| (found.to_owned(), instead.to_owned())));
        Ok(Self { fault, base_url, ca_file, environment, masks })
    }

    /// Returns a message with everything replaced that differs from run to run.
    ///
    /// # Panics
    /// If a mask is not a regular expression.
    #[allow(clippy::unwrap_used)] // The masks are those above.
    pub fn masked(&self, text: &str) -> String {
        self.masks.iter().fold(text.to_owned(), |text, (found, instead)| {
            Regex::new(found).unwrap().replace_all(&text, regex::NoExpand(instead)).into_owned()
        })
    }
}
