//! The blocking client.

use std::time::Duration;

use clanforge::blocking::Client;
use clanforge::{Credentials, ErrorKind};
use clanforge_simulator::Reply;

use crate::servers::{IMAGE, builder, json, simulator};

#[test]
fn a_blocking_call_returns_what_an_async_one_does() {
    let simulator = simulator("happy");
    let client = Client::new(builder(&simulator)).unwrap();
    for _ in 0..3 {
        let status = client.image_status(IMAGE).detail(true).send().unwrap();
        assert_eq!((status.completed_machines(), status.regions().unwrap().count()), (54, 3));
    }
    assert_eq!((simulator.requests(), simulator.connections()), (3, 1));
}

#[test]
fn a_blocking_call_retries_like_an_async_one() {
    let simulator = simulator("happy");
    let client = Client::new(builder(&simulator)).unwrap();
    simulator.inject(json(503, ""), 4);
    let error = client.image_status(IMAGE).send().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 3));
    assert!(client.image_status(IMAGE).retries(1).send().is_ok());
    simulator.inject(Reply::Hang, 1);
    let error = client.image_status(IMAGE).timeout(Duration::from_millis(100)).send().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
}

#[test]
fn a_blocking_client_replaces_a_connection_that_died_while_idle() {
    for reply in [Reply::CloseOnReuse, Reply::CloseAfterResponse] {
        let simulator = simulator("happy");
        simulator.inject(reply, 1);
        let client = Client::new(builder(&simulator).retries(0)).unwrap();
        for _ in 0..3 {
            client.image_status(IMAGE).send().unwrap();
        }
        assert_eq!((simulator.requests(), simulator.connections()), (3, 2));
    }
}

#[test]
fn many_threads_share_one_client() {
    let simulator = simulator("happy");
    let client = Client::new(builder(&simulator)).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            let client = client.clone();
            scope.spawn(move || {
                for _ in 0..20 {
                    client.image_status(IMAGE).send().unwrap();
                }
            });
        }
    });
    assert_eq!(simulator.requests(), 320);
}

#[tokio::test]
async fn a_call_within_an_async_runtime_is_rejected_and_the_client_can_be_dropped() {
    let simulator = simulator("happy");
    let client = Client::new(builder(&simulator)).unwrap();
    let error = client.image_status(IMAGE).send().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Configuration, 0));
    assert!(error.to_string().contains("within an async runtime: use clanforge::Client"), "{error}");
    drop(client);
    assert_eq!(simulator.requests(), 0);
}

#[test]
fn an_async_call_outside_a_runtime_is_rejected() {
    let client =
        clanforge::Client::builder().credentials(Credentials::bearer("a-token")).base_url("http://127.0.0.1:9");
    let call = client.build().unwrap().image_status(IMAGE).into_future();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(call).poll(&mut context) {
        std::task::Poll::Ready(Err(error)) => {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().contains("outside a tokio runtime"), "{error}");
        }
        other => panic!("it is neither rejected nor sent: {other:?}"),
    }
}
