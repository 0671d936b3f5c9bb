//! Encrypted connections to servers with certificates of every kind.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clanforge::{Client, Credentials, ErrorKind};
use clanforge_test_faults::server::{Action, start_tls};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;

use crate::servers::{IMAGE, STATUS_ANSWER};

/// A certificate authority of its own, whose certificate lies in a file.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Returns certificate and key of a server with these names or addresses, as PEM.
    pub(crate) fn certify(&self, names: &[&str], adjust: impl FnOnce(&mut CertificateParams)) -> (String, String) {
        let mut params = CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
        adjust(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }
}

/// Returns the settings of a server with this certificate.
pub(crate) fn server_config(certificate: &str, key: &str) -> ServerConfig {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap()
}

/// Starts a fault server over TLS that responds with a status; returns its base URL, and how many requests it received.
fn server(certificate: &str, key: &str) -> (String, Arc<AtomicUsize>) {
    let received = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&received);
    let address = start_tls(server_config(certificate, key), move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        vec![Action::Send(STATUS_ANSWER.to_vec()), Action::Close]
    });
    (format!("https://localhost:{}", address.unwrap().port()), received)
}

fn client(url: &str, authority: &Authority) -> Client {
    Client::builder()
        .base_url(url)
        .credentials(Credentials::bearer("a-token"))
        .ca_file(authority.file())
        .backoff(Duration::ZERO, Duration::ZERO)
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_server_with_a_certificate_of_the_named_authority_is_trusted() {
    let authority = Authority::new("the authority");
    let (certificate, key) = authority.certify(&["localhost"], |_| {});
    let (url, received) = server(&certificate, &key);
    let status = client(&url, &authority).image_status(IMAGE).await.unwrap();
    assert_eq!(status.completed_machines(), 3);
    assert!(received.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn an_extra_authority_is_trusted_beside_the_named_one() {
    let (authority, extra) = (Authority::new("the authority"), Authority::new("the extra one"));
    for issuer in [&authority, &extra] {
        let (certificate, key) = issuer.certify(&["localhost"], |_| {});
        let (url, _) = server(&certificate, &key);
        let builder = Client::builder().base_url(url).credentials(Credentials::bearer("a-token"));
        let client = builder.ca_file(authority.file()).extra_ca_file(extra.file()).build().unwrap();
        assert_eq!(client.image_status(IMAGE).await.unwrap().completed_machines(), 3);
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_trusted_gets_no_second_attempt_and_no_credentials() {
    let authority = Authority::new("the authority");
    let stranger = Authority::new("a stranger");
    let expired = |params: &mut CertificateParams| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    };
    for ((certificate, key), expected) in [
        (stranger.certify(&["localhost"], |_| {}), "UnknownIssuer"),
        (authority.certify(&["other.example"], |_| {}), "not valid for name"),
        (authority.certify(&["localhost"], expired), "expired"),
    ] {
        let (url, received) = server(&certificate, &key);
        let error = client(&url, &authority).image_status(IMAGE).await.unwrap_err();
        assert_eq!(received.load(Ordering::SeqCst), 0, "it was sent a request");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{error}");
        let text = error.to_string();
        assert!(text.contains(expected), "{expected} is not in: {text}");
        assert!(text.contains(&format!("with ca_file {}", authority.file().display())), "{text}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_named_as_one() {
    let authority = Authority::new("the authority");
    let plain = crate::servers::raw_server(STATUS_ANSWER.to_vec()).replace("http", "https");
    let error = client(&plain, &authority).image_status(IMAGE).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("no secure connection to https://127.0.0.1"), "{error}");
}
