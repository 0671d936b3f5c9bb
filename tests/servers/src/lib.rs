//! Real servers for the tests of certificates and proxies: nginx as the service, with certificates of every kind, and squid
//! as the proxies on the way to it.
//!
//! Tests in Rust hold [`Servers`]; those in other languages run the program, which prints the same [`Addresses`] as JSON
//! and ends when its standard input does. Nothing is installed or left behind: everything lies in one temporary folder and
//! listens on free ports of loopback.
//!
//! Each status that the service answers says how it was asked: its completed machines are the major version of HTTP, and
//! it has one failed machine where a proxy forwarded the request. `service.example` and what is below it are names that only
//! the proxies know; to plain http they answer under whatever name or address with the service.

mod certificates;
mod nginx;
mod process;
mod squid;

use std::env;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, Weak};

use anyhow::Context;
use serde::Serialize;

use crate::certificates::Certificates;
use crate::nginx::Nginx;
use crate::squid::Squid;

/// The servers, until this is dropped.
pub struct Servers {
    /// Where they are, and what they expect.
    pub addresses: Addresses,
    // Dropped in this order: the folder goes last.
    _proxies: Squid,
    _service: Nginx,
    _folder: tempfile::TempDir,
}

/// Where the servers are, and what they expect.
#[derive(Clone, Debug, Serialize)]
pub struct Addresses {
    /// A file with the certificate of the authority that vouches for the service and the proxies.
    pub authority: PathBuf,
    /// A folder with that file alone.
    pub authority_folder: PathBuf,
    /// A file with the certificate of an authority that vouches for nobody.
    pub stranger: PathBuf,
    /// The service with every protocol, at `localhost`.
    pub trusted: String,
    /// The service with HTTP/1.1 alone.
    pub without_http2: String,
    /// The service with TLS 1.2 alone.
    pub tls12: String,
    /// The service with TLS 1.3 alone.
    pub tls13: String,
    /// The service over plain http.
    pub plain: String,
    /// Servers that a client must not talk to, although it trusts the authority.
    pub untrusted: Vec<Untrusted>,
    /// The port of [`trusted`](Self::trusted), under which the proxies reach `service.example`.
    pub service_port: u16,
    /// Two proxies that ask for nothing: one over plain http, one over https.
    pub open_proxies: Vec<String>,
    /// Two proxies that ask for [`userinfo`](Self::userinfo), likewise.
    pub guarded_proxies: Vec<String>,
    /// A proxy that is down.
    pub dead_proxy: String,
    /// A user of the guarded proxies with its password, as they stand in a URL.
    pub userinfo: String,
    /// The password, which no error may show.
    pub password: String,
}

/// A server that a client must not talk to.
#[derive(Clone, Debug, Serialize)]
pub struct Untrusted {
    /// What is wrong with it.
    pub name: String,
    /// Its address.
    pub url: String,
    /// What the error must say of it.
    pub cause: String,
}

impl Servers {
    /// Returns servers for as long as anybody in this process holds them; `None` where nginx or squid is not installed,
    /// which is said on standard error.
    ///
    /// # Panics
    /// Where they cannot be started, or are not installed although `CI` is set: it tests everything.
    pub fn shared() -> Option<Arc<Self>> {
        static SHARED: Mutex<Weak<Servers>> = Mutex::new(Weak::new());
        // A test that failed with the servers in hand says nothing about them.
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(servers) = shared.upgrade() {
            return Some(servers);
        }
        let servers = Arc::new(Self::start().expect("the servers start")?);
        *shared = Arc::downgrade(&servers);
        Some(servers)
    }

    /// Starts the servers; `None` where nginx or squid is not installed, which is said on standard error.
    ///
    /// # Errors
    /// Where they cannot be started, or are not installed although `CI` is set: it tests everything.
    pub fn start() -> anyhow::Result<Option<Self>> {
        let (Some(nginx), Some(squid)) = (find("nginx"), find("squid")) else {
            anyhow::ensure!(env::var_os("CI").is_none(), "there is no nginx with squid, and CI tests everything");
            say_once(LEFT_OUT);
            return Ok(None);
        };
        // A port that was free a moment ago may be taken by the time that a server asks for it.
        let mut attempts = (0..3).map(|_| Self::start_with(&nginx, &squid));
        attempts.find(Result::is_ok).or_else(|| Some(Self::start_with(&nginx, &squid))).transpose()
    }

    fn start_with(nginx: &Path, squid: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        open_to_all(folder.path())?;
        let certificates = Certificates::write(folder.path())?;
        let service = Nginx::start(nginx, folder.path(), &certificates)?;
        let proxies = Squid::start(squid, folder.path(), &certificates, service.plain)?;
        let (localhost, proxy) =
            (|port| format!("https://localhost:{port}"), |port| format!("http://127.0.0.1:{port}"));
        let untrusted = |(name, port, cause): &(&str, u16, &str)| Untrusted {
            name: (*name).to_owned(),
            url: localhost(*port),
            cause: (*cause).to_owned(),
        };
        let addresses = Addresses {
            authority: certificates.authority,
            authority_folder: certificates.authority_folder,
            stranger: certificates.stranger,
            trusted: localhost(service.trusted),
            without_http2: localhost(service.without_http2),
            tls12: localhost(service.tls12),
            tls13: localhost(service.tls13),
            plain: format!("http://127.0.0.1:{}", service.plain),
            untrusted: service.untrusted.iter().map(untrusted).collect(),
            service_port: service.trusted,
            open_proxies: vec![proxy(proxies.open), localhost(proxies.open_secure)],
            guarded_proxies: vec![proxy(proxies.guarded), localhost(proxies.guarded_secure)],
            // The port of a service that nobody runs any more.
            dead_proxy: proxy(9),
            userinfo: squid::USERINFO.to_owned(),
            password: squid::PASSWORD.to_owned(),
        };
        Ok(Self { addresses, _proxies: proxies, _service: service, _folder: folder })
    }
}

const LEFT_OUT: &str = "left out: certificates and proxies against real servers, because there is no nginx with squid";

/// Says a line past the test harness, which would keep it for itself.
fn say_once(line: &str) {
    static SAID: Once = Once::new();
    SAID.call_once(|| drop(writeln!(std::io::stderr(), "{line}")));
}

/// Returns where a server's program is; those for the system's administrator are not on everybody's path.
fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").context("no free port")?.local_addr()?.port())
}

/// Lets everybody look into a folder: squid gives up being root before it reads its files.
fn open_to_all(folder: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?;
    }
    anyhow::ensure!(folder.is_dir(), "{} is no folder", folder.display());
    Ok(())
}
