//! Every fault of the simulator, and the error and number of attempts that it leads to.

use std::collections::BTreeMap;
use std::time::Duration;

use clanforge::ErrorKind::{self, Api, Authentication, Connection, Decode, NotFound, PermissionDenied, RateLimited};
use clanforge::ErrorKind::{Redirect, Server, Timeout};
use clanforge::{Client, Credentials, Error};
use clanforge_simulator::{Identity, Options, Reply, Scenario, Simulator};

use crate::servers::{IMAGE, always, builder, client, json, raw_server, simulator, stalling_server};

const ENVELOPE: &str = r#"{"success": false, "error": true, "error_code": 1,
    "error_message": "image locked by diffid: 218595", "messages": [], "_debug": []}"#;

async fn error(client: &Client) -> Error {
    client.image_status(IMAGE).await.expect_err("the reply is not a status")
}

type Case = (Reply, ErrorKind, u32, Option<u16>, &'static str);

/// Returns failing responses, each with the expected error: its kind, number of attempts, HTTP status and part of its message.
fn responses() -> Vec<Case> {
    let page = Reply::Response {
        status: 200,
        headers: BTreeMap::from([("Content-Type".to_owned(), "text/html".to_owned())]),
        body: "<html>Please log in</html>".to_owned(),
    };
    vec![
        (json(400, ""), Api, 1, Some(400), "HTTP 400 Bad Request: the service refused the request"),
        (
            json(401, ""),
            Authentication,
            1,
            Some(401),
            "HTTP 401 Unauthorized: the service rejected the credentials; check the access key and secret key",
        ),
        (
            json(403, ""),
            PermissionDenied,
            1,
            Some(403),
            "have no access to the account service; check the access key and secret key and the account service ID",
        ),
        (
            json(404, ""),
            NotFound,
            1,
            Some(404),
            "HTTP 404 Not Found: the service has no such image or account service; check the image ID and the account service ID",
        ),
        (json(405, ""), Api, 1, Some(405), "HTTP 405 Method Not Allowed: "),
        (json(408, ""), Timeout, 3, Some(408), "HTTP 408 Request Timeout: the service timed out waiting"),
        (json(429, ""), RateLimited, 3, Some(429), "HTTP 429 Too Many Requests: the service is rate limiting"),
        (json(500, ""), Server, 3, Some(500), "HTTP 500 Internal Server Error: the service failed"),
        (json(501, ""), Server, 1, Some(501), "HTTP 501 Not Implemented"),
        (json(502, ""), Server, 3, Some(502), "HTTP 502 Bad Gateway"),
        (json(503, "<h1>Sorry</h1>"), Server, 3, Some(503), "HTTP 503 Service Unavailable: the service failed"),
        (json(504, ""), Server, 3, Some(504), "HTTP 504 Gateway Timeout"),
        (json(204, ""), Decode, 1, Some(204), "HTTP 204 No Content: the response is not an image status"),
        (json(304, ""), Api, 1, Some(304), "HTTP 304 Not Modified"),
        (json(200, ENVELOPE), Api, 1, Some(200), "error code 1: image locked by diffid: 218595"),
        (json(400, ENVELOPE), Api, 1, Some(400), "error code 1: image locked by diffid: 218595"),
        (json(500, ENVELOPE), Api, 3, Some(500), "image locked by diffid: 218595"),
        (json(403, ENVELOPE), PermissionDenied, 1, Some(403), "image locked by diffid: 218595"),
        (json(400, r#"{"title": "Bad", "detail": "no such project"}"#), Api, 1, Some(400), "no such project"),
        (json(200, ""), Decode, 1, Some(200), "the body is empty"),
        (json(200, "{}"), Decode, 1, Some(200), "missing field `pending_machines`"),
        (
            page,
            Decode,
            1,
            Some(200),
            "HTML or XML, not JSON: expected value (line 1, column 1) (content type text/html)",
        ),
    ]
}

/// Returns what a server does instead of sending a whole response, each with the expected error as in [`responses`].
fn behaviours() -> Vec<Case> {
    let raw = |text: &str| Reply::Raw { bytes: text.to_owned() };
    vec![
        (Reply::TruncatedJson, Decode, 1, Some(200), "EOF while parsing"),
        (Reply::MalformedJson, Decode, 1, Some(200), "key must be a string"),
        (Reply::RateLimited { retry_after: "0".to_owned() }, RateLimited, 3, Some(429), "asks to wait 0 s"),
        (Reply::RateLimited { retry_after: "61".to_owned() }, RateLimited, 1, Some(429), "asks to wait 61 s"),
        (
            Reply::RateLimited { retry_after: "soon".to_owned() },
            RateLimited,
            3,
            Some(429),
            "HTTP 429 Too Many Requests: the service is rate limiting",
        ),
        (
            Reply::Redirect { status: 302, location: "https://other.example/login?key=1".to_owned() },
            Redirect,
            1,
            Some(302),
            "redirects to https://other.example; credentials are not sent there",
        ),
        (Reply::Redirect { status: 301, location: "/elsewhere".to_owned() }, Redirect, 1, Some(301), "another path"),
        (
            Reply::Redirect { status: 308, location: "https://[".to_owned() },
            Redirect,
            1,
            Some(308),
            "redirects to an invalid URL",
        ),
        (
            Reply::CloseBeforeResponse,
            Connection,
            3,
            None,
            "closed the connection before it sent a whole response header",
        ),
        (
            Reply::ResetBeforeResponse,
            Connection,
            3,
            None,
            "closed the connection before it sent a whole response header",
        ),
        (Reply::ResetWithinHead, Connection, 3, None, "closed the connection before it sent a whole response header"),
        (Reply::ResetWithinBody, Connection, 3, Some(200), "the connection failed while the response body was read: "),
        (Reply::CloseWithinBody, Connection, 3, Some(200), "the connection failed while the response body was read: "),
        (Reply::HugeBody { bytes: 17 << 20 }, Decode, 1, Some(200), "larger than 16777216 bytes"),
        (Reply::EndlessBody, Decode, 1, Some(200), "larger than 16777216 bytes"),
        (raw("HELLO\r\n\r\n"), Connection, 3, None, "is not valid HTTP: "),
        (raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"), Connection, 3, None, "is not valid HTTP: "),
    ]
}

#[tokio::test]
async fn each_fault_leads_to_its_error_after_its_number_of_attempts() {
    for (reply, kind, attempts, status, text) in [responses(), behaviours()].concat() {
        let simulator = always(reply.clone());
        let error = error(&client(&simulator)).await;
        assert_eq!(error.kind(), kind, "{reply:?}: {error}");
        assert_eq!((error.attempts(), error.status()), (attempts, status), "{reply:?}: {error}");
        assert_eq!(simulator.requests(), u64::from(attempts), "{reply:?}");
        assert!(error.to_string().contains(text), "{reply:?}: {error}");
        assert!(!error.to_string().contains("detail"), "a query shows in {error}");
    }
}

#[tokio::test]
async fn each_transient_fault_is_retried() {
    for reply in [
        json(503, ""),
        json(500, ENVELOPE),
        json(408, ""),
        Reply::RateLimited { retry_after: "0".to_owned() },
        Reply::CloseBeforeResponse,
        Reply::ResetBeforeResponse,
        Reply::ResetWithinHead,
        Reply::ResetWithinBody,
        Reply::CloseWithinBody,
    ] {
        let simulator = simulator("happy");
        simulator.inject(reply.clone(), 2);
        let status = client(&simulator).image_status(IMAGE).await.unwrap_or_else(|error| panic!("{reply:?}: {error}"));
        assert_eq!((status.completed_machines(), simulator.requests()), (54, 3), "{reply:?}");
    }
}

#[tokio::test]
async fn slow_responses_are_read_until_the_timeout() {
    let slow = |reply| always(reply);
    let patient = |simulator: &Simulator| builder(simulator).retries(0);
    let late = slow(Reply::Delay { delay: Duration::from_millis(30) });
    assert!(client(&late).image_status(IMAGE).await.is_ok());
    let dripping = slow(Reply::Drip { delay: Duration::from_millis(1) });
    assert!(client(&dripping).image_status(IMAGE).await.is_ok());

    let limit = Duration::from_millis(150);
    for reply in
        [Reply::Hang, Reply::Delay { delay: Duration::from_secs(3600) }, Reply::Drip { delay: Duration::from_secs(60) }]
    {
        let simulator = slow(reply.clone());
        let error = error(&patient(&simulator).attempt_timeout(limit).build().unwrap()).await;
        assert_eq!((error.kind(), error.attempts()), (Timeout, 1), "{reply:?}: {error}");
        assert!(error.to_string().contains("within the 0.15 s attempt timeout"), "{error}");

        let error = error_within(&patient(&simulator).build().unwrap(), limit).await;
        assert_eq!((error.kind(), error.attempts()), (Timeout, 1), "{reply:?}: {error}");
        assert!(error.to_string().contains("within the 0.15 s call timeout"), "{error}");
        assert!(error.elapsed() >= limit, "{error:?}");
    }
}

#[tokio::test]
async fn an_attempt_that_hangs_is_retried() {
    let simulator = simulator("happy");
    simulator.inject(Reply::Hang, 1);
    let client = builder(&simulator).attempt_timeout(Duration::from_secs(2)).build().unwrap();
    client.image_status(IMAGE).await.unwrap();
    assert!(simulator.requests() >= 2);
}

#[tokio::test]
async fn an_error_body_that_ends_early_does_not_hide_the_status() {
    let url = raw_server(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n{".to_vec());
    let client = Client::builder().base_url(url).credentials(Credentials::bearer("a-token")).build().unwrap();
    assert_eq!(error(&client).await.kind(), PermissionDenied);
}

#[tokio::test]
async fn an_error_body_that_never_ends_does_not_hide_the_status() {
    let url = stalling_server(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n\r\n{".to_vec());
    let client = Client::builder().base_url(url).credentials(Credentials::bearer("a-token"));
    let error = error(&client.attempt_timeout(Duration::from_secs(8)).build().unwrap()).await;
    assert_eq!((error.kind(), error.attempts()), (Authentication, 1), "{error}");
}

#[tokio::test]
async fn an_error_message_of_a_gateway_is_a_server_error() {
    let simulator = always(json(503, r#"{"message": "Service Unavailable"}"#));
    let error = error(&client(&simulator)).await;
    assert_eq!((error.kind(), error.api_message()), (Server, Some("Service Unavailable")));
}

#[tokio::test]
async fn detail_that_was_not_requested_is_absent() {
    let simulator = always(json(200, r#"{"pending_machines": 0, "completed_machines": 1, "fleets": []}"#));
    let client = client(&simulator);
    assert_eq!(client.image_status(IMAGE).await.unwrap().failed_regions(), None);
    assert_eq!(client.image_status(IMAGE).detail(true).await.unwrap().failed_regions(), Some(Vec::new()));
}

#[tokio::test]
async fn an_error_carries_the_headers_and_the_message_of_the_response() {
    let headers = [
        ("X-Request-Id", "abc-123"),
        ("Date", "Tue, 24 Nov 2026 05:00:00 GMT"),
        ("Retry-After", "Tue, 24 Nov 2026 05:02:00 GMT"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let simulator =
        always(Reply::Response { status: 503, headers: BTreeMap::from(headers), body: ENVELOPE.to_owned() });
    let error = error(&client(&simulator)).await;
    assert_eq!((error.kind(), error.attempts()), (Api, 1));
    assert_eq!(error.request_id(), Some("abc-123"));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(120)));
    assert_eq!((error.api_code(), error.api_message()), (Some("1"), Some("image locked by diffid: 218595")));
    assert_eq!(
        error.to_string(),
        "HTTP 503 Service Unavailable: the service returned error code 1: image locked by diffid: 218595 \
         (request id abc-123, the service asks to wait 120 s)"
    );
}

#[tokio::test]
async fn a_decode_error_carries_the_json_path() {
    let body = r#"{"pending_machines": 0, "completed_machines": 1, "fleets": {"f-1": {"regions": {}, "pending_machines": -1}}}"#;
    let simulator = always(json(200, body));
    let error = error(&client(&simulator)).await;
    assert_eq!(error.json_path(), Some("$.fleets['f-1'].pending_machines"));
}

#[tokio::test]
async fn errors_of_the_simulator_are_decoded() {
    let identity = Identity { account_service_id: Some(1), ..Identity::default() };
    let options = Options::new(Scenario::builtin("happy").unwrap()).identity(identity);
    let simulator = Simulator::start(options).unwrap();
    let forbidden = error(&client(&simulator)).await;
    assert_eq!((forbidden.kind(), forbidden.api_code()), (PermissionDenied, Some("3")));
    let wrong = builder(&simulator).credentials(Credentials::bearer("not-the-token")).build().unwrap();
    assert_eq!(error(&wrong).await.kind(), Authentication);
    let right = builder(&simulator).credentials(Credentials::bearer("simulator-token")).build().unwrap();
    assert!(right.image_status(clanforge::ImageRef::new(1, 2)).await.is_ok());
}

#[tokio::test]
async fn a_server_that_does_not_exist_is_a_connection_error() {
    let gone = simulator("happy").url();
    let client = |url: &str| {
        let builder = Client::builder().base_url(url).credentials(Credentials::bearer("a-token")).allow_http(true);
        builder.backoff(Duration::ZERO, Duration::ZERO).no_proxy().build().unwrap()
    };
    let refused = error(&client(&gone)).await;
    assert_eq!((refused.kind(), refused.attempts()), (Connection, 3));
    assert!(
        refused.to_string().starts_with(&format!("could not connect to {gone}: connection refused (3 ")),
        "{refused}"
    );
    assert!(refused.causes().any(|cause| cause.contains("(os error ")), "{refused:?}");

    let unknown = error(&client("http://no-such-host.invalid")).await;
    assert_eq!(unknown.kind(), Connection);
    assert!(unknown.to_string().contains("could not resolve no-such-host.invalid: "), "{unknown}");
}

#[tokio::test]
async fn a_connection_that_cannot_be_opened_in_time_is_a_timeout() {
    let full = FullBacklog::new();
    let builder = Client::builder().base_url(&full.url).credentials(Credentials::bearer("a-token")).retries(0);
    let error = error(&builder.connect_timeout(Duration::from_millis(200)).build().unwrap()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(error.to_string().contains("could not connect to http://127.0.0.1"), "{error}");
    assert!(error.to_string().contains("within 0.2 s"), "{error}");
}

async fn error_within(client: &Client, limit: Duration) -> Error {
    client.image_status(IMAGE).timeout(limit).await.expect_err("the reply is late")
}

/// A listener whose backlog is full, so that further connections are never accepted.
struct FullBacklog {
    url: String,
    _listener: socket2::Socket,
    _waiting: Vec<socket2::Socket>,
}

impl FullBacklog {
    fn new() -> Self {
        use socket2::{Domain, Socket, Type};

        let socket = || Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let listener = socket();
        listener.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap();
        let waiting = (0..4).map(|_| {
            let waiting = socket();
            waiting.set_nonblocking(true).unwrap();
            // It reports that the connection is in progress, which is what the test needs.
            let _ = waiting.connect(&address);
            waiting
        });
        let waiting = waiting.collect();
        let url = format!("http://{}", address.as_socket().unwrap());
        Self { url, _listener: listener, _waiting: waiting }
    }
}
