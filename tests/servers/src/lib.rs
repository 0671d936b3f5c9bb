//! Real servers for the tests of certificates and proxies: nginx as the service, with certificates of every kind, and squid
//! as the proxies in front of it. They are peers that are not part of this project, and so cannot share a mistake with it.
//!
//! Tests in Rust hold [`Servers`]; those in other languages run the program, which prints the same [`Addresses`] as JSON
//! and ends when standard input ends. Nothing is installed or left behind: all files are in one temporary folder, and all
//! ports are free loopback ports.
//!
//! Each status that the service returns says how the request arrived: its completed machines are the major version of HTTP,
//! and it has one failed machine where a proxy forwarded the request. Only the proxies resolve `service.example` and its
//! subdomains; they forward requests over plain HTTP to the service, whatever the host.

mod certificates;
mod nginx;
mod process;
mod squid;

use std::collections::BTreeSet;
use std::env;
use std::io::Write;
use std::net::TcpListener;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Once, PoisonError, Weak};

use serde::Serialize;

use crate::certificates::Certificates;
use crate::nginx::Nginx;
use crate::squid::Squid;

/// Running servers, stopped when this is dropped.
pub struct Servers {
    /// Where they are, and what they expect.
    pub addresses: Addresses,
    // Dropped in this order, the folder last.
    _proxies: Squid,
    _service: Nginx,
    _folder: tempfile::TempDir,
}

/// The addresses of the servers, and what they require.
#[derive(Clone, Debug, Serialize)]
pub struct Addresses {
    /// A file with the certificate of the CA that signed the certificates of the service and the proxies.
    pub authority: PathBuf,
    /// A folder with that file alone.
    pub authority_folder: PathBuf,
    /// A file with the certificate of a CA that signed none of them.
    pub untrusted_authority: PathBuf,
    /// The service with every protocol, at `localhost`.
    pub trusted: String,
    /// The service with only HTTP/1.1.
    pub without_http2: String,
    /// The service with only TLS 1.2.
    pub tls12: String,
    /// The service with only TLS 1.3.
    pub tls13: String,
    /// Services whose key is of P-521, over TLS 1.2, and over TLS 1.2 and 1.3 with no other key exchange than that of P-521.
    pub p521: Vec<String>,
    /// A file with the certificate of the CA that signed the certificate of [`p521`](Self::p521).
    pub p521_authority: PathBuf,
    /// The service over plain HTTP.
    pub plain: String,
    /// Servers that a client must not trust, although it trusts the CA.
    pub untrusted: Vec<Untrusted>,
    /// The port of [`trusted`](Self::trusted), under which the proxies reach `service.example`.
    pub service_port: u16,
    /// Two proxies without authentication: one over HTTP, one over HTTPS.
    pub open_proxies: Vec<String>,
    /// Two proxies that require [`userinfo`](Self::userinfo): one over HTTP, one over HTTPS.
    pub authenticating_proxies: Vec<String>,
    /// A proxy that refuses connections.
    pub dead_proxy: String,
    /// User name and password for the authenticating proxies, encoded for a URL.
    pub userinfo: String,
    /// The password, decoded; no error may show it.
    pub password: String,
}

/// A server that a client must not trust.
#[derive(Clone, Debug, Serialize)]
pub struct Untrusted {
    /// What is wrong with it.
    pub name: String,
    /// Its URL.
    pub url: String,
    /// What the error message must contain.
    pub cause: String,
}

impl Servers {
    /// Returns servers that the tests of this process share; `None` if nginx or squid is not installed, with a message on
    /// standard error.
    ///
    /// # Panics
    /// If they do not start, or are not installed although `CI` is set, which tests everything.
    pub fn shared() -> Option<Arc<Self>> {
        static SHARED: Mutex<Weak<Servers>> = Mutex::new(Weak::new());
        // A test that panicked has left no half-changed state.
        let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(servers) = shared.upgrade() {
            return Some(servers);
        }
        let servers = Arc::new(Self::start().expect("the servers start")?);
        *shared = Arc::downgrade(&servers);
        Some(servers)
    }

    /// Starts the servers; `None` if nginx or squid is not installed, with a message on standard error.
    ///
    /// # Errors
    /// If they do not start, or are not installed although `CI` is set, which tests everything.
    pub fn start() -> anyhow::Result<Option<Self>> {
        let (Some(nginx), Some(squid)) = (find("nginx"), find("squid")) else {
            anyhow::ensure!(env::var_os("CI").is_none(), "nginx or squid is not installed, and CI tests everything");
            print_once(SKIPPED);
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
            untrusted_authority: certificates.untrusted_authority,
            trusted: localhost(service.trusted),
            without_http2: localhost(service.without_http2),
            tls12: localhost(service.tls12),
            tls13: localhost(service.tls13),
            p521: service.p521.map(localhost).into(),
            p521_authority: certificates.p521_authority,
            plain: format!("http://127.0.0.1:{}", service.plain),
            untrusted: service.untrusted.iter().map(untrusted).collect(),
            service_port: service.trusted,
            open_proxies: vec![proxy(proxies.open), localhost(proxies.open_secure)],
            authenticating_proxies: vec![proxy(proxies.authenticating), localhost(proxies.authenticating_secure)],
            // The discard service, which is not running.
            dead_proxy: proxy(9),
            userinfo: squid::USERINFO.to_owned(),
            password: squid::PASSWORD.to_owned(),
        };
        Ok(Self { addresses, _proxies: proxies, _service: service, _folder: folder })
    }
}

const SKIPPED: &str = "skipped: certificates and proxies against real servers, because nginx or squid is not installed";

/// Prints a line to standard error itself, because the test harness captures `eprintln!`.
fn print_once(line: &str) {
    static PRINTED: Once = Once::new();
    PRINTED.call_once(|| drop(writeln!(std::io::stderr(), "{line}")));
}

/// Returns the path of a server's program; `sbin` is not on every user's `PATH`.
fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The ports that were returned before: a port is free again until a server listens there.
static RETURNED: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// Below the ports that systems give to connections and to listeners that ask for any: nothing else takes one of these before
/// the server listens, and a connection to it cannot be made with itself.
const PORTS: Range<u16> = 20_000..32_000;

/// Returns a free loopback port, and each only once: two servers of one configuration would share it.
fn free_port() -> u16 {
    loop {
        let port = fastrand::u16(PORTS);
        let is_new = RETURNED.lock().unwrap_or_else(PoisonError::into_inner).insert(port);
        if is_new && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Lets every user read a folder: squid drops root privileges before it reads its files.
fn open_to_all(folder: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?;
    }
    anyhow::ensure!(folder.is_dir(), "{} is not a folder", folder.display());
    Ok(())
}
