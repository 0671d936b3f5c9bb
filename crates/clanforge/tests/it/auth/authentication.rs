//! Signatures, clocks that differ, and credentials providers.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use clanforge::{Client, ClientBuilder, Credentials, ErrorKind};

use crate::servers::{IMAGE, RecordingServer, STATUS_RESPONSE, simulator};

const UNAUTHORIZED: &str = "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n";

fn unauthorized(rest: &str) -> Vec<u8> {
    format!("{UNAUTHORIZED}{rest}\r\n").into_bytes()
}

/// Returns a 401 whose Date is this far ahead of this machine's clock.
fn unauthorized_ahead(ahead: Duration) -> Vec<u8> {
    unauthorized(&format!("Date: {}\r\n", httpdate::fmt_http_date(SystemTime::now() + ahead)))
}

fn to(server: &RecordingServer) -> ClientBuilder {
    Client::builder().base_url(&server.url).backoff(Duration::from_millis(1), Duration::from_millis(2))
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let found = request.lines().find_map(|line| {
        let (given, value) = line.split_once(": ")?;
        given.eq_ignore_ascii_case(name).then_some(value)
    });
    found.unwrap_or_default()
}

/// How many seconds may pass between a signature and its check on a busy machine.
const TOLERANCE: i64 = 120;

/// Returns how many seconds ahead of this machine's clock a request was signed.
fn signed_ahead(request: &str) -> i64 {
    let date = header(request, "x-amz-date");
    let [year, month, day, hour, minute, second] = [0..4, 4..6, 6..8, 9..11, 11..13, 13..15].map(|place| &date[place]);
    let text = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z");
    let seconds = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs().cast_signed();
    seconds(humantime::parse_rfc3339(&text).unwrap()) - seconds(SystemTime::now())
}

#[tokio::test]
async fn a_signature_is_sent_instead_of_the_secret_key() {
    let server = RecordingServer::start();
    let client = to(&server).credentials(Credentials::sigv4("AKIDEXAMPLE", "a-secret-key")).build().unwrap();
    client.image_status(IMAGE).detail(true).await.unwrap();
    let request = server.last_request();
    let authorization = header(&request, "authorization");
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{request}");
    assert!(
        authorization.contains("/eu-west-1/cf/aws4_request, SignedHeaders=host;x-amz-date, Signature="),
        "{request}"
    );
    assert!(!request.contains("a-secret-key"), "{request}");
    assert!(signed_ahead(&request).abs() <= TOLERANCE, "{request}");
}

#[tokio::test]
async fn the_simulator_accepts_signatures_by_its_own_implementation() {
    let simulator = simulator("happy");
    let identity = simulator.identity();
    let signed = |secret_key: &str| {
        let credentials = Credentials::sigv4(&identity.access_key, secret_key);
        Client::builder().base_url(simulator.url()).credentials(credentials).build().unwrap()
    };
    let client = signed(&identity.secret_key);
    assert!(client.image_status(IMAGE).detail(true).await.unwrap().fleets().is_some());
    assert!(client.image_status(IMAGE).await.unwrap().fleets().is_none());
    let error = signed("another-secret-key").image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Authentication, Some(401)));
}

#[tokio::test]
async fn each_attempt_has_a_signature_of_its_own() {
    // Signatures differ by the second, and Retry-After puts a second between the attempts.
    let server = RecordingServer::responding(|number, _| match number {
        0 => b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_vec(),
        _ => STATUS_RESPONSE.to_vec(),
    });
    let client = to(&server).credentials(Credentials::sigv4("AKIDEXAMPLE", "a-secret-key")).build().unwrap();
    client.image_status(IMAGE).await.unwrap();
    let [first, second] = &server.requests()[..] else { panic!("two requests") };
    assert_ne!(header(first, "x-amz-date"), header(second, "x-amz-date"));
    assert_ne!(header(first, "authorization"), header(second, "authorization"));
}

#[tokio::test]
async fn a_clock_that_differs_is_corrected_once_for_all_calls() {
    for (status, ahead) in [("401 Unauthorized", 3600), ("403 Forbidden", 600)] {
        let server = RecordingServer::responding(move |number, _| match number {
            0 => {
                let response = String::from_utf8(unauthorized_ahead(Duration::from_secs(ahead))).unwrap();
                response.replace("401 Unauthorized", status).into_bytes()
            }
            _ => STATUS_RESPONSE.to_vec(),
        });
        let credentials = Credentials::sigv4("AKIDEXAMPLE", "a-secret-key");
        let client = to(&server).credentials(credentials).retries(0).build().unwrap();
        client.image_status(IMAGE).await.unwrap();
        client.image_status(IMAGE).await.unwrap();
        let ahead = ahead.cast_signed();
        let found: Vec<_> = server.requests().iter().map(|request| signed_ahead(request)).collect();
        let [first, second, third] = found[..] else { panic!("{found:?}") };
        assert!(
            first.abs() <= TOLERANCE && (second - ahead).abs() <= TOLERANCE && (third - ahead).abs() <= TOLERANCE,
            "{found:?}"
        );
    }
}

#[tokio::test]
async fn a_401_that_no_clock_explains_is_permanent() {
    let two_hours = Duration::from_secs(7200);
    // Two hours further ahead with each request: the client corrects its clock once.
    let runs_away = RecordingServer::responding(move |number, _| {
        unauthorized_ahead(two_hours * u32::try_from(number + 1).unwrap())
    });
    let on_time = RecordingServer::responding(|_, _| unauthorized_ahead(Duration::ZERO));
    let without_date = RecordingServer::responding(|_, _| unauthorized(""));
    let with_bad_date = RecordingServer::responding(|_, _| unauthorized("Date: yesterday\r\n"));
    for (server, attempts) in [(runs_away, 2), (on_time, 1), (without_date, 1), (with_bad_date, 1)] {
        let client = to(&server).credentials(Credentials::sigv4("AKIDEXAMPLE", "a-secret-key")).build().unwrap();
        let error = client.image_status(IMAGE).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, attempts));
    }
    let server = RecordingServer::responding(move |_, _| unauthorized_ahead(two_hours));
    let client = to(&server).credentials(Credentials::basic("a-key", "a-secret")).build().unwrap();
    assert_eq!(client.image_status(IMAGE).await.unwrap_err().attempts(), 1, "Basic authentication has no clock");
}

/// Returns a provider of `token-1`, `token-2` and so on, and the number of its calls.
fn counting() -> (Arc<AtomicUsize>, impl Fn() -> std::future::Ready<Result<Credentials, String>> + Send + Sync) {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let provider = move || {
        let number = count.fetch_add(1, Ordering::Relaxed) + 1;
        std::future::ready(Ok(Credentials::bearer(format!("token-{number}"))))
    };
    (calls, provider)
}

#[tokio::test]
async fn a_provider_is_called_before_the_first_request_and_once_more_after_a_401() {
    let server =
        RecordingServer::responding(|number, _| if number == 1 { unauthorized("") } else { STATUS_RESPONSE.to_vec() });
    let (calls, provider) = counting();
    let client = to(&server).credentials_provider(provider).build().unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 0, "the provider is called where credentials are needed");
    for _ in 0..3 {
        client.image_status(IMAGE).retries(0).await.unwrap();
    }
    let sent: Vec<_> = server.requests().iter().map(|request| header(request, "authorization").to_owned()).collect();
    assert_eq!(sent, ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"]);
}

#[tokio::test]
async fn a_403_ends_the_call_and_the_next_call_has_new_credentials() {
    let forbidden = String::from_utf8(unauthorized("")).unwrap().replace("401", "403").into_bytes();
    let server = RecordingServer::responding(move |_, request| {
        if request.contains("token-1") { forbidden.clone() } else { STATUS_RESPONSE.to_vec() }
    });
    let (calls, provider) = counting();
    let client = to(&server).credentials_provider(provider).build().unwrap();
    assert_eq!(client.image_status(IMAGE).await.unwrap_err().kind(), clanforge::ErrorKind::PermissionDenied);
    client.image_status(IMAGE).await.unwrap();
    assert_eq!((server.requests().len(), calls.load(Ordering::Relaxed)), (2, 2));
}

#[tokio::test]
async fn a_file_with_a_token_is_read_again_after_a_401() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "token-1\r\n").unwrap();
    let server = RecordingServer::responding(|number, request| {
        if number > 0 && request.contains("token-1") { unauthorized("") } else { STATUS_RESPONSE.to_vec() }
    });
    let variables = [
        ("CLANFORGE_TOKEN_FILE".to_owned(), file.path().to_str().unwrap().to_owned()),
        ("CLANFORGE_BASE_URL".to_owned(), server.url.clone()),
    ];
    let client = Client::builder().from_variables(variables).build().unwrap();
    client.image_status(IMAGE).await.unwrap();
    std::fs::write(&file, "token-2").unwrap();
    client.image_status(IMAGE).await.unwrap();
    let sent: Vec<_> = server.requests().iter().map(|request| header(request, "authorization").to_owned()).collect();
    assert_eq!(sent, ["Bearer token-1", "Bearer token-1", "Bearer token-2"]);
    std::fs::remove_file(file.path()).unwrap();
    let server = RecordingServer::responding(|_, _| unauthorized(""));
    let error = Client::builder()
        .from_variables([("CLANFORGE_TOKEN_FILE".to_owned(), file.path().to_str().unwrap().to_owned())])
        .base_url(&server.url)
        .build()
        .unwrap_err();
    let expected = "the file that CLANFORGE_TOKEN_FILE names cannot be read: No such file or directory";
    assert!(error.to_string().starts_with(expected), "{error}");
}

#[tokio::test]
async fn a_second_401_ends_the_call_and_a_403_does_not_call_the_provider() {
    for (response, attempts, expected) in [
        (unauthorized(""), 2, 2),
        (String::from_utf8(unauthorized("")).unwrap().replace("401", "403").into_bytes(), 1, 1),
    ] {
        let server = RecordingServer::responding(move |_, _| response.clone());
        let (calls, provider) = counting();
        let client = to(&server).credentials_provider(provider).build().unwrap();
        let error = client.image_status(IMAGE).await.unwrap_err();
        assert_eq!((error.attempts(), calls.load(Ordering::Relaxed)), (attempts, expected), "{error}");
    }
}

#[tokio::test]
async fn concurrent_calls_share_one_call_of_the_provider() {
    let server = RecordingServer::responding(|_, request| {
        if request.contains("token-1") { unauthorized("") } else { STATUS_RESPONSE.to_vec() }
    });
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let slow = move || {
        let number = count.fetch_add(1, Ordering::Relaxed) + 1;
        async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok::<_, String>(Credentials::bearer(format!("token-{number}")))
        }
    };
    let client = to(&server).credentials_provider(slow).build().unwrap();
    let spawned: Vec<_> = (0..8).map(|_| tokio::spawn(client.image_status(IMAGE).into_future())).collect();
    for call in spawned {
        call.await.unwrap().unwrap();
    }
    assert_eq!(calls.load(Ordering::Relaxed), 2, "once at first, and once for eight rejections");
}

#[tokio::test]
async fn the_error_of_a_provider_is_in_the_error_of_the_call() {
    let server = RecordingServer::start();
    let failing = || std::future::ready(Err::<Credentials, _>(std::io::Error::other("the vault is sealed")));
    let error = to(&server).credentials_provider(failing).build().unwrap().image_status(IMAGE).await.unwrap_err();
    assert_eq!(error.to_string(), "the credentials provider failed: the vault is sealed");
    assert!(error.source().is_none(), "the message says it all: {error:?}");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 0));
    let empty = || std::future::ready(Ok::<_, String>(Credentials::bearer("")));
    let error = to(&server).credentials_provider(empty).build().unwrap().image_status(IMAGE).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid credentials: the token must not be empty; check what the credentials provider returns"
    );
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_provider_that_does_not_return_is_cancelled_at_the_timeout() {
    let server = RecordingServer::start();
    let silent = || std::future::pending::<Result<Credentials, String>>();
    let client = to(&server).credentials_provider(silent).build().unwrap();
    let error = client.image_status(IMAGE).timeout(Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        error.to_string().contains("no response from the credentials provider within the 0.2 s call timeout"),
        "{error}"
    );
    assert_eq!(error.attempts(), 0);
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let blocking = move || {
        count.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(50));
        std::future::ready(Ok::<_, String>(Credentials::bearer("a-token")))
    };
    let builder = to(&server).credentials_provider(blocking).attempt_timeout(Duration::from_millis(20));
    let error = builder.build().unwrap().image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), calls.load(Ordering::Relaxed)), (ErrorKind::Timeout, 0, 1));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_call_that_waits_for_new_credentials_names_the_provider_at_its_timeout() {
    let server = RecordingServer::responding(|_, _| unauthorized(""));
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let only_once = move || {
        let is_first = count.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            if !is_first {
                std::future::pending::<()>().await;
            }
            Ok::<_, String>(Credentials::bearer("a-token"))
        }
    };
    let client = to(&server).credentials_provider(only_once).timeout(Duration::from_secs(3)).build().unwrap();
    let spawned: Vec<_> = (0..3).map(|_| tokio::spawn(client.image_status(IMAGE).into_future())).collect();
    for call in spawned {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.to_string().contains("no response from the credentials provider"), "{error}");
    }
}

#[tokio::test]
async fn impossible_dates_of_the_service_do_not_change_the_clock() {
    for date in ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"] {
        let server = RecordingServer::responding(move |_, _| unauthorized(&format!("Date: {date}\r\n")));
        let client = to(&server).credentials(Credentials::sigv4("AKIDEXAMPLE", "a-secret-key")).build().unwrap();
        for _ in 0..2 {
            let error = client.image_status(IMAGE).await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 1), "{date}");
        }
    }
}

#[test]
fn a_blocking_client_calls_a_provider() {
    let server = RecordingServer::start();
    let (_, provider) = counting();
    let client = clanforge::blocking::Client::new(to(&server).credentials_provider(provider)).unwrap();
    client.image_status(IMAGE).send().unwrap();
    assert_eq!(header(&server.last_request(), "authorization"), "Bearer token-1");
}

#[test]
fn credentials_and_a_provider_together_are_rejected() {
    let (_, provider) = counting();
    let builder = Client::builder().credentials(Credentials::bearer("a-token")).credentials_provider(provider);
    assert!(builder.build().unwrap_err().to_string().contains("give one or the other"));
}
