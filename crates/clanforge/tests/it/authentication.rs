//! Signatures that are made anew for each attempt, clocks that differ, and credentials that a provider gives.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use clanforge::{Client, ClientBuilder, Credentials, ErrorKind};

use crate::servers::{IMAGE, RecordingServer, STATUS_ANSWER, simulator};

const REFUSED: &str = "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n";

fn refused(rest: &str) -> Vec<u8> {
    format!("{REFUSED}{rest}\r\n").into_bytes()
}

/// Returns a refusal by a clock that is so far ahead of this machine's.
fn refused_ahead(ahead: Duration) -> Vec<u8> {
    refused(&format!("Date: {}\r\n", httpdate::fmt_http_date(SystemTime::now() + ahead)))
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

/// Returns how many seconds after this machine's time a request was signed.
fn signed_ahead(request: &str) -> i64 {
    let date = header(request, "x-amz-date");
    let [year, month, day, hour, minute, second] = [0..4, 4..6, 6..8, 9..11, 11..13, 13..15].map(|place| &date[place]);
    let text = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z");
    let seconds = |time: SystemTime| time.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs().cast_signed();
    seconds(humantime::parse_rfc3339(&text).unwrap()) - seconds(SystemTime::now())
}

#[tokio::test]
async fn a_signature_goes_out_in_place_of_the_keys_and_never_with_them() {
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
    assert!(signed_ahead(&request).abs() <= 5, "{request}");
}

#[tokio::test]
async fn the_simulator_verifies_signatures_by_itself() {
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
async fn each_attempt_is_signed_by_itself() {
    // Signatures hold seconds, so two attempts have to lie a second apart.
    let server = RecordingServer::answering(|number| match number {
        0 => b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_vec(),
        _ => STATUS_ANSWER.to_vec(),
    });
    let client = to(&server).credentials(Credentials::sigv4("AKIDEXAMPLE", "a-secret-key")).build().unwrap();
    client.image_status(IMAGE).await.unwrap();
    let [first, second] = &server.requests()[..] else { panic!("two requests") };
    assert_ne!(header(first, "x-amz-date"), header(second, "x-amz-date"));
    assert_ne!(header(first, "authorization"), header(second, "authorization"));
}

#[tokio::test]
async fn a_clock_that_differs_is_corrected_once_and_for_all_calls() {
    for (status, ahead) in [("401 Unauthorized", 3600), ("403 Forbidden", 600)] {
        let server = RecordingServer::answering(move |number| match number {
            0 => {
                let answer = String::from_utf8(refused_ahead(Duration::from_secs(ahead))).unwrap();
                answer.replace("401 Unauthorized", status).into_bytes()
            }
            _ => STATUS_ANSWER.to_vec(),
        });
        let credentials = Credentials::sigv4("AKIDEXAMPLE", "a-secret-key");
        let client = to(&server).credentials(credentials).retries(0).build().unwrap();
        client.image_status(IMAGE).await.unwrap();
        client.image_status(IMAGE).await.unwrap();
        let ahead = ahead.cast_signed();
        let found: Vec<_> = server.requests().iter().map(|request| signed_ahead(request)).collect();
        let [first, second, third] = found[..] else { panic!("{found:?}") };
        assert!(first.abs() <= 5 && (second - ahead).abs() <= 5 && (third - ahead).abs() <= 5, "{found:?}");
    }
}

#[tokio::test]
async fn a_refusal_that_no_clock_explains_stays_one() {
    let two_hours = Duration::from_secs(7200);
    // Always two hours ahead of whatever it was asked at: one correction, and no chase.
    let runs_away =
        RecordingServer::answering(move |number| refused_ahead(two_hours * u32::try_from(number + 1).unwrap()));
    let on_time = RecordingServer::answering(|_| refused_ahead(Duration::ZERO));
    let without_date = RecordingServer::answering(|_| refused(""));
    let with_bad_date = RecordingServer::answering(|_| refused("Date: yesterday\r\n"));
    for (server, attempts) in [(runs_away, 2), (on_time, 1), (without_date, 1), (with_bad_date, 1)] {
        let client = to(&server).credentials(Credentials::sigv4("AKIDEXAMPLE", "a-secret-key")).build().unwrap();
        let error = client.image_status(IMAGE).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, attempts));
    }
    let server = RecordingServer::answering(move |_| refused_ahead(two_hours));
    let client = to(&server).credentials(Credentials::basic("a-key", "a-secret")).build().unwrap();
    assert_eq!(client.image_status(IMAGE).await.unwrap_err().attempts(), 1, "Basic authentication has no clock");
}

/// Gives `token-1`, `token-2` and so on, and counts how often it was asked.
fn counting() -> (Arc<AtomicUsize>, impl Fn() -> std::future::Ready<Result<Credentials, String>> + Send + Sync) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let ask = move || {
        let number = count.fetch_add(1, Ordering::Relaxed) + 1;
        std::future::ready(Ok(Credentials::bearer(format!("token-{number}"))))
    };
    (asked, ask)
}

#[tokio::test]
async fn a_provider_is_asked_before_the_first_call_and_again_once_after_a_401() {
    let server = RecordingServer::answering(|number| if number == 1 { refused("") } else { STATUS_ANSWER.to_vec() });
    let (asked, ask) = counting();
    let client = to(&server).credentials_provider(ask).build().unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 0, "it is asked when credentials are needed");
    for _ in 0..3 {
        client.image_status(IMAGE).retries(0).await.unwrap();
    }
    let sent: Vec<_> = server.requests().iter().map(|request| header(request, "authorization").to_owned()).collect();
    assert_eq!(sent, ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"]);
}

#[tokio::test]
async fn a_second_401_ends_the_call_and_a_403_asks_nobody() {
    for (answer, attempts, expected) in
        [(refused(""), 2, 2), (String::from_utf8(refused("")).unwrap().replace("401", "403").into_bytes(), 1, 1)]
    {
        let server = RecordingServer::answering(move |_| answer.clone());
        let (asked, ask) = counting();
        let client = to(&server).credentials_provider(ask).build().unwrap();
        let error = client.image_status(IMAGE).await.unwrap_err();
        assert_eq!((error.attempts(), asked.load(Ordering::Relaxed)), (attempts, expected), "{error}");
    }
}

#[tokio::test]
async fn calls_that_need_credentials_at_once_share_one_answer() {
    let server = RecordingServer::answering(|number| if number < 8 { refused("") } else { STATUS_ANSWER.to_vec() });
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let slow = move || {
        let number = count.fetch_add(1, Ordering::Relaxed) + 1;
        async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok::<_, String>(Credentials::bearer(format!("token-{number}")))
        }
    };
    let client = to(&server).credentials_provider(slow).build().unwrap();
    let calls: Vec<_> = (0..8).map(|_| tokio::spawn(client.image_status(IMAGE).into_future())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(asked.load(Ordering::Relaxed), 2, "once at first, and once for eight refusals");
}

#[tokio::test]
async fn what_a_provider_fails_with_is_the_cause_of_the_calls_error() {
    let server = RecordingServer::start();
    let failing = || std::future::ready(Err::<Credentials, _>(std::io::Error::other("the vault is sealed")));
    let error = to(&server).credentials_provider(failing).build().unwrap().image_status(IMAGE).await.unwrap_err();
    assert_eq!(error.to_string(), "the credentials provider failed: the vault is sealed");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 0));
    let empty = || std::future::ready(Ok::<_, String>(Credentials::bearer("")));
    let error = to(&server).credentials_provider(empty).build().unwrap().image_status(IMAGE).await.unwrap_err();
    assert_eq!(error.to_string(), "the credentials provider gave what cannot be used: the token is empty");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_provider_that_never_answers_ends_with_the_call() {
    let server = RecordingServer::start();
    let silent = || std::future::pending::<Result<Credentials, String>>();
    let client = to(&server).credentials_provider(silent).build().unwrap();
    let error = client.image_status(IMAGE).timeout(Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("no answer from the credentials provider within the 0.2 s"), "{error}");
    assert_eq!(error.attempts(), 0);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let blocking = move || {
        count.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(50));
        std::future::ready(Ok::<_, String>(Credentials::bearer("a-token")))
    };
    let builder = to(&server).credentials_provider(blocking).attempt_timeout(Duration::from_millis(20));
    let error = builder.build().unwrap().image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), asked.load(Ordering::Relaxed)), (ErrorKind::Timeout, 0, 1));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_call_whose_refusal_waits_for_others_names_the_provider() {
    let server = RecordingServer::answering(|_| refused(""));
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let only_once = move || {
        let is_first = count.fetch_add(1, Ordering::Relaxed) == 0;
        async move {
            if !is_first {
                std::future::pending::<()>().await;
            }
            Ok::<_, String>(Credentials::bearer("a-token"))
        }
    };
    let client = to(&server).credentials_provider(only_once).timeout(Duration::from_millis(300)).build().unwrap();
    let calls: Vec<_> = (0..3).map(|_| tokio::spawn(client.image_status(IMAGE).into_future())).collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.to_string().contains("no answer from the credentials provider"), "{error}");
    }
}

#[tokio::test]
async fn no_date_of_a_service_makes_a_client_unfit() {
    for date in ["Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"] {
        let server = RecordingServer::answering(move |_| refused(&format!("Date: {date}\r\n")));
        let client = to(&server).credentials(Credentials::sigv4("AKIDEXAMPLE", "a-secret-key")).build().unwrap();
        for _ in 0..2 {
            let error = client.image_status(IMAGE).await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 1), "{date}");
        }
    }
}

#[test]
fn a_blocking_client_asks_a_provider_too() {
    let server = RecordingServer::start();
    let (_, ask) = counting();
    let client = clanforge::blocking::Client::new(to(&server).credentials_provider(ask)).unwrap();
    client.image_status(IMAGE).send().unwrap();
    assert_eq!(header(&server.last_request(), "authorization"), "Bearer token-1");
}

#[test]
fn credentials_and_a_provider_together_are_refused() {
    let (_, ask) = counting();
    let builder = Client::builder().credentials(Credentials::bearer("a-token")).credentials_provider(ask);
    assert!(builder.build().unwrap_err().to_string().contains("give one or the other"));
}
