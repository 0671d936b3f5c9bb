//! Reading the body of a response.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use clanforge_core::ErrorKind;
use reqwest::Response;

use crate::error::{Failure, Retry, cause_texts, chain, plain_cause};

/// The largest part of an error body that is read.
const MAX_ERROR_BODY_BYTES: usize = 64 * 1024;

/// Reads a whole body of at most `limit` bytes, counted after decompression. `expected` is what the body should be.
///
/// # Errors
/// Where the body is too large, ends early or cannot be decompressed.
pub(crate) async fn read_body(response: &mut Response, limit: usize, expected: &str) -> Result<Bytes, Failure> {
    let too_large = || {
        let message = format!("the response is not {expected}: its body is larger than {limit} bytes");
        Failure::new(ErrorKind::Decode, Retry::Never, message)
    };
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(too_large());
    }
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| read_failure(&error, expected))? {
        if first.len().max(whole.len()) + chunk.len() > limit {
            return Err(too_large());
        }
        if first.is_empty() {
            // Most bodies are one chunk, which needs no copy.
            first = chunk;
        } else {
            if whole.is_empty() {
                whole.reserve(usize::try_from(announced).unwrap_or(0).min(limit));
                whole.extend_from_slice(&first);
            }
            whole.extend_from_slice(&chunk);
        }
    }
    let body = if whole.is_empty() { first } else { whole.freeze() };
    // Over HTTP/2 a server can end a body early in a way that hyper takes for the end.
    match announced > body.len() as u64 {
        true => {
            let message = "the response body is shorter than its Content-Length";
            Err(Failure::new(ErrorKind::Connection, Retry::AfterBackoff, message))
        }
        false => Ok(body),
    }
}

/// Reads what there is of the body of an unsuccessful response within `time`.
pub(crate) async fn read_error_body(response: &mut Response, time: Duration) -> Vec<u8> {
    let mut body = Vec::new();
    let read = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ERROR_BODY_BYTES {
                break;
            }
        }
    };
    // Of a body that does not end in time, the part that was read counts.
    let _ = tokio::time::timeout(time, read).await;
    body
}

fn read_failure(error: &reqwest::Error, expected: &str) -> Failure {
    let by_connection = chain(error).any(<dyn std::error::Error>::is::<hyper::Error>);
    let cause = plain_cause(error);
    let (kind, retry, message) = if error.is_timeout() {
        (ErrorKind::Timeout, Retry::AfterBackoff, format!("the response body stalled: {cause}"))
    } else if by_connection || !error.is_decode() {
        let message = format!("the connection failed while the response body was read: {cause}");
        (ErrorKind::Connection, Retry::AfterBackoff, message)
    } else {
        let message = format!("the response is not {expected}: its body could not be decompressed: {cause}");
        (ErrorKind::Decode, Retry::Never, message)
    };
    Failure::new(kind, retry, message).with_causes(cause_texts(error))
}
