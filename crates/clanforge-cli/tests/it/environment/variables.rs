//! Environment variables of the command, and the secrets in them.

use crate::process::{against, command, run, simulator};

#[test]
fn credentials_address_and_account_come_from_the_environment() {
    let simulator = simulator("happy");
    let ended =
        run(against(&simulator).env("CLANFORGE_ACCOUNT_SERVICE_ID", "4321").args(["status", "--image", "8765"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(simulator.received().last().unwrap().target, "/cfp/v2/project/4321/image/8765/status");

    let token = run(command()
        .env("CLANFORGE_BASE_URL", "http://127.0.0.1:1")
        .env("CLANFORGE_TOKEN", "simulator-token")
        .args(["status", "--asid", "1", "--image", "2", "--base-url", &simulator.url()]));
    assert_eq!(token.code, 0, "an option takes precedence over the environment: {token:?}");
}

#[test]
fn the_keys_sign_requests_with_sigv4_from_the_option_or_the_environment() {
    let simulator = simulator("happy");
    let status = ["status", "--asid", "1", "--image", "2"];
    let by_argument = run(against(&simulator).args(status).args(["--auth-scheme", "sigv4"]));
    let by_environment = run(against(&simulator).env("CLANFORGE_AUTH_SCHEME", "sigv4").args(status));
    assert_eq!((by_argument.code, by_environment.code), (0, 0), "{by_argument:?} {by_environment:?}");
    // The simulator refuses the signature of another key, so it verified the ones above.
    let refused =
        run(against(&simulator).env("CLANFORGE_SECRET_KEY", "canary").args(status).args(["--auth-scheme", "sigv4"]));
    assert_eq!(refused.code, 4, "{refused:?}");
    let unknown = run(against(&simulator).env("CLANFORGE_AUTH_SCHEME", "canary").args(status));
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.stderr.contains("neither basic nor sigv4") && !unknown.stderr.contains("canary"), "{unknown:?}");
}

#[test]
fn an_invalid_variable_is_refused_by_name() {
    for (variables, expected) in [
        (&[][..], "no credentials: set CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY, or CLANFORGE_TOKEN"),
        (&[("CLANFORGE_TOKEN", "")], "no credentials"),
        (&[("CLANFORGE_TOKEN", "canary"), ("HTTPS_PROXY", "http://canary@[")], "invalid HTTPS_PROXY"),
        (&[("CLANFORGE_TOKEN", "canary"), ("ALL_PROXY", "socks5://canary")], "invalid ALL_PROXY: the scheme `socks5`"),
        (&[("CLANFORGE_ACCESS_KEY", "canary")], "CLANFORGE_SECRET_KEY is not"),
        (
            &[("CLANFORGE_ACCESS_KEY", "canary"), ("CLANFORGE_SECRET_KEY", "canary"), ("CLANFORGE_TOKEN", "canary")],
            "unset one",
        ),
        (&[("CLANFORGE_TOKEN", "canary\n")], "the token begins or ends with white space"),
        (
            &[("CLANFORGE_TOKEN", "canary"), ("CLANFORGE_BASE_URL", "https://canary:canary@host")],
            "user name or password",
        ),
        (&[("CLANFORGE_TOKEN", "canary"), ("SSL_CERT_FILE", "/no/such.pem")], "SSL_CERT_FILE=/no/such.pem"),
    ] {
        let ended = run(command().envs(variables.iter().copied()).args(["status", "--asid", "1", "--image", "2"]));
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{ended:?}");
        assert!(ended.stderr.contains(expected), "{expected}: {ended:?}");
        assert!(!ended.stderr.contains("canary"), "{ended:?}");
    }
}

#[test]
fn a_missing_or_invalid_account_service_id_is_refused() {
    for (value, expected) in [
        (None, "no account service ID: pass --asid, or set CLANFORGE_ACCOUNT_SERVICE_ID"),
        (Some(""), "no account service ID"),
        (Some("canary"), "CLANFORGE_ACCOUNT_SERVICE_ID is not a number"),
        (Some("0"), "invalid account service ID 0"),
    ] {
        let mut command = command();
        command.env("CLANFORGE_TOKEN", "a-token").args(["status", "--image", "2"]);
        if let Some(value) = value {
            command.env("CLANFORGE_ACCOUNT_SERVICE_ID", value);
        }
        let ended = run(&mut command);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.stderr.contains(expected) && !ended.stderr.contains("canary"), "{ended:?}");
    }
}

#[test]
fn an_invalid_log_filter_is_ignored_with_a_warning() {
    let ended = run(command().env("RUST_LOG", "bogus===").args(["schema", "gate"]));
    assert!(ended.code == 0 && ended.stderr.starts_with("warning: ignoring RUST_LOG"), "{ended:?}");
}

#[test]
fn a_proxy_is_used_for_other_hosts_and_never_for_loopback() {
    let simulator = simulator("happy");
    let nobody = "http://127.0.0.1:9";
    let here = run(against(&simulator)
        .envs([("HTTP_PROXY", nobody), ("http_proxy", nobody), ("ALL_PROXY", nobody)])
        .args(["status", "--asid", "1", "--image", "2"]));
    assert_eq!(here.code, 0, "{here:?}");
    let elsewhere = run(against(&simulator).env("HTTPS_PROXY", nobody).args([
        "status",
        "--asid",
        "1",
        "--image",
        "2",
        "--retries",
        "0",
        "--base-url",
        "https://clanforge.invalid",
    ]));
    assert_eq!(elsewhere.code, 5, "{elsewhere:?}");
    assert!(elsewhere.stderr.contains("connection refused"), "{elsewhere:?}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_unicode_is_named_and_not_taken_as_unset() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    for name in [
        "CLANFORGE_ACCOUNT_SERVICE_ID",
        "CLANFORGE_TOKEN",
        "CLANFORGE_ACCESS_KEY",
        "CLANFORGE_SECRET_KEY",
        "CLANFORGE_AUTH_SCHEME",
        "CLANFORGE_BASE_URL",
        "HTTPS_PROXY",
        "NO_PROXY",
    ] {
        let mut asked = command();
        asked.envs([
            ("CLANFORGE_ACCOUNT_SERVICE_ID", "1"),
            ("CLANFORGE_ACCESS_KEY", "a"),
            ("CLANFORGE_SECRET_KEY", "b"),
        ]);
        asked.env("ALL_PROXY", "http://127.0.0.1:9");
        let ended = run(asked.env(name, OsStr::from_bytes(b"canary\xff")).args(["status", "--image", "2"]));
        assert!(ended.code == 2 && ended.stderr.contains(&format!("{name} is not valid Unicode")), "{name}: {ended:?}");
        assert!(!ended.stderr.contains("canary"), "{ended:?}");
    }
    let log = run(command().env("RUST_LOG", OsStr::from_bytes(b"debug\xff")).args(["schema", "gate"]));
    assert!(log.stderr.contains("ignoring RUST_LOG: it is not valid Unicode"), "{log:?}");
}
