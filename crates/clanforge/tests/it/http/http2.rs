//! HTTP/2: one connection for all requests, and what happens to them when it ends.

use std::time::{Duration, Instant};

use clanforge::{ErrorKind, ImageRef};

use crate::servers::{
    CANCEL, ENHANCE_YOUR_CALM, Http2Server, IMAGE, INTERNAL_ERROR, NO_ERROR, REFUSED_STREAM, Response, until,
};

#[tokio::test]
async fn concurrent_requests_share_one_connection() {
    let server =
        Http2Server::start(|_, request| if request == 0 { Response::Status } else { Response::StatusTogether(8) });
    let client = server.builder().build().unwrap();
    client.image_status(IMAGE).await.unwrap();
    let calls: Vec<_> =
        (1..=8).map(|image| tokio::spawn(client.image_status(ImageRef::new(1, image)).into_future())).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().completed_machines(), 3);
    }
    assert_eq!((server.requests(), server.connections()), (9, 1));
}

#[tokio::test]
async fn a_request_that_was_rejected_unprocessed_is_sent_again_without_using_a_retry() {
    for (response, connections) in [(Response::Reset(REFUSED_STREAM), 1), (Response::GoAway(NO_ERROR), 2)] {
        // On a connection that was just opened, and on one that was used before.
        for rejected in [0, 1] {
            let server = Http2Server::start(move |connection, request| match (connection, request) {
                (0, request) if request == rejected => response,
                _ => Response::Status,
            });
            let client = server.builder().retries(0).build().unwrap();
            for _ in 0..=rejected {
                client.image_status(IMAGE).await.unwrap();
            }
            assert_eq!((server.requests(), server.connections()), (rejected + 2, connections), "{response:?}");
        }
    }
}

#[tokio::test]
async fn a_second_rejection_uses_a_retry() {
    let server = Http2Server::start(|_, _| Response::Reset(REFUSED_STREAM));
    let error = server.builder().retries(1).build().unwrap().image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3), "{error}");
    assert!(error.to_string().contains("rejected the request before processing it"), "{error}");
}

#[tokio::test]
async fn a_reset_or_goaway_with_an_error_code_gets_no_free_retry() {
    for response in
        [Response::GoAway(ENHANCE_YOUR_CALM), Response::Reset(ENHANCE_YOUR_CALM), Response::Reset(INTERNAL_ERROR)]
    {
        let server = Http2Server::start(move |_, request| if request == 0 { Response::Status } else { response });
        let client = server.builder().retries(0).build().unwrap();
        client.image_status(IMAGE).await.unwrap();
        let error = client.image_status(IMAGE).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{response:?}: {error}");
    }
}

#[tokio::test]
async fn a_shared_connection_that_died_is_replaced_without_using_a_retry() {
    let server = Http2Server::start(|connection, request| match (connection, request) {
        (0, 1) => Response::Close,
        _ => Response::Status,
    });
    let client = server.builder().retries(0).build().unwrap();
    for _ in 0..3 {
        client.image_status(IMAGE).await.unwrap();
    }
    assert_eq!((server.requests(), server.connections()), (4, 2));
}

#[tokio::test]
async fn a_connection_that_was_opened_for_the_request_gets_no_free_retry_over_http2() {
    let server = Http2Server::start(|_, _| Response::Close);
    let error = server.builder().retries(0).build().unwrap().image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{error}");
}

#[tokio::test]
async fn a_silent_connection_is_detected_and_replaced_within_one_attempt() {
    let server = Http2Server::start(|connection, request| match (connection, request) {
        (0, 1..) => Response::FallSilent,
        _ => Response::Status,
    });
    let client = server.builder().attempt_timeout(Duration::from_secs(12)).retries(0).build().unwrap();
    client.image_status(IMAGE).await.unwrap();
    let started = Instant::now();
    client.image_status(IMAGE).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(3), "the server had no time to respond to a ping");
    client.image_status(IMAGE).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_silent_connection_is_detected_across_calls_that_are_shorter_than_a_ping() {
    let server = Http2Server::start(|connection, request| match (connection, request) {
        (0, 1..) => Response::FallSilent,
        _ => Response::Status,
    });
    // Two seconds pass from the last sign of life to the detection, and each call waits for one.
    let client = server.builder().attempt_timeout(Duration::from_secs(4)).retries(0).build().unwrap();
    client.image_status(IMAGE).await.unwrap();
    let started = Instant::now();
    // Only another connection can end the loop with a status.
    while let Err(error) = client.image_status(IMAGE).timeout(Duration::from_secs(1)).await {
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(started.elapsed() < Duration::from_secs(60), "the silent connection is still in use");
    }
    assert!(server.connections() >= 2, "{} connections", server.connections());
}

#[tokio::test]
async fn an_attempt_times_out_where_the_server_acknowledges_pings_and_does_not_respond() {
    let server = Http2Server::start(|_, _| Response::Hang);
    let client = server.builder().attempt_timeout(Duration::from_secs(8)).retries(0).build().unwrap();
    let error = client.image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1), "{error}");
    assert!(server.pings() > 0, "the client sent no ping");
}

#[tokio::test]
async fn a_body_that_ends_early_is_a_connection_error() {
    for response in [
        Response::ResetWithinBody(NO_ERROR),
        Response::ResetWithinBody(CANCEL),
        Response::ResetWithinBody(INTERNAL_ERROR),
        Response::CloseWithinBody,
    ] {
        let server = Http2Server::start(move |_, _| response);
        let error = server.builder().retries(1).build().unwrap().image_status(IMAGE).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 2), "{response:?}: {error}");
        assert_eq!(error.status(), Some(200));
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read_and_leaves_the_connection_usable() {
    let server =
        Http2Server::start(|_, request| if request == 0 { Response::Body(64 * 1024) } else { Response::Status });
    let client = server.builder().max_body_bytes(1000).build().unwrap();
    let error = client.image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1), "{error}");
    assert!(error.to_string().contains("larger than 1000 bytes"), "{error}");
    client.image_status(IMAGE).await.unwrap();
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn hundreds_of_headers_are_read_and_too_many_are_named_without_a_retry() {
    let server = Http2Server::start(|_, _| Response::Headers(500));
    assert_eq!(server.builder().build().unwrap().image_status(IMAGE).await.unwrap().completed_machines(), 3);
    // Above the limit, and so far above that the connection ends.
    for count in [4_000, 16_000] {
        let server = Http2Server::start(move |_, _| Response::Headers(count));
        let error = server.builder().build().unwrap().image_status(IMAGE).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{error}");
        assert!(error.to_string().starts_with("the response header of https://localhost:"), "{error}");
        assert!(error.to_string().contains("is not valid HTTP/2, or larger than 400 KB"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_call_resets_its_stream_and_leaves_the_connection_open() {
    let server = Http2Server::start(|_, request| if request == 0 { Response::Hang } else { Response::Status });
    let client = server.builder().build().unwrap();
    let pending = tokio::spawn(client.image_status(IMAGE).into_future());
    until(|| server.requests() == 1);
    pending.abort();
    until(|| server.resets() == 1);
    client.image_status(IMAGE).await.unwrap();
    assert_eq!(server.connections(), 1);
}
