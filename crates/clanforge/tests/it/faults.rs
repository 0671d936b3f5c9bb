//! Every fault of the simulator, and what the client makes of it: which error, how many attempts, within which time.

use std::collections::BTreeMap;
use std::time::Duration;

use clanforge::ErrorKind::{self, Api, Authentication, Connection, Decode, NotFound, PermissionDenied, RateLimited};
use clanforge::ErrorKind::{Redirect, Server, Timeout};
use clanforge::{Client, Credentials, Error};
use clanforge_simulator::{Identity, Options, Reply, Scenario, Simulator};

use crate::servers::{IMAGE, always, builder, client, json, raw_server, simulator};

const ENVELOPE: &str = r#"{"success": false, "error": true, "error_code": 1,
    "error_message": "image locked by diffid: 218595", "messages": [], "_debug": []}"#;

async fn error(client: &Client) -> Error {
    client.image_status(IMAGE).await.expect_err("the reply is no status")
}

#[tokio::test]
async fn each_fault_ends_in_its_kind_of_error_after_its_number_of_attempts() {
    let page = Reply::Response {
        status: 200,
        headers: BTreeMap::from([("Content-Type".to_owned(), "text/html".to_owned())]),
        body: "<html>Please log in</html>".to_owned(),
    };
    let raw = |text: &str| Reply::Raw { bytes: text.to_owned() };
    for (reply, kind, attempts, status, text) in [
        (json(400, ""), Api, 1, Some(400), "the service refused: bad request"),
        (json(401, ""), Authentication, 1, Some(401), "does not accept the credentials"),
        (json(403, ""), PermissionDenied, 1, Some(403), "have no access to the account service"),
        (json(404, ""), NotFound, 1, Some(404), "no such image or account service"),
        (json(405, ""), Api, 1, Some(405), "method not allowed"),
        (json(408, ""), Timeout, 3, Some(408), "gave up waiting"),
        (json(429, ""), RateLimited, 3, Some(429), "asks for fewer requests"),
        (json(500, ""), Server, 3, Some(500), "the service failed: internal server error"),
        (json(501, ""), Server, 1, Some(501), "not implemented"),
        (json(502, ""), Server, 3, Some(502), "bad gateway"),
        (json(503, "<h1>Sorry</h1>"), Server, 3, Some(503), "service unavailable"),
        (json(504, ""), Server, 3, Some(504), "gateway timeout"),
        (json(204, ""), Decode, 1, Some(204), "no image status: no content"),
        (json(304, ""), Api, 1, Some(304), "not modified"),
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
        (Reply::TruncatedJson, Decode, 1, Some(200), "EOF while parsing"),
        (Reply::MalformedJson, Decode, 1, Some(200), "key must be a string"),
        (Reply::RateLimited { retry_after: "0".to_owned() }, RateLimited, 3, Some(429), "asks to wait 0 s"),
        (Reply::RateLimited { retry_after: "61".to_owned() }, RateLimited, 1, Some(429), "asks to wait 61 s"),
        (Reply::RateLimited { retry_after: "soon".to_owned() }, RateLimited, 3, Some(429), "asks for fewer requests"),
        (
            Reply::Redirect { status: 302, location: "https://other.example/login?key=1".to_owned() },
            Redirect,
            1,
            Some(302),
            "redirects to https://other.example, ",
        ),
        (Reply::Redirect { status: 301, location: "/elsewhere".to_owned() }, Redirect, 1, Some(301), "another path"),
        (Reply::Redirect { status: 308, location: "https://[".to_owned() }, Redirect, 1, Some(308), "cannot be read"),
        (Reply::CloseBeforeResponse, Connection, 3, None, "closed the connection before the whole head"),
        (Reply::ResetBeforeResponse, Connection, 3, None, "closed the connection before the whole head"),
        (Reply::ResetWithinHead, Connection, 3, None, "closed the connection before the whole head"),
        (Reply::ResetWithinBody, Connection, 3, Some(200), "the connection broke within the answer"),
        (Reply::CloseWithinBody, Connection, 3, Some(200), "the connection broke within the answer"),
        (Reply::HugeBody { bytes: 17 << 20 }, Decode, 1, Some(200), "larger than 16777216 bytes"),
        (Reply::EndlessBody, Decode, 1, Some(200), "larger than 16777216 bytes"),
        (raw("HELLO\r\n\r\n"), Connection, 3, None, "broke before the answer"),
        (raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"), Connection, 3, None, "broke before the answer"),
    ] {
        let simulator = always(reply.clone());
        let error = error(&client(&simulator)).await;
        assert_eq!(error.kind(), kind, "{reply:?}: {error}");
        assert_eq!((error.attempts(), error.status()), (attempts, status), "{reply:?}: {error}");
        assert_eq!(simulator.requests(), u64::from(attempts), "{reply:?}");
        assert!(error.to_string().contains(text), "{reply:?}: {error}");
        assert!(!error.to_string().contains("detail"), "a query shows in {error}");
        assert!(error.elapsed() < Duration::from_secs(5), "{reply:?}: {error:?}");
    }
}

#[tokio::test]
async fn each_fault_that_passes_is_outlived() {
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
async fn slow_answers_are_waited_for_and_no_longer_than_allowed() {
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
        assert!(error.to_string().contains("within the 0.15 s of an attempt"), "{error}");

        let error = error_within(&patient(&simulator).build().unwrap(), limit).await;
        assert_eq!((error.kind(), error.attempts()), (Timeout, 1), "{reply:?}: {error}");
        assert!(error.to_string().contains("within the 0.15 s of the call"), "{error}");
        assert!(error.elapsed() >= limit && error.elapsed() < limit * 20, "{error:?}");
    }
}

#[tokio::test]
async fn an_attempt_that_hangs_is_followed_by_another() {
    let simulator = simulator("happy");
    simulator.inject(Reply::Hang, 1);
    let client = builder(&simulator).attempt_timeout(Duration::from_millis(100)).build().unwrap();
    assert!(client.image_status(IMAGE).await.is_ok());
    assert_eq!(simulator.requests(), 2);
}

#[tokio::test]
async fn the_body_of_a_refusal_that_never_ends_does_not_hide_the_refusal() {
    let url = raw_server(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n{".to_vec());
    let client = Client::builder().base_url(url).credentials(Credentials::bearer("a-token")).build().unwrap();
    assert_eq!(error(&client).await.kind(), PermissionDenied);
}

#[tokio::test]
async fn the_status_counts_however_little_time_there_is_for_the_body() {
    let url = raw_server(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n\r\n{".to_vec());
    let client = Client::builder().base_url(url).credentials(Credentials::bearer("a-token"));
    let error = error(&client.attempt_timeout(Duration::from_millis(400)).build().unwrap()).await;
    assert_eq!((error.kind(), error.attempts()), (Authentication, 1), "{error}");
}

#[tokio::test]
async fn a_gateways_own_words_do_not_hide_that_the_server_failed() {
    let simulator = always(json(503, r#"{"message": "Service Unavailable"}"#));
    let error = error(&client(&simulator)).await;
    assert_eq!((error.kind(), error.api_message()), (Server, Some("Service Unavailable")));
}

#[tokio::test]
async fn what_was_not_asked_for_says_nothing() {
    let simulator = always(json(200, r#"{"pending_machines": 0, "completed_machines": 1, "fleets": []}"#));
    let client = client(&simulator);
    assert_eq!(client.image_status(IMAGE).await.unwrap().failed_regions(), None);
    assert_eq!(client.image_status(IMAGE).detail(true).await.unwrap().failed_regions(), Some(Vec::new()));
}

#[tokio::test]
async fn what_the_service_says_of_itself_is_in_the_error() {
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
        "the service refused with error code 1: image locked by diffid: 218595 \
         (HTTP 503, request id abc-123, the service asks to wait 120 s)"
    );
}

#[tokio::test]
async fn a_decode_error_carries_the_place_of_what_is_wrong() {
    let body = r#"{"pending_machines": 0, "completed_machines": 1, "fleets": {"f-1": {"regions": {}, "pending_machines": -1}}}"#;
    let simulator = always(json(200, body));
    let error = error(&client(&simulator)).await;
    assert_eq!(error.json_path(), Some("$.fleets['f-1'].pending_machines"));
}

#[tokio::test]
async fn the_simulators_own_refusals_are_understood() {
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
async fn a_server_that_is_not_there_is_a_connection_error() {
    let gone = simulator("happy").url();
    let client = |url: &str| {
        let builder = Client::builder().base_url(url).credentials(Credentials::bearer("a-token")).allow_http(true);
        builder.backoff(Duration::ZERO, Duration::ZERO).no_proxy().build().unwrap()
    };
    let refused = error(&client(&gone)).await;
    assert_eq!((refused.kind(), refused.attempts()), (Connection, 3));
    assert!(refused.to_string().contains(&format!("no connection to {gone}: ")), "{refused}");
    assert!(refused.causes().any(|cause| cause.contains("refused")), "{refused:?}");

    let unknown = error(&client("http://no-such-host.invalid")).await;
    assert_eq!(unknown.kind(), Connection);
    assert!(unknown.to_string().contains("no connection to http://no-such-host.invalid"), "{unknown}");
}

#[tokio::test]
async fn a_connection_that_cannot_be_opened_in_time_is_a_timeout() {
    let full = FullBacklog::new();
    let builder = Client::builder().base_url(&full.url).credentials(Credentials::bearer("a-token")).retries(0);
    let error = error(&builder.connect_timeout(Duration::from_millis(200)).build().unwrap()).await;
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(error.to_string().contains("no connection to http://127.0.0.1"), "{error}");
    assert!(error.to_string().contains("within 0.2 s"), "{error}");
}

async fn error_within(client: &Client, limit: Duration) -> Error {
    client.image_status(IMAGE).timeout(limit).await.expect_err("the reply comes too late")
}

/// A listener whose queue of connections is full, so that the next one waits in vain.
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
            // In progress is what a connection is that nobody accepts.
            let _ = waiting.connect(&address);
            waiting
        });
        let waiting = waiting.collect();
        let url = format!("http://{}", address.as_socket().unwrap());
        Self { url, _listener: listener, _waiting: waiting }
    }
}
