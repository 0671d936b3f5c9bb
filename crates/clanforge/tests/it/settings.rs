//! Invalid settings, each rejected with its name and a way out.

use std::time::Duration;

use clanforge::{Client, ClientBuilder, Credentials, ErrorKind};

use crate::servers::{IMAGE, simulator};

fn with_token() -> ClientBuilder {
    Client::builder().credentials(Credentials::bearer("a-token"))
}

#[test]
fn invalid_settings_are_rejected_before_anything_is_sent() {
    let missing = tempfile::tempdir().unwrap().path().join("ca.pem");
    let empty = tempfile::NamedTempFile::new().unwrap();
    for (builder, expected) in [
        (with_token().base_url("http://api.multiplay.co.uk"), "use https://, or `allow_http` for a test server"),
        (with_token().base_url("http://127.0.0.1:1").proxy("http://proxy.example"), "clear text"),
        (with_token().base_url("not a url"), "invalid base URL"),
        (with_token().timeout(Duration::ZERO), "`timeout` must be longer than 0 s"),
        (with_token().attempt_timeout(Duration::ZERO), "`attempt_timeout` must be longer than 0 s"),
        (with_token().connect_timeout(Duration::ZERO), "`connect_timeout` must be longer than 0 s"),
        (with_token().max_body_bytes(0), "`max_body_bytes` must be greater than 0"),
        (with_token().base_url("http://127.0.0.1:1").proxy("socks5://proxy.example"), "`socks5` is not http or https"),
        (with_token().proxy("socks5://proxy.example"), "`socks5` is not http or https"),
        (with_token().proxy("http://canary:canary@["), "invalid `proxy`"),
        (with_token().proxy("http://canary:can#ary@proxy.example"), "contains `#`: write %23 instead"),
        (with_token().proxy("http://canary:1/canary@proxy.example"), "contains `/`: write %2F instead"),
        (with_token().proxy("canary:can?ary@proxy.example:3128"), "contains `?`: write %3F instead"),
        (with_token().proxy("http://canary\\canary:canary@proxy.example"), "contains `\\`: write %5C instead"),
        (with_token().proxy("http://canary:c@n/ary@proxy.example"), "contains `/`: write %2F instead"),
        (with_token().proxy("http://proxy.example/canary"), "it has a path, a query or a fragment"),
        (with_token().user_agent("deploy\ntool"), "invalid `user_agent`"),
        (with_token().ca_file(&missing), "ca.pem"),
        (with_token().ca_file(empty.path()), "it contains no certificate"),
        (with_token().extra_ca_file(&missing), "extra_ca_file"),
        (
            Client::builder().from_variables(variables(&[("CLANFORGE_TOKEN", ""), ("OTHER", "canary")])),
            "no credentials",
        ),
        (
            Client::builder()
                .from_variables(variables(&[("CLANFORGE_TOKEN", "canary"), ("CLANFORGE_TOKEN_FILE", "canary")])),
            "CLANFORGE_TOKEN and CLANFORGE_TOKEN_FILE are both set",
        ),
        (
            Client::builder().from_variables(variables(&[("CLANFORGE_SECRET_KEY_FILE", "/canary")])),
            "the file that CLANFORGE_SECRET_KEY_FILE names cannot be read: No such file or directory",
        ),
        (
            Client::builder().from_variables(variables(&[("CLANFORGE_ACCESS_KEY", "canary")])),
            "CLANFORGE_ACCESS_KEY is set and CLANFORGE_SECRET_KEY is not",
        ),
        (
            Client::builder()
                .from_variables(variables(&[("CLANFORGE_TOKEN", "canary"), ("CLANFORGE_BASE_URL", "not a url")])),
            "invalid base URL",
        ),
    ] {
        assert_refused(builder, expected);
    }
}

#[test]
fn keys_and_tokens_that_cannot_be_right_are_rejected_without_showing_them() {
    let keys =
        |access_key: &str, secret_key: &str| Client::builder().credentials(Credentials::basic(access_key, secret_key));
    let token = |token: &str| Client::builder().credentials(Credentials::bearer(token));
    for (builder, expected) in [
        (Client::builder(), "no credentials: pass them, or call from_env"),
        (keys("", "canary"), "the access key must not be empty"),
        (keys("canary", ""), "the secret key must not be empty"),
        (keys("canary:canary", "canary"), "the access key contains a colon"),
        (keys("canary", "canary\n"), "the secret key begins or ends with white space"),
        (token("canary canary"), "the token contains a space"),
        (token("canary\u{feff}"), "the token begins or ends with the invisible character U+FEFF (byte order mark)"),
        (keys("\u{200b}canary", "canary"), "the access key begins or ends with the invisible character U+200B"),
        (keys("canary", "canary\u{ad}"), "the secret key begins or ends with the invisible character U+00AD"),
        (keys("canary", "\"canary\""), "the secret key is within quotes"),
        (token("'canary'"), "the token is within quotes"),
        (token("$(CANARY)"), "the token is the name of a variable that was not replaced"),
        (token("${CANARY}"), "the token is the name of a variable that was not replaced"),
        (token("$CANARY_2"), "the token is the name of a variable that was not replaced"),
        (keys("%CANARY%", "canary"), "the access key is the name of a variable that was not replaced"),
        (keys("***", "canary"), "the access key consists of asterisks"),
        (token("Bearer canary"), "the token begins with an authentication scheme"),
        (keys("basic canary", "canary"), "the access key begins with an authentication scheme"),
        (token("canary\u{e9}"), "not ASCII"),
    ] {
        assert_refused(builder, expected);
    }
}

/// Checks that a client is refused by its settings, and that the error shows no key.
fn assert_refused(builder: clanforge::ClientBuilder, expected: &str) {
    let error = builder.build().expect_err(expected);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Configuration, 0));
    assert!(error.to_string().contains(expected), "{expected}: {error}");
    assert!(!format!("{error} {error:?}").to_lowercase().contains("canary"), "{error:?}");
}

#[tokio::test]
async fn an_id_of_zero_is_refused_before_anything_is_sent() {
    let client = with_token().base_url("http://127.0.0.1:1").build().unwrap();
    for (image, expected) in [
        (clanforge::ImageRef::new(0, 5678), "invalid account service ID 0"),
        (clanforge::ImageRef::new(1234, 0), "invalid image ID 0"),
    ] {
        for error in [client.image_status(image).await.unwrap_err(), client.wait(image).await.unwrap_err()] {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Configuration, 0));
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}

fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn debug_of_a_builder_shows_no_password() {
    let builder = with_token().base_url("https://canary:canary@host").proxy("http://canary:canary@host");
    assert!(!format!("{builder:?}").contains("canary"));
}

#[test]
fn unusual_but_valid_settings_are_accepted() {
    for builder in [
        with_token(),
        with_token().base_url("http://127.0.0.1:1"),
        with_token().base_url("http://localhost:1/gateway/"),
        with_token().base_url("http://10.0.0.1").allow_http(true),
        with_token().proxy("http://user:word@proxy.example:3128"),
        with_token().timeout(Duration::MAX).attempt_timeout(Duration::MAX),
        with_token().retries(0),
    ] {
        builder.build().unwrap();
    }
}

#[tokio::test]
async fn a_zero_timeout_is_rejected_and_a_huge_one_accepted() {
    let simulator = simulator("happy");
    let client = with_token().base_url(simulator.url()).credentials(Credentials::bearer("simulator-token"));
    let client = client.build().unwrap();
    let error = client.image_status(IMAGE).timeout(Duration::ZERO).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(client.image_status(IMAGE).timeout(Duration::MAX).retries(u32::MAX).await.is_ok());
}

#[test]
fn every_kind_of_error_has_a_unique_name() {
    assert_eq!(ErrorKind::ALL.len(), ErrorKind::Internal as usize + 1, "ALL lacks one");
    let mut names: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ErrorKind::ALL.len());
}
