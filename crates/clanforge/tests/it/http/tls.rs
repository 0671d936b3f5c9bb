//! TLS to servers with valid and invalid certificates.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clanforge::{Client, Credentials, ErrorKind};
use rcgen::CertificateParams;
use rustls::{ServerConnection, StreamOwned};

use crate::servers::{Authority, IMAGE, STATUS_RESPONSE, server_config};

/// Starts a server that responds with a status; returns the base URL, and how many bytes of requests it received.
fn server(certificate: &str, key: &str) -> (String, Arc<AtomicUsize>) {
    let config = server_config(certificate, key);
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let received = Arc::new(AtomicUsize::new(0));
    let kept = Arc::clone(&received);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            // A client that does not trust the server closes the connection during the handshake.
            let _ = stream.read(&mut [0; 4096]).and_then(|bytes| {
                kept.fetch_add(bytes, Ordering::SeqCst);
                stream.write_all(STATUS_RESPONSE)
            });
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    (url, received)
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
    let stranger = Authority::new("a stranger");
    let expired = |params: &mut CertificateParams| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    };
    for ((certificate, key), expected) in [
        (
            stranger.certify(&["localhost"], |_| {}),
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
