//! Connections: reused, closed, and replaced when they died while idle.

use std::time::Duration;

use clanforge::{Client, ClientBuilder, Credentials, ErrorKind, ImageRef};
use clanforge_simulator::Reply;

use crate::servers::{IMAGE, RecordingServer, builder, client, simulator, until};

#[tokio::test]
async fn consecutive_calls_of_all_clones_share_one_connection() {
    let simulator = simulator("happy");
    let client = client(&simulator);
    for _ in 0..5 {
        client.clone().image_status(IMAGE).detail(true).await.unwrap();
    }
    assert_eq!((simulator.requests(), simulator.connections()), (5, 1));
}

#[tokio::test]
async fn detail_is_sent_as_requested() {
    let simulator = simulator("happy");
    let client = client(&simulator);
    let path = "/cfp/v2/project/1234/image/5678/status";
    assert!(client.image_status(IMAGE).await.unwrap().fleets().is_none());
    assert_eq!(simulator.received().last().unwrap().target, path);
    assert!(client.image_status(IMAGE).detail(false).await.unwrap().fleets().is_none());
    assert_eq!(simulator.received().last().unwrap().target, format!("{path}?detail=false"));
    assert!(client.image_status(IMAGE).detail(true).await.unwrap().fleets().is_some());
    assert_eq!(simulator.received().last().unwrap().target, format!("{path}?detail=true"));
}

#[tokio::test]
async fn a_request_has_the_documented_headers() {
    let server = RecordingServer::start();
    let credentials = Credentials::basic("key", "secret");
    let client = Client::builder().base_url(&server.url).credentials(credentials).user_agent("deploy-tool/2.1");
    client.build().unwrap().image_status(IMAGE).detail(true).await.unwrap();
    let request = server.last_request().to_lowercase();
    let own = concat!("user-agent: deploy-tool/2.1 clanforge/", env!("CARGO_PKG_VERSION"), "\r\n");
    for expected in [
        "get /cfp/v2/project/1234/image/5678/status?detail=true http/1.1\r\n",
        "authorization: basic a2v5onnly3jlda==\r\n",
        "accept: application/json\r\n",
        "content-type: application/x-www-form-urlencoded\r\n",
        "cache-control: no-cache\r\n",
        "accept-encoding: gzip\r\n",
        own,
    ] {
        assert!(request.contains(expected), "{expected} is not in {request}");
    }
    assert!(!request.contains("referer") && !request.contains("cookie"), "{request}");
}

#[tokio::test]
async fn a_plain_http_proxy_is_sent_the_absolute_url() {
    let proxy = RecordingServer::start();
    let builder = || {
        let builder = Client::builder().base_url("http://fleet.invalid").allow_http(true).retries(0);
        builder.credentials(Credentials::bearer("a-token"))
    };
    let status = builder().proxy(&proxy.url).build().unwrap().image_status(IMAGE).await.unwrap();
    assert_eq!(status.completed_machines(), 3);
    let request = proxy.last_request();
    assert!(
        request.starts_with("GET http://fleet.invalid/cfp/v2/project/1234/image/5678/status HTTP/1.1\r\n"),
        "{request}"
    );
    let direct = builder().no_proxy().build().unwrap().image_status(IMAGE).await.unwrap_err();
    assert_eq!(direct.kind(), ErrorKind::Connection);
}

#[tokio::test]
async fn a_connection_that_died_while_idle_is_replaced_without_using_a_retry() {
    for reply in [Reply::CloseOnReuse, Reply::CloseAfterResponse] {
        let simulator = simulator("happy");
        simulator.inject(reply, 1);
        let client = builder(&simulator).retries(0).build().unwrap();
        for _ in 0..3 {
            client.image_status(IMAGE).await.unwrap();
        }
        assert_eq!((simulator.requests(), simulator.connections()), (3, 2));
    }
}

#[tokio::test]
async fn a_connection_that_was_opened_for_the_request_gets_no_free_retry() {
    let simulator = simulator("happy");
    simulator.inject(Reply::CloseBeforeResponse, 1);
    let client = builder(&simulator).retries(0).build().unwrap();
    assert_eq!(client.image_status(IMAGE).await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn a_connection_that_was_idle_for_too_long_is_not_reused() {
    let simulator = simulator("happy");
    let client = builder(&simulator).idle_timeout(Duration::from_millis(5)).build().unwrap();
    client.image_status(IMAGE).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    client.image_status(IMAGE).await.unwrap();
    assert_eq!(simulator.connections(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_call_closes_its_connection() {
    for reply in [Reply::Hang, Reply::Drip { delay: Duration::from_secs(3600) }] {
        let simulator = simulator("happy");
        simulator.inject(reply, 1);
        let client = client(&simulator);
        let call = tokio::spawn(async move { client.image_status(IMAGE).await });
        until(|| simulator.requests() == 1);
        call.abort();
        until(|| simulator.open_connections() == 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_run_concurrently() {
    // None of them gets a response, and still all are sent.
    let server = RecordingServer::hanging();
    let client = Client::builder().base_url(&server.url).credentials(Credentials::bearer("a-token")).build().unwrap();
    let calls: Vec<_> =
        (1..=64).map(|image| tokio::spawn(client.image_status(ImageRef::new(1, image)).into_future())).collect();
    until(|| server.requests().len() == 64);
    calls.iter().for_each(tokio::task::JoinHandle::abort);
}

#[test]
fn a_client_may_be_used_by_one_runtime_after_another() {
    let simulator = simulator("happy");
    let client: Client = client(&simulator);
    for _ in 0..3 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(client.image_status(IMAGE).into_future()).unwrap();
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_to_connect_is_named_and_asked_twice_at_most() {
    let proxy = RecordingServer::responding(|_, _| b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".to_vec());
    let builder = with_token().base_url("https://service.example").proxy(&proxy.url).retries(5);
    let client = builder.backoff(Duration::ZERO, Duration::ZERO).build().unwrap();
    let error = client.image_status(IMAGE).await.unwrap_err();
    let expected = format!("the proxy {} refused to connect to https://service.example", proxy.url);
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert_eq!((error.kind(), error.attempts(), proxy.requests().len()), (ErrorKind::Connection, 2, 2));
    assert!(proxy.last_request().starts_with("CONNECT service.example:443 "), "{}", proxy.last_request());
}

#[tokio::test]
async fn a_timeout_that_is_over_at_once_names_the_service() {
    let server = RecordingServer::hanging();
    let client = with_token().base_url(&server.url).timeout(Duration::from_nanos(1)).build().unwrap();
    let error = client.image_status(IMAGE).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().starts_with(&format!("no response from {} within ", server.url)), "{error}");
}

fn with_token() -> ClientBuilder {
    Client::builder().credentials(Credentials::bearer("a-token"))
}
