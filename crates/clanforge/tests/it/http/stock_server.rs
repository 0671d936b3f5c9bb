//! The documented example as a static file behind Python's own HTTP server: a peer that is not part of this project, and so
//! cannot share a mistake with the client.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use clanforge::{Client, ClientBuilder, Credentials, ImageRef, Readiness};

use crate::servers::Authority;

/// The shape of the service's documentation, in which `failed_machines` is absent at every level.
const DOCUMENTED: &str = r#"{
  "fleets": {
    "6f1a29c4-8e1d-4a3b-9d54-2c0c5c7a1f10": {
      "regions": {
        "b7c2a7f5-0c9e-4f6e-a1b0-7d2f4e6a9c33": {
          "name": "North America", "pending_machines": 2, "completed_machines": 5
        }
      },
      "pending_machines": 2, "completed_machines": 5
    }
  },
  "pending_machines": 2, "completed_machines": 5
}"#;

/// Serves the working directory, over TLS if a certificate and its key are given.
const SERVER: &str = "
import functools, http.server, ssl, sys
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
";

struct StockServer {
    process: Child,
    port: u16,
}

impl StockServer {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let status = folder.join("cfp/v2/project/1/image/2");
        std::fs::create_dir_all(&status).unwrap();
        std::fs::write(status.join("status"), DOCUMENTED).unwrap();
        let mut process = Command::new("python3")
            .args(["-c", SERVER])
            .args(arguments)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 is installed, as the README asks");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, port: line.trim().parse().expect("the server prints its port") }
    }
}

impl Drop for StockServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn assert_reads_the_documented_example(builder: ClientBuilder) {
    let client = builder.credentials(Credentials::basic("key", "secret")).build().unwrap();
    let status = client.image_status(ImageRef::new(1, 2)).detail(true).await.unwrap();
    assert_eq!((status.pending_machines(), status.failed_machines(), status.completed_machines()), (2, 0, 5));
    assert_eq!(status.readiness(), Readiness::Installing);
    assert_eq!(status.failed_regions(), Some(Vec::new()));
    let pending = status.pending_regions().unwrap();
    assert_eq!(pending.iter().map(|region| region.name).collect::<Vec<_>>(), ["North America"]);
    let missing = client.image_status(ImageRef::new(1, 3)).await.unwrap_err();
    assert_eq!((missing.kind(), missing.attempts()), (clanforge::ErrorKind::NotFound, 1));
}

#[tokio::test]
async fn the_documented_example_is_read_over_http() {
    let folder = tempfile::tempdir().unwrap();
    let server = StockServer::start(folder.path(), &[]);
    let url = format!("http://127.0.0.1:{}", server.port);
    assert_reads_the_documented_example(Client::builder().base_url(url)).await;
}

#[tokio::test]
async fn the_documented_example_is_read_over_https() {
    let authority = Authority::new("the authority");
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = authority.certify(&["localhost"], |_| {});
    std::fs::write(folder.path().join("server.pem"), certificate).unwrap();
    std::fs::write(folder.path().join("server.key"), key).unwrap();
    let server = StockServer::start(folder.path(), &["server.pem", "server.key"]);
    let url = format!("https://localhost:{}", server.port);
    assert_reads_the_documented_example(Client::builder().base_url(url).ca_file(authority.file())).await;
}
