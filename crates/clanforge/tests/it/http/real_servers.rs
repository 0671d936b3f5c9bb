//! Certificates and proxies, with nginx as the service and squid as the proxy.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clanforge::{Client, ClientBuilder, Credentials, Error, ErrorKind, ImageStatus};
use clanforge_test_servers::{Addresses, Servers};

use crate::servers::IMAGE;

/// The number of completed machines in the response of the service is the version of HTTP.
const HTTP1: u64 = 1;
const HTTP2: u64 = 2;

fn builder(url: &str, authority: &Path) -> ClientBuilder {
    Client::builder()
        .base_url(url)
        .credentials(Credentials::bearer("a-token"))
        .ca_file(authority)
        .backoff(Duration::ZERO, Duration::ZERO)
}

async fn read(builder: ClientBuilder) -> Result<ImageStatus, Error> {
    builder.build().unwrap().image_status(IMAGE).await
}

async fn refusal(builder: ClientBuilder) -> String {
    let error = read(builder).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{error}");
    error.to_string()
}

/// Returns the base URLs of the service under names that only the proxies resolve: over https, and over plain http.
fn behind_proxies(addresses: &Addresses) -> [String; 2] {
    [format!("https://service.example:{}", addresses.service_port), "http://service.example".to_owned()]
}

fn with_userinfo(proxy: &str, userinfo: &str) -> String {
    proxy.replace("://", &format!("://{userinfo}@"))
}

#[tokio::test]
async fn the_best_protocol_that_the_server_offers_is_used() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    for (url, version) in [
        (&addresses.trusted, HTTP2),
        (&addresses.without_http2, HTTP1),
        (&addresses.tls12, HTTP2),
        (&addresses.tls13, HTTP2),
        (&addresses.plain, HTTP1),
    ] {
        let client = builder(url, &addresses.authority).build().unwrap();
        for _ in 0..2 {
            let status = client.image_status(IMAGE).await.unwrap();
            assert_eq!((status.completed_machines(), status.failed_machines()), (version, 0), "{url}");
        }
    }
}

#[tokio::test]
async fn servers_with_keys_of_p521_are_reached() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    for url in &addresses.p521 {
        let status = read(builder(url, &addresses.p521_authority)).await.unwrap();
        assert_eq!(status.completed_machines(), HTTP2, "{url}");
    }
}

#[test]
fn a_blocking_client_uses_http2() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    let client = clanforge::blocking::Client::new(builder(&addresses.trusted, &addresses.authority)).unwrap();
    for _ in 0..3 {
        assert_eq!(client.image_status(IMAGE).send().unwrap().completed_machines(), HTTP2);
    }
}

#[tokio::test]
async fn an_untrusted_server_is_rejected_with_the_cause_and_the_trust_store() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    assert_eq!(addresses.untrusted.len(), 5);
    for untrusted in &addresses.untrusted {
        let text = refusal(builder(&untrusted.url, &addresses.authority)).await;
        assert!(text.contains(&untrusted.cause), "{} is not in: {text}", untrusted.cause);
        let expected =
            format!("could not connect securely to {} with ca_file {}", untrusted.url, addresses.authority.display());
        assert!(text.starts_with(&expected), "{expected} is not in: {text}");
    }
    let text = refusal(builder(&addresses.trusted, &addresses.untrusted_authority)).await;
    assert!(text.contains(&format!("with ca_file {}", addresses.untrusted_authority.display())), "{text}");
    assert!(text.contains("its issuer is not in that trust store"), "{text}");
}

#[tokio::test]
async fn requests_go_through_a_named_proxy() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    let open = addresses.open_proxies.iter().cloned();
    let authenticating = addresses.authenticating_proxies.iter().map(|proxy| with_userinfo(proxy, &addresses.userinfo));
    for proxy in open.chain(authenticating) {
        let [secure, plain] = behind_proxies(addresses);
        // In a tunnel the proxy does not see the request.
        for (url, version, forwarded) in [(secure, HTTP2, 0), (plain, HTTP1, 1)] {
            let status = read(builder(&url, &addresses.authority).proxy(&proxy).allow_http(true)).await.unwrap();
            assert_eq!(
                (status.completed_machines(), status.failed_machines()),
                (version, forwarded),
                "{url} through {proxy}"
            );
        }
    }
}

#[tokio::test]
async fn a_proxy_that_rejects_its_credentials_is_named_without_them() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    for proxy in &addresses.authenticating_proxies {
        for url in behind_proxies(addresses) {
            let through = |proxy: &str| builder(&url, &addresses.authority).proxy(proxy).allow_http(true);
            let text = refusal(through(proxy)).await;
            assert!(text.starts_with(&format!("the proxy {proxy} requires authentication")), "{text}");
            let text = refusal(through(&with_userinfo(proxy, "user:a-wrong-password"))).await;
            assert!(text.starts_with(&format!("the proxy {proxy} does not accept the credentials")), "{text}");
            assert!(!text.contains("a-wrong-password"), "{text}");
        }
    }
}

#[tokio::test]
async fn errors_tell_the_proxy_from_the_service_behind_it() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    for url in behind_proxies(addresses) {
        let through = |proxy: &str| builder(&url, &addresses.authority).retries(0).proxy(proxy).allow_http(true);
        let text = refusal(through(&addresses.dead_proxy)).await;
        let expected = format!("could not connect to the proxy {} on the way to {url}", addresses.dead_proxy);
        assert!(text.starts_with(&expected), "{text}");

        let secure_proxy = &addresses.open_proxies[1];
        let text = refusal(through(secure_proxy).ca_file(&addresses.untrusted_authority)).await;
        let store = addresses.untrusted_authority.display();
        let expected =
            format!("could not connect securely to the proxy {secure_proxy} on the way to {url} with ca_file {store}");
        assert!(text.starts_with(&expected), "{text}");
    }
    let proxy = &addresses.open_proxies[0];
    let unknown = builder("https://no-such-host.invalid", &addresses.authority).retries(0).proxy(proxy);
    let text = refusal(unknown).await;
    assert!(
        text.starts_with(&format!(
            "the proxy {proxy} refused to connect to https://no-such-host.invalid; check the base URL"
        )),
        "{text}"
    );

    let expired = &addresses.untrusted[0];
    let port = expired.url.rsplit(':').next().unwrap();
    let url = format!("https://service.example:{port}");
    let text = refusal(builder(&url, &addresses.authority).proxy(proxy)).await;
    assert!(
        text.starts_with(&format!("could not connect securely to {url} through the proxy {proxy} with ca_file")),
        "{text}"
    );
    assert!(text.contains(&expired.cause), "{text}");
}

#[tokio::test]
async fn the_servers_are_shared() {
    let Some(servers) = Servers::shared() else { return };
    assert!(Arc::ptr_eq(&servers, &Servers::shared().unwrap()));
}
