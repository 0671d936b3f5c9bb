//! nginx, as the service.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::certificates::{Certificates, Pair};
use crate::free_port;
use crate::process::Process;

/// A running nginx, and its ports.
pub(crate) struct Nginx {
    pub(crate) trusted: u16,
    pub(crate) without_http2: u16,
    pub(crate) tls12: u16,
    pub(crate) tls13: u16,
    /// A server with a key of P-521, and two that exchange keys over P-521 only.
    pub(crate) p521: [u16; 3],
    pub(crate) plain: u16,
    /// What is wrong with a server, its port, and what the error message must contain.
    pub(crate) untrusted: [(&'static str, u16, &'static str); 5],
    _process: Process,
}

/// The settings of all servers; without the paths, nginx writes to folders of the system.
const COMMON: &str = r#"
daemon off;
master_process off;
pid nginx.pid;
error_log stderr error;
events {}
http {
    access_log off;
    client_body_temp_path temp;
    proxy_temp_path temp;
    fastcgi_temp_path temp;
    uwsgi_temp_path temp;
    scgi_temp_path temp;
    map $server_protocol $http_version { default 1; HTTP/2.0 2; }
    map $http_via $forwarded { default 1; "" 0; }
    default_type application/json;
"#;

const STATUS: &str = r#"{"pending_machines": 0, "failed_machines": $forwarded, "completed_machines": $http_version}"#;

const MODERN: &str = "TLSv1.2 TLSv1.3";
/// OpenSSL refuses these above security level 0.
const OUTDATED: &str = "TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0";

impl Nginx {
    /// Starts nginx with its files in this folder.
    ///
    /// # Errors
    /// If it does not start.
    pub(crate) fn start(program: &Path, folder: &Path, certificates: &Certificates) -> anyhow::Result<Self> {
        let mut configuration = Configuration::new();
        let (good, http2) = (&certificates.good, " http2");
        let trusted = configuration.secure(good, MODERN, http2);
        let without_http2 = configuration.secure(good, MODERN, "");
        let tls12 = configuration.secure(good, "TLSv1.2", http2);
        let tls13 = configuration.secure(good, "TLSv1.3", http2);
        let p521 = [
            configuration.secure(&certificates.p521, "TLSv1.2", http2),
            configuration.secure(&certificates.p521, "TLSv1.2; ssl_ecdh_curve secp521r1", http2),
            configuration.secure(&certificates.p521, "TLSv1.3; ssl_ecdh_curve secp521r1", http2),
        ];
        let plain = configuration.plain();
        let untrusted = [
            ("expired", configuration.secure(&certificates.expired, MODERN, http2), "the certificate expired on"),
            ("not yet valid", configuration.secure(&certificates.not_yet_valid, MODERN, http2), "not valid before"),
            ("wrong host", configuration.secure(&certificates.wrong_host, MODERN, http2), "not valid for localhost"),
            ("self-signed", configuration.secure(&certificates.self_signed, MODERN, http2), "self-signed"),
            ("old protocol", configuration.secure(good, OUTDATED, ""), "does not support TLS 1.2 or later"),
        ];
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration.finish())?;
        let mut command = Command::new(program);
        command.arg("-p").arg(folder).arg("-c").arg(&file);
        // Until it has read its configuration, nginx logs to a system file, which need not exist.
        command.args(["-e", "stderr"]);
        let process = Process::start(&mut command, &folder.join("nginx.log"), &configuration.ports)?;
        Ok(Self { trusted, without_http2, tls12, tls13, p521, plain, untrusted, _process: process })
    }
}

struct Configuration {
    text: String,
    ports: Vec<u16>,
}

impl Configuration {
    fn new() -> Self {
        Self { text: COMMON.to_owned(), ports: Vec::new() }
    }

    fn plain(&mut self) -> u16 {
        self.server("", "")
    }

    fn secure(&mut self, pair: &Pair, protocols: &str, http2: &str) -> u16 {
        let (certificate, key) = (pair.certificate.display(), pair.key.display());
        let settings = format!("ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_protocols {protocols};");
        self.server(&format!(" ssl{http2}"), &settings)
    }

    fn server(&mut self, options: &str, settings: &str) -> u16 {
        let port = free_port();
        let server = format!("    server {{ listen 127.0.0.1:{port}{options}; {settings} return 200 '{STATUS}'; }}\n");
        self.text.push_str(&server);
        self.ports.push(port);
        port
    }

    fn finish(&self) -> String {
        format!("{}}}\n", self.text)
    }
}
