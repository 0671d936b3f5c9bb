//! Trust anchors and proxies by option, environment and platform.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use crate::process::{command, run};

const STATUS: &str = r#"{"pending_machines": 0, "completed_machines": 3}"#;

/// Serves a status over TLS, with Python's own server.
const SERVER: &str = "
import http.server, ssl, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = sys.argv[3].encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
";

struct Server(Child, u16);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn server(authority: &CertifiedIssuer<'static, KeyPair>, folder: &Path) -> Server {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let (certificate_file, key_file) = (folder.join("server.pem"), folder.join("server.key"));
    std::fs::write(&certificate_file, certificate.pem()).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    let mut child = Command::new("python3")
        .args(["-c", SERVER])
        .args([&certificate_file, &key_file])
        .arg(STATUS)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("python3 is installed, as the README asks");
    let mut port = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
    Server(child, port.trim().parse().unwrap())
}

#[test]
fn the_ca_file_option_takes_precedence_over_the_environment_and_that_over_the_platform() {
    let folder = tempfile::tempdir().unwrap();
    let (known, untrusted_authority) = (authority("known"), authority("an untrusted CA"));
    let write = |name: &str, authority: &CertifiedIssuer<'static, KeyPair>| -> PathBuf {
        let file = folder.path().join(name);
        // With the byte order mark of a Windows editor.
        std::fs::write(&file, format!("\u{feff}{}", authority.pem())).unwrap();
        file
    };
    let (known_file, untrusted_file) = (write("known.pem", &known), write("untrusted.pem", &untrusted_authority));
    let server = server(&known, folder.path());
    let status = || {
        let mut command = command();
        command
            .env("CLANFORGE_TOKEN", "a-token")
            .args(["status", "--asid", "1", "--image", "2", "--retries", "0"])
            .args(["--base-url", &format!("https://localhost:{}", server.1)]);
        command
    };
    let trusted = run(status().env("SSL_CERT_FILE", &known_file));
    assert_eq!(trusted.code, 0, "{trusted:?}");
    let of_folder = run(status().env("SSL_CERT_DIR", folder.path()));
    assert_eq!(of_folder.code, 0, "{of_folder:?}");
    let named = run(status().env("SSL_CERT_FILE", &untrusted_file).arg("--ca-file").arg(&known_file));
    assert_eq!(named.code, 0, "{named:?}");

    let other = run(status().env("SSL_CERT_FILE", &untrusted_file));
    let expected = format!("with the trust store of SSL_CERT_FILE={}", untrusted_file.display());
    assert!(other.code == 5 && other.stderr.contains(&expected), "{other:?}");
    let wrong = run(status().env("SSL_CERT_FILE", &known_file).arg("--ca-file").arg(&untrusted_file));
    let expected = format!("with ca_file {}", untrusted_file.display());
    assert!(wrong.code == 5 && wrong.stderr.contains(&expected), "{wrong:?}");
}

#[test]
fn a_block_of_the_trust_anchors_that_is_skipped_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let known = authority("known");
    let file = folder.path().join("bundle.pem");
    let key = known.key().serialize_pem();
    std::fs::write(&file, format!("{key}{}", known.pem())).unwrap();
    let status = || {
        let mut command = command();
        command.env("CLANFORGE_TOKEN", "a-token").args(["status", "--asid", "1", "--image", "2", "--retries", "0"]);
        command.args(["--base-url", "https://localhost:9"]);
        command
    };
    let (mut by_option, mut by_variable) = (status(), status());
    by_option.arg("--ca-file").arg(&file);
    by_variable.env("SSL_CERT_FILE", &file);
    for mut command in [by_option, by_variable] {
        let ended = run(&mut command);
        let expected = format!(
            "warning: {}: skipped the block \"PRIVATE KEY\" in line 1: it is not a certificate\n",
            file.display()
        );
        assert!(ended.stderr.starts_with(&expected), "{ended:?}");
    }
}

#[test]
fn the_proxy_of_the_environment_is_used_except_for_hosts_of_no_proxy() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let response =
                format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{STATUS}", STATUS.len());
            let _ = stream.write_all(response.as_bytes());
        }
    });
    let status = || {
        let mut command = command();
        command
            .env("CLANFORGE_TOKEN", "a-token")
            .args(["status", "--asid", "1", "--image", "2", "--retries", "0"])
            .args(["--base-url", "http://fleet.invalid", "--allow-http"]);
        command
    };
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let ended = run(status().env(variable, &proxy));
        assert_eq!(ended.code, 0, "{variable}: {ended:?}");
    }
    for (variable, value) in [("HTTPS_PROXY", proxy.as_str()), ("NO_PROXY", "fleet.invalid")] {
        let mut command = status();
        command.env(variable, value);
        if variable == "NO_PROXY" {
            command.env("HTTP_PROXY", &proxy);
        }
        let ended = run(&mut command);
        assert!(ended.code == 5 && ended.stderr.contains("could not resolve fleet.invalid: "), "{variable}: {ended:?}");
    }
}
