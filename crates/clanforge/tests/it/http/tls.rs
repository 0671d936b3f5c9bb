//! TLS to servers with valid and invalid certificates.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clanforge::{Client, Credentials, ErrorKind};
use clanforge_test_faults::server::{Action, start_tls};
use rcgen::CertificateParams;

use crate::servers::{Authority, IMAGE, STATUS_RESPONSE, server_config};

/// Starts a fault server over TLS that responds with a status; returns its base URL, and how many requests it received.
fn server(certificate: &str, key: &str) -> (String, Arc<AtomicUsize>) {
    let received = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&received);
    let address = start_tls(server_config(certificate, key), move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        vec![Action::Send(STATUS_RESPONSE.to_vec()), Action::Close]
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
async fn a_certificate_of_the_named_authority_is_trusted() {
    let authority = Authority::new("the authority");
    let (certificate, key) = authority.certify(&["localhost"], |_| {});
    let (url, received) = server(&certificate, &key);
    let status = client(&url, &authority).image_status(IMAGE).await.unwrap();
    assert_eq!(status.completed_machines(), 3);
    assert!(received.load(Ordering::SeqCst) > 0);
}

#[tokio::test]
async fn an_extra_authority_is_trusted_in_addition() {
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
async fn an_untrusted_server_gets_neither_credentials_nor_a_second_attempt() {
    let authority = Authority::new("the authority");
    let untrusted_authority = Authority::new("an untrusted CA");
    let expired = |params: &mut CertificateParams| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    };
    for ((certificate, key), expected) in [
        (
            untrusted_authority.certify(&["localhost"], |_| {}),
            "the certificate is self-signed, or its issuer is not in that trust store",
        ),
        (
            authority.certify(&["other.example"], |_| {}),
            "the certificate is not valid for localhost, only for other.example",
        ),
        (authority.certify(&["localhost"], expired), "the certificate expired on Fri, 01 Jan 2021 00:00:00 GMT"),
    ] {
        let (url, received) = server(&certificate, &key);
        let error = client(&url, &authority).image_status(IMAGE).await.unwrap_err();
        assert_eq!(received.load(Ordering::SeqCst), 0, "the server was sent a request");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{error}");
        let text = error.to_string();
        assert!(text.contains(expected), "{expected} is not in: {text}");
        assert!(text.len() < 500, "{text}");
        assert!(text.contains(&format!("with ca_file {}", authority.file().display())), "{text}");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_reported_as_such() {
    let authority = Authority::new("the authority");
    let plain = crate::servers::raw_server(STATUS_RESPONSE.to_vec()).replace("http", "https");
    let error = client(&plain, &authority).image_status(IMAGE).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().starts_with("could not connect securely to https://127.0.0.1"), "{error}");
    assert!(error.to_string().contains("the server does not use TLS on this port"), "{error}");
}
