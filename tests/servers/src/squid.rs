//! squid, as the proxies.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context;

use crate::certificates::Certificates;
use crate::free_port;
use crate::process::Process;

const USER: &str = "user";
/// With every kind of character that a URL must encode.
pub(crate) const PASSWORD: &str = "p@ss:w/rd %";
pub(crate) const USERINFO: &str = "user:p%40ss%3Aw%2Frd%20%25";
/// The output of `openssl passwd -apr1 -salt loopback`.
const PASSWORD_HASH: &str = "$apr1$loopback$2fMDTgEUSn2DH3VgNU1Nm0";

/// Where distributions install the helper that checks passwords.
const HELPERS: [&str; 3] =
    ["/usr/lib/squid/basic_ncsa_auth", "/usr/lib64/squid/basic_ncsa_auth", "/usr/libexec/squid/basic_ncsa_auth"];

/// A running squid, and its ports.
pub(crate) struct Squid {
    pub(crate) open: u16,
    pub(crate) open_secure: u16,
    pub(crate) authenticating: u16,
    pub(crate) authenticating_secure: u16,
    _process: Process,
}

impl Squid {
    /// Starts squid with its files in this folder, in front of a service over plain HTTP on this port.
    ///
    /// # Errors
    /// If it does not start.
    pub(crate) fn start(
        program: &Path,
        folder: &Path,
        certificates: &Certificates,
        service: u16,
    ) -> anyhow::Result<Self> {
        let helper = HELPERS.map(PathBuf::from).into_iter().find(|helper| helper.is_file());
        let helper = helper.context("squid has no basic_ncsa_auth")?;
        let [open, open_secure, authenticating, authenticating_secure] =
            [free_port(), free_port(), free_port(), free_port()];
        let (hosts, users, file) = (folder.join("hosts"), folder.join("users"), folder.join("squid.conf"));
        fs::write(&hosts, "127.0.0.1 service.example deep.service.example\n")?;
        fs::write(&users, format!("{USER}:{PASSWORD_HASH}\n"))?;
        let (certificate, key) = (certificates.good.certificate.display(), certificates.good.key.display());
        let (hosts, users, helper) = (hosts.display(), users.display(), helper.display());
        let configuration = format!(
            "
visible_hostname localhost
http_port 127.0.0.1:{open} name=open
https_port 127.0.0.1:{open_secure} name=open_secure tls-cert={certificate} tls-key={key}
http_port 127.0.0.1:{authenticating} name=authenticating
https_port 127.0.0.1:{authenticating_secure} name=authenticating_secure tls-cert={certificate} tls-key={key}
auth_param basic program {helper} {users}
auth_param basic realm the tests
acl authenticating myportname authenticating authenticating_secure
acl users proxy_auth REQUIRED
http_access deny authenticating !users
http_access allow all
hosts_file {hosts}
cache_peer 127.0.0.1 parent {service} 0 no-query originserver
never_direct allow !CONNECT
never_direct deny CONNECT
cache deny all
cache_mem 0
access_log none
pid_filename none
netdb_filename none
pinger_enable off
shutdown_lifetime 0 seconds
"
        );
        fs::write(&file, configuration)?;
        let mut command = Command::new(program);
        command.args(["-N", "-d", "1", "-n", &name()]).arg("-f").arg(&file);
        let ports = [open, open_secure, authenticating, authenticating_secure];
        let process = Process::start(&mut command, &folder.join("squid.log"), &ports)?;
        Ok(Self { open, open_secure, authenticating, authenticating_secure, _process: process })
    }
}

/// Returns a name that is unique on this machine: the shared memory of a squid is named after it.
fn name() -> String {
    static STARTED: AtomicU32 = AtomicU32::new(0);
    format!("clanforge{}x{}", std::process::id(), STARTED.fetch_add(1, Ordering::Relaxed))
}
