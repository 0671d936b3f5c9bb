//! HTTP/2: one connection for all requests, and what becomes of them when it ends.

use std::time::{Duration, Instant};

use clanforge::{ErrorKind, ImageRef};

use crate::http2_server::{Answer, CANCEL, ENHANCE_YOUR_CALM, Http2Server, INTERNAL_ERROR, NO_ERROR, REFUSED_STREAM};
use crate::servers::{IMAGE, until};

#[tokio::test]
async fn requests_at_the_same_time_share_one_connection() {
    let server = Http2Server::start(|_, request| if request == 0 { Answer::Status } else { Answer::StatusTogether(8) });
    let client = server.builder().build().unwrap();
    client.image_status(IMAGE).await.unwrap();
    let calls: Vec<_> =
        (0..8).map(|image| tokio::spawn(client.image_status(ImageRef::new(1, image)).into_future())).collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().completed_machines(), 3);
    }
    assert_eq!((server.requests(), server.connections()), (9, 1));
}

#[tokio::test]
async fn a_request_that_was_turned_away_is_sent_again_at_once_without_using_a_retry() {
    for (answer, connections) in [(Answer::Reset(REFUSED_STREAM), 1), (Answer::GoAway(NO_ERROR), 2)] {
        // On a connection that was just opened and on one that served before.
        for turned_away in [0, 1] {
            let server = Http2Server::start(move |connection, request| match (connection, request) {
                (0, request) if request == turned_away => answer,
                _ => Answer::Status,
            });
            let client = server.builder().retries(0).build().unwrap();
            for _ in 0..=turned_away {
                client.image_status(IMAGE).await.unwrap();
            }
            assert_eq!((server.requests(), server.connections()), (turned_away + 2, connections), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn a_request_is_turned_away_without_using_a_retry_only_once() {
    let server = Http2Server::start(|_, _| Answer::Reset(REFUSED_STREAM));
    let error = server.builder().retries(1).build().unwrap().image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 3), "{error}");
    assert!(error.to_string().contains("turned the request away"), "{error}");
}

#[tokio::test]
async fn a_complaint_of_the_server_is_no_reason_to_ask_again_at_once() {
    for answer in [Answer::GoAway(ENHANCE_YOUR_CALM), Answer::Reset(ENHANCE_YOUR_CALM), Answer::Reset(INTERNAL_ERROR)] {
        let server = Http2Server::start(move |_, request| if request == 0 { Answer::Status } else { answer });
        let client = server.builder().retries(0).build().unwrap();
        client.image_status(IMAGE).await.unwrap();
        let error = client.image_status(IMAGE).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{answer:?}: {error}");
    }
}

#[tokio::test]
async fn a_shared_connection_that_died_is_replaced_without_using_a_retry() {
    let server = Http2Server::start(|connection, request| match (connection, request) {
        (0, 1) => Answer::Close,
        _ => Answer::Status,
    });
    let client = server.builder().retries(0).build().unwrap();
    for _ in 0..3 {
        client.image_status(IMAGE).await.unwrap();
    }
    assert_eq!((server.requests(), server.connections()), (4, 2));
}

#[tokio::test]
async fn a_connection_that_was_just_opened_gets_no_free_retry_over_http2() {
    let server = Http2Server::start(|_, _| Answer::Close);
    let error = server.builder().retries(0).build().unwrap().image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1), "{error}");
}

#[tokio::test]
async fn a_connection_that_fell_silent_is_found_dead_within_the_attempt_that_needs_it() {
    let server = Http2Server::start(|connection, request| match (connection, request) {
        (0, 1..) => Answer::FallSilent,
        _ => Answer::Status,
    });
    let client = server.builder().attempt_timeout(Duration::from_secs(4)).retries(0).build().unwrap();
    client.image_status(IMAGE).await.unwrap();
    let started = Instant::now();
    client.image_status(IMAGE).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1), "it was given no time to answer");
    client.image_status(IMAGE).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_connection_that_fell_silent_holds_up_short_calls_for_a_while_only() {
    let server = Http2Server::start(|connection, request| match (connection, request) {
        (0, 1..) => Answer::FallSilent,
        _ => Answer::Status,
    });
    let client = server.builder().attempt_timeout(Duration::from_secs(2)).retries(0).build().unwrap();
    client.image_status(IMAGE).await.unwrap();
    let started = Instant::now();
    // No single one of them waits long enough to tell that nothing answers any more.
    while let Err(error) = client.image_status(IMAGE).timeout(Duration::from_millis(200)).await {
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(started.elapsed() < Duration::from_secs(4), "it is still in use");
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_server_that_shows_signs_of_life_and_never_answers_ends_the_attempt_in_time() {
    let server = Http2Server::start(|_, _| Answer::Hang);
    let client = server.builder().attempt_timeout(Duration::from_millis(400)).retries(0).build().unwrap();
    let error = client.image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1), "{error}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_matter_of_the_connection() {
    for answer in [
        Answer::ResetWithinBody(NO_ERROR),
        Answer::ResetWithinBody(CANCEL),
        Answer::ResetWithinBody(INTERNAL_ERROR),
        Answer::CloseWithinBody,
    ] {
        let server = Http2Server::start(move |_, _| answer);
        let error = server.builder().retries(1).build().unwrap().image_status(IMAGE).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 2), "{answer:?}: {error}");
        assert_eq!(error.status(), Some(200));
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read_and_leaves_the_connection_usable() {
    let server = Http2Server::start(|_, request| if request == 0 { Answer::Body(64 * 1024) } else { Answer::Status });
    let client = server.builder().max_body_bytes(1000).build().unwrap();
    let error = client.image_status(IMAGE).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1), "{error}");
    assert!(error.to_string().contains("larger than 1000 bytes"), "{error}");
    client.image_status(IMAGE).await.unwrap();
    assert_eq!(server.connections(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_call_takes_its_request_back_and_leaves_the_connection_to_the_others() {
    let server = Http2Server::start(|_, request| if request == 0 { Answer::Hang } else { Answer::Status });
    let client = server.builder().build().unwrap();
    let pending = tokio::spawn(client.image_status(IMAGE).into_future());
    until(|| server.requests() == 1);
    pending.abort();
    until(|| server.resets() == 1);
    client.image_status(IMAGE).await.unwrap();
    assert_eq!(server.connections(), 1);
}
