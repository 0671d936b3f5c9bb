//! Everything that goes wrong with a service, played over real sockets for the tests of every language.
//!
//! Each fault is a service of its own on a port of this machine, what is done with it, and how that ends. The same faults are
//! met by the Rust client, by the packages for Python and Node as they are installed, and by the command. Beside them stand
//! services that repeat the credentials that they were sent, for the tests that no language shows them.

mod certificates;
mod clock;
mod echo;
mod fault;
mod server;
mod table;

use std::io;

use regex::Regex;
use serde::Serialize;

use certificates::Authority;
use fault::Stage;

pub use echo::Echoes;
pub use fault::{Expected, Fault, Task};

/// All faults, as long as they are played.
pub struct Faults {
    /// Each of them.
    pub played: Vec<Played>,
    /// Its file is trusted meanwhile.
    _authority: Authority,
}

/// A fault that is being played.
#[derive(Serialize)]
pub struct Played {
    /// What it is.
    #[serde(flatten)]
    pub fault: Fault,
    /// Where.
    pub base_url: String,
    /// Whose certificates to trust, where the service has one.
    pub ca_file: Option<String>,
    /// The environment of a process that meets it; where it is empty, any does.
    pub environment: Vec<(String, String)>,
    /// What differs from run to run in the texts about it, as regular expressions, and what is to be read in its place.
    pub masks: Vec<(String, String)>,
}

/// What differs in the texts about any fault: times, where the credentials come from, and whether a resolver says no or has
/// nobody to ask.
const MASKS: [(&str, &str); 3] = [
    (r" in [0-9.]+ s\)", ")"),
    ("CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY", "the access key and secret key"),
    ("Temporary failure in name resolution", "Name or service not known"),
];

impl Faults {
    /// Plays every fault.
    ///
    /// # Errors
    /// Where the system has no more sockets.
    pub fn play() -> io::Result<Self> {
        let authority = Authority::new()?;
        let played = table::all().into_iter().map(|(fault, stage)| Played::start(fault, stage, &authority));
        Ok(Self { played: played.collect::<io::Result<_>>()?, _authority: authority })
    }
}

impl Played {
    fn start(fault: Fault, stage: Stage, authority: &Authority) -> io::Result<Self> {
        let (base_url, ca_file, environment) = stage.start(authority)?;
        let address = base_url.split("://").last().unwrap_or_default().to_owned();
        let mut masks = vec![(regex::escape(&address), "service.example".to_owned())];
        masks.extend(ca_file.iter().map(|file| (regex::escape(file), "ca.pem".to_owned())));
        masks.extend(MASKS.map(|(found, instead)| (found.to_owned(), instead.to_owned())));
        Ok(Self { fault, base_url, ca_file, environment, masks })
    }

    /// Returns a text about it without what differs from run to run.
    ///
    /// # Panics
    /// Where a mask is no regular expression.
    #[allow(clippy::unwrap_used)] // The masks are those above.
    pub fn masked(&self, text: &str) -> String {
        self.masks.iter().fold(text.to_owned(), |text, (found, instead)| {
            Regex::new(found).unwrap().replace_all(&text, regex::NoExpand(instead)).into_owned()
        })
    }
}
