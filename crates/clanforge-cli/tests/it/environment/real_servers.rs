//! Certificates and proxies of the environment, with nginx as the service and squid as the proxy.

use std::path::Path;
use std::process::Command;

use clanforge_test_servers::{Addresses, Servers};
use serde_json::Value;

use crate::process::{Finished, command, json, run};

/// The exit code of an unreachable service.
const UNREACHABLE: i32 = 5;

/// Addresses that only the proxies can reach.
const PLAIN: [&str; 3] = ["http://service.example", "http://192.0.2.7", "http://[2001:db8::7]"];

fn status(url: &str) -> Command {
    let mut command = command();
    command
        .env("CLANFORGE_TOKEN", "a-token")
        .args(["status", "--asid", "1", "--image", "2", "--output", "json", "--retries", "0"])
        .args(["--allow-http", "--base-url", url]);
    command
}

fn trusting(url: &str, addresses: &Addresses) -> Command {
    let mut command = status(url);
    command.env("SSL_CERT_FILE", &addresses.authority);
    command
}

fn assert_reaches(command: &mut Command) -> Value {
    let ended = run(command);
    assert_eq!(ended.code, 0, "{command:?}: {ended:?}");
    json(&ended)["status"].clone()
}

fn assert_fails(command: &mut Command) -> Finished {
    let ended = run(command);
    assert!(ended.code == UNREACHABLE && json(&ended)["exit_code"] == UNREACHABLE, "{command:?}: {ended:?}");
    ended
}

fn assert_says(ended: &Finished, expected: &str) {
    assert!(ended.stderr.contains(expected), "{expected} is not in: {}", ended.stderr);
}

#[test]
fn an_untrusted_server_is_refused_with_the_cause_and_the_trust_store() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    let store = addresses.authority.display();
    assert_eq!(addresses.untrusted.len(), 5);
    for untrusted in &addresses.untrusted {
        let by_argument = assert_fails(status(&untrusted.url).arg("--ca-file").arg(&addresses.authority));
        assert_says(&by_argument, &format!("with ca_file {store}"));
        assert_says(&by_argument, &untrusted.cause);
        let by_environment = assert_fails(&mut trusting(&untrusted.url, addresses));
        assert_says(&by_environment, &format!("with the trust store of SSL_CERT_FILE={store}"));
        assert_says(&by_environment, &untrusted.cause);
    }
    let unknown = assert_fails(status(&addresses.trusted).env("SSL_CERT_FILE", &addresses.untrusted_authority));
    assert_says(
        &unknown,
        &format!("with the trust store of SSL_CERT_FILE={}", addresses.untrusted_authority.display()),
    );
    assert_says(&unknown, "its issuer is not in that trust store");
}

#[test]
fn ssl_cert_file_and_ssl_cert_dir_are_trusted_and_no_variable_of_other_languages() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    let trusted = |name: &str, path: &Path| assert_reaches(status(&addresses.trusted).env(name, path));
    assert_eq!(trusted("SSL_CERT_FILE", &addresses.authority)["completed_machines"], 2, "it is not HTTP/2");
    assert_eq!(trusted("SSL_CERT_DIR", &addresses.authority_folder)["completed_machines"], 2, "it is not HTTP/2");
    for name in ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"] {
        // SSL_CERT_FILE keeps the certificates of this machine out of the test.
        let untrusted_authority = &addresses.untrusted_authority;
        let ended = assert_fails(
            status(&addresses.trusted).env("SSL_CERT_FILE", untrusted_authority).env(name, &addresses.authority),
        );
        assert_says(&ended, &format!("with the trust store of SSL_CERT_FILE={}", untrusted_authority.display()));
    }
}

#[test]
fn the_proxy_of_the_environment_reaches_the_service() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    let secure = format!("https://service.example:{}", addresses.service_port);
    let authenticating =
        addresses.authenticating_proxies.iter().map(|it| it.replace("://", &format!("://{}@", addresses.userinfo)));
    for proxy in addresses.open_proxies.iter().cloned().chain(authenticating) {
        for name in ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            let status = assert_reaches(trusting(&secure, addresses).env(name, &proxy));
            assert_eq!(status["completed_machines"], 2, "it is not HTTP/2");
        }
        for (name, url) in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].into_iter().zip(PLAIN.iter().cycle())
        {
            let status = assert_reaches(trusting(url, addresses).env(name, &proxy));
            assert_eq!(status["failed_machines"], 1, "no proxy forwarded it");
        }
    }
    let proxy = &addresses.open_proxies[0];
    // Lower case takes precedence over upper case, and the proxy of a scheme over the one for all.
    assert_reaches(trusting(&secure, addresses).env("https_proxy", proxy).env("HTTPS_PROXY", &addresses.dead_proxy));
    assert_reaches(trusting(&secure, addresses).env("HTTPS_PROXY", proxy).env("all_proxy", &addresses.dead_proxy));
    // In CGI a header of the request sets HTTP_PROXY, so it is not used there.
    let mut in_cgi = trusting(PLAIN[0], addresses);
    assert_fails(in_cgi.env("HTTP_PROXY", proxy).env("REQUEST_METHOD", "GET"));
    // Loopback is never reached through a proxy.
    assert_reaches(trusting(&addresses.trusted, addresses).env("HTTPS_PROXY", &addresses.dead_proxy));
}

#[test]
fn a_proxy_that_fails_is_named_without_its_password() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    let secure = format!("https://service.example:{}", addresses.service_port);
    for (name, url) in [("HTTPS_PROXY", secure.as_str()), ("HTTP_PROXY", PLAIN[0])] {
        for proxy in &addresses.authenticating_proxies {
            let asked = assert_fails(trusting(url, addresses).env(name, proxy));
            assert_says(&asked, &format!("the proxy {proxy} requires authentication"));
            let wrong = proxy.replace("://", "://user:a-wrong-password@");
            let refused = assert_fails(trusting(url, addresses).env(name, wrong));
            assert_says(&refused, &format!("the proxy {proxy} does not accept the credentials"));
            assert!(!refused.stderr.contains("a-wrong-password"), "{refused:?}");
        }
        let dead = assert_fails(trusting(url, addresses).env(name, &addresses.dead_proxy));
        assert_says(&dead, &format!("could not connect to the proxy {} on the way to {url}", addresses.dead_proxy));
    }
}

#[test]
fn hosts_of_no_proxy_are_reached_without_the_proxy() {
    let Some(servers) = Servers::shared() else { return };
    let addresses = &servers.addresses;
    let port = addresses.service_port;
    let (secure, deep) = (format!("https://service.example:{port}"), format!("https://deep.service.example:{port}"));
    let [_, v4, v6] = PLAIN;
    let (own_port, other_port) = (format!("service.example:{port}"), format!("service.example:{}", port - 1));
    for (list, url, is_excepted) in [
        ("*", secure.as_str(), true),
        ("service.example", &secure, true),
        ("service.example", &deep, true),
        (".service.example", &deep, true),
        ("example", &secure, true),
        ("SERVICE.Example", &secure, true),
        (" other.example , service.example ", &secure, true),
        (&own_port, &secure, true),
        ("192.0.2.7", v4, true),
        ("192.0.2.0/24", v4, true),
        ("2001:db8::7", v6, true),
        ("[2001:db8::7]", v6, true),
        ("2001:db8::/32", v6, true),
        ("", &secure, false),
        ("deep.service.example", &secure, false),
        ("ice.example", &secure, false),
        (&other_port, &secure, false),
        ("192.0.2.8", v4, false),
        ("198.51.100.0/24", v4, false),
        ("2001:db9::/32", v6, false),
    ] {
        for name in ["NO_PROXY", "no_proxy"] {
            let mut command = trusting(url, addresses);
            command.env("ALL_PROXY", &addresses.open_proxies[0]).env(name, list);
            if is_excepted {
                // Without the proxy nothing is at this address, and some networks are slow to refuse.
                let ended = assert_fails(command.args(["--timeout", "300ms"]));
                assert!(!ended.stderr.contains("proxy"), "{name}={list:?}: {ended:?}");
            } else {
                assert_reaches(&mut command);
            }
        }
    }
    let mut lower_first = trusting(&secure, addresses);
    lower_first.env("ALL_PROXY", &addresses.open_proxies[0]).env("no_proxy", "other.example").env("NO_PROXY", "*");
    assert_reaches(&mut lower_first);
}
