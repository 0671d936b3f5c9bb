//! Canary secrets that must not appear in any text, whatever fails and whoever sends them back.

use std::collections::BTreeMap;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clanforge::{Client, ClientBuilder, Credentials, Error};
use clanforge_simulator::{Reply, Simulator};

use crate::servers::{CANCEL, Http2Server, IMAGE, Response, always, json, raw_server, simulator};

const ACCESS_KEY: &str = "Canary-Access-Key-1f2e3d";
/// With every character that text may escape.
const SECRET_KEY: &str = r#"canary"s\ecret'key/4c+5b=6A"#;
/// Longer than the limit at which texts are cut.
const TOKEN_BEGINNING: &str = "Canary-Token-7a8b9c";

fn token() -> String {
    format!("{TOKEN_BEGINNING}{}", "-0123456789ABCDEF".repeat(24))
}

/// The logs of all crates at the finest level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Returns each kind of credentials, with every form of its secrets.
fn kinds() -> [(Credentials, Vec<String>); 3] {
    let encoded = |secret: &str| STANDARD.encode(secret);
    let pair = encoded(&format!("{ACCESS_KEY}:{SECRET_KEY}"));
    [
        (Credentials::basic(ACCESS_KEY, SECRET_KEY), vec![ACCESS_KEY.to_owned(), SECRET_KEY.to_owned(), pair]),
        (Credentials::sigv4(ACCESS_KEY, SECRET_KEY), vec![ACCESS_KEY.to_owned(), SECRET_KEY.to_owned()]),
        (Credentials::bearer(token()), vec![token(), encoded(&token())]),
    ]
}

fn assert_clean(text: &str, whose: &str, secrets: &[String]) {
    let text = text.to_lowercase();
    for secret in secrets.iter().map(|secret| secret.to_lowercase()) {
        for form in [secret.clone(), secret.escape_debug().to_string()] {
            assert!(!text.contains(&form), "{form} shows in {whose}: {text}");
        }
    }
    assert!(!text.contains("canary"), "a part of a secret shows in {whose}: {text}");
}

/// Returns replies that fail in every way; many send the secrets back.
fn provocations(secrets: &[String]) -> Vec<Reply> {
    let echo = secrets.join(" ");
    let plain_echo = echo.clone();
    let echo = echo.replace('\\', "\\\\").replace('"', "\\\"");
    let in_url = secrets.join("%20");
    let escaped = secrets
        .join("")
        .chars()
        .fold(String::new(), |text, character| format!("{text}\\u{:04x}", u32::from(character)));
    let envelope = format!(r#"{{"success": false, "error": true, "error_code": "{echo}", "error_message": "{echo}"}}"#);
    let headers = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
    let with_header =
        |status, name, value: &str| Reply::Response { status, headers: headers(name, value), body: envelope.clone() };
    let statuses = [400, 401, 403, 404, 408, 429, 500, 503];
    let refusals =
        statuses.into_iter().flat_map(|status| [json(status, ""), json(status, &envelope), json(status, &echo)]);
    let responses = [
        json(200, &envelope),
        json(200, &echo),
        json(200, &format!(r#"{{"pending_machines": "{echo}", "completed_machines": 1}}"#)),
        json(200, &format!(r#"{{"pending_machines": 1, "completed_machines": 1, "fleets": {{"{echo}": 1}}}}"#)),
        json(200, &format!(r#"{{"pending_machines": "{escaped}", "completed_machines": 1}}"#)),
        with_header(503, "X-Request-Id", &plain_echo),
        with_header(200, "Content-Type", &plain_echo),
        with_header(503, "Retry-After", &plain_echo),
        Reply::Redirect {
            status: 302,
            location: format!("https://{in_url}:{in_url}@{in_url}.example/{in_url}?{in_url}"),
        },
        Reply::Redirect { status: 302, location: format!("https://{}.example/", secrets[0]) },
        Reply::RateLimited { retry_after: "3600".to_owned() },
        Reply::Raw { bytes: format!("HTTP/1.1 {plain_echo}\r\n\r\n") },
        Reply::Hang,
        Reply::CloseBeforeResponse,
        Reply::ResetBeforeResponse,
        Reply::ResetWithinHead,
        Reply::ResetWithinBody,
        Reply::CloseWithinBody,
        Reply::TruncatedJson,
        Reply::MalformedJson,
        Reply::EndlessBody,
    ];
    refusals.chain(responses).collect()
}

fn builder(simulator: &Simulator, credentials: Credentials) -> ClientBuilder {
    Client::builder()
        .base_url(simulator.url())
        .credentials(credentials)
        .attempt_timeout(Duration::from_millis(300))
        .backoff(Duration::ZERO, Duration::ZERO)
}

fn assert_error_is_clean(error: &Error, secrets: &[String]) {
    assert_clean(&error.to_string(), "Display", secrets);
    assert_clean(&format!("{error:?} {error:#?}"), "Debug", secrets);
    let texts = [error.request_id(), error.api_code(), error.api_message(), error.json_path(), Some(error.message())];
    let texts: Vec<_> = texts.into_iter().flatten().chain(error.causes()).collect();
    assert_clean(&texts.join(" "), "a field", secrets);
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        assert_clean(&format!("{cause} {cause:?}"), "a source", secrets);
        source = cause.source();
    }
}

fn assert_panic_is_clean(error: &Error, client: &Client, credentials: &Credentials, secrets: &[String]) {
    let panicking = || panic!("{error} {error:?} {client:?} {credentials:?} {:?}", client.image_status(IMAGE));
    let payload = catch_unwind(AssertUnwindSafe(panicking)).expect_err("it panics");
    let text = payload.downcast_ref::<String>().expect("a panic with arguments has a text");
    assert_clean(text, "a panic", secrets);
}

#[tokio::test]
async fn no_secret_appears_in_errors_logs_or_panics() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("no other test sets one");
    let bridged = tracing_log::LogTracer::init();
    bridged.expect("no other test takes the records of the log crate");

    let mut errors = 0;
    for (credentials, secrets) in kinds() {
        for reply in provocations(&secrets) {
            let simulator = always(reply.clone());
            let client = builder(&simulator, credentials.clone()).build().unwrap();
            let Err(error) = client.image_status(IMAGE).detail(true).await else { panic!("{reply:?} is a status") };
            assert_error_is_clean(&error, &secrets);
            assert_panic_is_clean(&error, &client, &credentials, &secrets);
            errors += 1;
        }
        let simulator = simulator("happy");
        let url = simulator.url();
        let over_http2 = [Response::Close, Response::Reset(CANCEL), Response::ResetWithinBody(CANCEL)];
        let over_http2 = over_http2.map(|response| Http2Server::start(move |_, _| response));
        let over_http2 = over_http2.iter().map(|server| server.builder().credentials(credentials.clone()));
        let refusing_proxy = raw_server(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n".to_vec());
        let with_secret = refusing_proxy.replace("://", &format!("://{ACCESS_KEY}:{ACCESS_KEY}@"));
        let others = [
            builder(&simulator, credentials.clone()).base_url("https://no-such-host.invalid").proxy(&with_secret),
            builder(&simulator, credentials.clone())
                .base_url("http://no-such-host.invalid")
                .proxy(&with_secret)
                .allow_http(true),
            builder(&simulator, credentials.clone()).base_url("http://no-such-host.invalid").allow_http(true),
            builder(&simulator, credentials.clone()).base_url(url.replace("http", "https")),
            builder(&simulator, credentials.clone())
                .proxy(format!("http://{ACCESS_KEY}:{ACCESS_KEY}@127.0.0.1:9"))
                .allow_http(true),
        ];
        for builder in others.into_iter().chain(over_http2) {
            assert_clean(&format!("{builder:?}"), "a builder", &secrets);
            let client = builder.build().unwrap();
            let error = client.image_status(IMAGE).await.unwrap_err();
            assert_error_is_clean(&error, &secrets);
            assert_panic_is_clean(&error, &client, &credentials, &secrets);
            errors += 1;
        }
    }
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "{}", token()).unwrap();
    let secrets = vec![token(), STANDARD.encode(token())];
    for reply in provocations(&secrets) {
        let simulator = always(reply.clone());
        let variables = [("CLANFORGE_TOKEN_FILE".to_owned(), file.path().to_str().unwrap().to_owned())];
        let client = Client::builder().base_url(simulator.url()).attempt_timeout(Duration::from_millis(300));
        let client = client.backoff(Duration::ZERO, Duration::ZERO).from_variables(variables).build().unwrap();
        let Err(error) = client.image_status(IMAGE).detail(true).await else { panic!("{reply:?} is a status") };
        assert_error_is_clean(&error, &secrets);
        assert_clean(&format!("{client:?}"), "a client", &secrets);
        errors += 1;
    }
    assert!(errors > 110, "only {errors} errors were provoked");
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("attempt failed") && log.contains("hyper") && log.contains("h2::"), "nothing was logged");
    for line in log.lines() {
        for (_, secrets) in kinds() {
            assert_clean(line, "the log", &secrets);
        }
        assert!(!line.contains("?detail="), "a query shows in the log: {line}");
    }
}

#[tokio::test]
async fn no_password_of_a_proxy_appears_in_errors() {
    let (user, password) = ("canary-user", "canary/p#ss?word");
    let pair = STANDARD.encode(format!("{user}:{password}"));
    let secrets = [user, password, "canary%2Fp%23ss%3Fword", &pair].map(str::to_owned);
    let echoes = clanforge_test_faults::Echoes::start().unwrap();
    for proxy in &echoes.urls {
        let proxy = proxy.replace("://", &format!("://{user}:canary%2Fp%23ss%3Fword@"));
        let builder = Client::builder().base_url("http://service.example").allow_http(true).proxy(proxy).retries(0);
        let client = builder.credentials(Credentials::bearer("a-token")).build().unwrap();
        let error = client.image_status(IMAGE).await.expect_err("an echo is no status");
        assert_error_is_clean(&error, &secrets);
    }
    for proxy in [
        "http://user:12#canary@127.0.0.1:8080",
        "http://canary/x:y@127.0.0.1",
        "user:canary://x@127.0.0.1",
        "canary://x",
    ] {
        let builder = Client::builder().credentials(Credentials::bearer("a-token")).proxy(proxy);
        let error = builder.build().unwrap_err();
        assert!(error.to_string().starts_with("invalid `proxy`: "), "{error}");
        assert_error_is_clean(&error, &secrets);
    }
}

#[tokio::test]
async fn credentials_are_not_sent_to_another_origin_or_in_clear_text() {
    let echoes = clanforge_test_faults::Echoes::start().unwrap();
    for (credentials, secrets) in kinds() {
        for url in &echoes.urls {
            let client = Client::builder().base_url(url).credentials(credentials.clone()).retries(0).build().unwrap();
            let error = client.image_status(IMAGE).await.expect_err("an echo is no status");
            assert_error_is_clean(&error, &secrets);
        }
        for url in ["http://service.example", "http://192.0.2.1", "http://127.0.0.1.example"] {
            let error = Client::builder().base_url(url).credentials(credentials.clone()).build().unwrap_err();
            assert_eq!(error.kind(), clanforge::ErrorKind::Configuration);
            assert!(error.to_string().contains("credentials would cross the network in clear text"), "{error}");
            assert_error_is_clean(&error, &secrets);
        }
    }
    assert!(!std::path::Path::new(&echoes.followed).exists(), "credentials were sent to another origin");
}
