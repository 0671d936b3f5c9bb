//! Calls of endpoints that exist only here: `call` is independent of image statuses.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clanforge_core::{ApiError, ErrorKind, ResponseError, decode_image_status};
use reqwest::Method;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::auth::{Authenticator, Credentials};
use crate::call::{CallLimits, Endpoint, Service};
use crate::error::Error;
use crate::http::{BaseUrl, Transport};
use crate::options::ClientOptions;

/// Starts a build, which two requests would start twice.
struct StartBuild;

impl Endpoint for StartBuild {
    type Output = u64;

    const METHOD: Method = Method::POST;
    const IS_IDEMPOTENT: bool = false;
    const RESPONSE: &'static str = "a build number";
    const SUBJECT: &'static str = "such profile";

    fn path(&self) -> String {
        "/v2/builds".to_owned()
    }

    fn query(&self) -> Option<&str> {
        None
    }

    fn decode(&self, body: &[u8], _age: Duration) -> Result<u64, ResponseError> {
        let text = String::from_utf8_lossy(body);
        text.trim().parse().map_err(|_| not_decoded(body))
    }
}

/// Lists the names of profiles that begin with a text.
struct ListProfiles {
    query: String,
}

impl Endpoint for ListProfiles {
    type Output = Vec<String>;

    const METHOD: Method = Method::GET;
    const IS_IDEMPOTENT: bool = true;
    const RESPONSE: &'static str = "a list of profiles";
    const SUBJECT: &'static str = "such account service";

    fn path(&self) -> String {
        "/v2/profiles".to_owned()
    }

    fn query(&self) -> Option<&str> {
        Some(&self.query)
    }

    fn decode(&self, body: &[u8], _age: Duration) -> Result<Vec<String>, ResponseError> {
        serde_json::from_slice(body).map_err(|_| not_decoded(body))
    }
}

/// Returns a decode error, which only the core can construct.
fn not_decoded(body: &[u8]) -> ResponseError {
    match ApiError::from_envelope(body) {
        Some(error) => ResponseError::Api(error),
        None => decode_image_status(b"").unwrap_err(),
    }
}

/// A server that sends the scripted bytes, the last for all further requests, and closes each connection. It records
/// the requests.
struct Server {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(responses: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (recorded, responses) = (Arc::clone(&requests), responses.to_vec());
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                recorded.lock().unwrap().push(read_request(&mut stream));
                let response = responses.get(number).or(responses.last()).unwrap();
                // The client may have closed the connection.
                let _ = stream.write_all(response.as_bytes());
            }
        });
        Self { url, requests }
    }

    fn port(&self) -> u16 {
        self.url.rsplit_once(':').unwrap().1.parse().unwrap()
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut buffer = [0; 4096];
    let length = stream.read(&mut buffer).unwrap_or(0);
    String::from_utf8_lossy(&buffer[..length]).into_owned()
}

fn service(url: &str, authenticator: Authenticator) -> Service {
    let base_url = BaseUrl::parse(url).unwrap();
    let transport = Transport::new(&base_url, &ClientOptions::default(), None).unwrap();
    Service { base_url, authenticator, transport, simulation: None, last_url: Mutex::default() }
}

async fn call<E: Endpoint>(url: &str, endpoint: &E) -> Result<E::Output, Error> {
    let authenticator = Authenticator::fixed(Credentials::bearer("a-token").signer().unwrap());
    service(url, authenticator).call(endpoint, limits()).await
}

fn limits() -> CallLimits {
    let mut limits = CallLimits::from(&ClientOptions::default());
    limits.retry.initial_backoff = Duration::from_millis(1);
    limits
}

const BUILD: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n17";
const BUSY: &str = "HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const UNAUTHORIZED: &str = "HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const NOT_FOUND: &str = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
const PROFILES: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\n[\"a\",\"b\"]";
const CUT_OFF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[\"a\"";

#[tokio::test]
async fn any_endpoint_is_sent_and_decoded() {
    let server = Server::start(&[BUILD]);
    assert_eq!(call(&server.url, &StartBuild).await.unwrap(), 17);
    assert!(server.requests()[0].starts_with("POST /v2/builds HTTP/1.1\r\n"), "{:?}", server.requests());

    let server = Server::start(&[PROFILES]);
    let profiles = ListProfiles { query: "prefix=x".to_owned() };
    assert_eq!(call(&server.url, &profiles).await.unwrap(), ["a", "b"]);
    assert!(server.requests()[0].starts_with("GET /v2/profiles?prefix=x HTTP/1.1\r\n"), "{:?}", server.requests());
}

#[tokio::test]
async fn errors_name_the_response_that_the_endpoint_expects() {
    let error = call(&Server::start(&[PROFILES]).url, &StartBuild).await.unwrap_err();
    assert!(error.to_string().starts_with("the response is not a build number: "), "{error}");
    let error = call(&Server::start(&[NOT_FOUND]).url, &StartBuild).await.unwrap_err();
    assert!(error.to_string().contains("the service has no such profile"), "{error}");
}

#[tokio::test]
async fn transient_errors_of_an_idempotent_request_are_retried() {
    let profiles = ListProfiles { query: String::new() };
    for first in [BUSY, CUT_OFF, ""] {
        let server = Server::start(&[first, PROFILES]);
        assert_eq!(call(&server.url, &profiles).await.unwrap(), ["a", "b"], "{first}");
        assert_eq!(server.requests().len(), 2, "{first}");
    }
}

#[tokio::test]
async fn a_request_that_is_not_idempotent_is_sent_once_where_the_service_may_have_processed_it() {
    for response in [BUSY, CUT_OFF, "", "HTTP/1.1 200 OK\r\nContent-"] {
        let server = Server::start(&[response, BUILD]);
        let error = call(&server.url, &StartBuild).await.unwrap_err();
        assert_eq!((error.attempts(), server.requests().len()), (1, 1), "{response}: {error}");
    }
}

#[tokio::test]
async fn a_request_that_is_not_idempotent_is_sent_once_where_its_response_is_late() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let authenticator = Authenticator::fixed(Credentials::bearer("a-token").signer().unwrap());
    let limits = CallLimits { attempt_timeout: Some(Duration::from_millis(100)), ..limits() };
    let error = service(&url, authenticator).call(&StartBuild, limits).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1), "{error}");
}

#[tokio::test]
async fn a_request_that_is_not_idempotent_is_retried_where_no_connection_was_opened() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = call(&format!("http://{gone}"), &StartBuild).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3), "{error}");
}

#[tokio::test]
async fn a_request_that_is_not_idempotent_is_sent_again_with_new_credentials() {
    let server = Server::start(&[UNAUTHORIZED, BUILD]);
    let provider = || async { Ok(Credentials::bearer("a-token")) };
    let authenticator = Authenticator::provided(Box::new(move || Box::pin(provider())));
    assert_eq!(service(&server.url, authenticator).call(&StartBuild, limits()).await.unwrap(), 17);
    assert_eq!(server.requests().len(), 2);
}

/// A resolver that knows only this machine, and that only if the name exists.
struct FixedResolver {
    exists: bool,
}

impl Resolve for FixedResolver {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses = std::iter::once(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let found = self.exists.then(|| Box::new(addresses) as Addrs).ok_or("no such host".into());
        Box::pin(std::future::ready(found))
    }
}

/// Returns the error of a call to a host, which the resolver says is this machine.
async fn refused(host: &str, port: u16, exists: bool, proxy: Option<String>) -> String {
    let base_url = BaseUrl::parse(&format!("http://{host}:{port}")).unwrap();
    let options = ClientOptions { no_proxy: proxy.is_none(), proxy, ..options() };
    let transport = Transport::with_resolver(&base_url, &options, None, Arc::new(FixedResolver { exists })).unwrap();
    let authenticator = Authenticator::fixed(Credentials::bearer("a-token").signer().unwrap());
    let service = Service { base_url, authenticator, transport, simulation: None, last_url: Mutex::default() };
    service.call(&ListProfiles { query: String::new() }, CallLimits::from(&options)).await.unwrap_err().to_string()
}

#[tokio::test]
async fn an_error_names_the_settings_for_another_address_only_where_the_default_address_does_not_serve() {
    const REDIRECT: &str =
        "HTTP/1.1 301 Moved\r\nConnection: close\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n";
    let default = "api.multiplay.co.uk";
    let port = |response| Server::start(&[response]).port();
    for (response, exists) in [(NOT_FOUND, true), (REDIRECT, true), ("", false)] {
        let error = refused(default, port(response), exists, None).await;
        assert_eq!(error.matches("CLANFORGE_BASE_URL").count(), 1, "{error}");
        assert!(error.contains("CLANFORGE_TOKEN"), "{error}");
        let other = refused("api.multiplay.dev", port(response), exists, None).await;
        assert!(!other.contains("CLANFORGE_BASE_URL"), "{other}");
    }
    for response in [UNAUTHORIZED, BUSY, CUT_OFF] {
        let error = refused(default, port(response), true, None).await;
        assert!(!error.contains("CLANFORGE_BASE_URL"), "{error}");
    }
    let proxy = refused(default, 80, false, Some("http://proxy.example:3128".to_owned())).await;
    assert!(proxy.contains("proxy.example") && !proxy.contains("CLANFORGE_BASE_URL"), "{proxy}");
}

/// A resolver that takes a time by tokio's clock, and then knows the address or waits for ever.
struct SlowResolver {
    time: Duration,
    is_found: bool,
}

impl Resolve for SlowResolver {
    fn resolve(&self, _: Name) -> Resolving {
        let Self { time, is_found } = *self;
        Box::pin(async move {
            tokio::time::pause();
            tokio::time::advance(time).await;
            tokio::time::resume();
            if !is_found {
                std::future::pending::<()>().await;
            }
            Ok(Box::new(std::iter::once(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))) as Addrs)
        })
    }
}

/// Calls `service.test` on a port of this machine, whose name takes so long to resolve.
async fn call_by_name(
    scheme: &str,
    port: u16,
    options: &ClientOptions,
    resolver: SlowResolver,
) -> Result<Vec<String>, Error> {
    let base_url = BaseUrl::parse(&format!("{scheme}://service.test:{port}")).unwrap();
    let transport = Transport::with_resolver(&base_url, options, None, Arc::new(resolver)).unwrap();
    let authenticator = Authenticator::fixed(Credentials::bearer("a-token").signer().unwrap());
    let service = Service { base_url, authenticator, transport, simulation: None, last_url: Mutex::default() };
    service.call(&ListProfiles { query: String::new() }, CallLimits::from(options)).await
}

fn options() -> ClientOptions {
    let ca_file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/certificates/P-256.sha512.ca.pem");
    let attempt_timeout = Some(Duration::from_secs(20));
    ClientOptions {
        attempt_timeout,
        no_proxy: true,
        retries: 0,
        ca_file: Some(ca_file.into()),
        ..ClientOptions::default()
    }
}

#[tokio::test]
async fn resolving_a_name_may_take_longer_than_the_connect_timeout() {
    let server = Server::start(&[PROFILES]);
    let resolver = SlowResolver { time: options().connect_timeout + Duration::from_secs(1), is_found: true };
    assert_eq!(call_by_name("http", server.port(), &options(), resolver).await.unwrap(), ["a", "b"]);
}

#[tokio::test]
async fn the_connect_timeout_begins_once_the_name_is_resolved() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let options = ClientOptions { connect_timeout: Duration::from_millis(100), ..options() };
    let resolver = SlowResolver { time: Duration::from_secs(6), is_found: true };
    let port = silent.local_addr().unwrap().port();
    let error = call_by_name("https", port, &options, resolver).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().starts_with("could not connect to https://service.test:"), "{error}");
    assert!(error.to_string().contains("within 0.1 s"), "{error}");
    assert!(error.elapsed() >= Duration::from_millis(6_100), "{error:?}");
}

#[tokio::test]
async fn an_attempt_that_is_over_before_the_name_is_resolved_says_so() {
    let resolver = SlowResolver { time: Duration::from_secs(21), is_found: false };
    let error = call_by_name("http", 9, &options(), resolver).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let expected =
        "could not resolve service.test within the 20 s attempt timeout: check the name servers of this machine";
    assert!(error.to_string().starts_with(expected), "{error}");
}

#[tokio::test]
async fn an_attempt_whose_time_went_into_resolving_the_name_says_so() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let resolver = SlowResolver { time: Duration::from_secs(21), is_found: true };
    let port = silent.local_addr().unwrap().port();
    let error = call_by_name("http", port, &options(), resolver).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let expected = "within the 20 s attempt timeout: resolving service.test took ";
    assert!(error.to_string().contains(expected), "{error}");
}
