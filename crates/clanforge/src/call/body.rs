//! Reading the body of a response.

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use clanforge_core::ErrorKind;
use reqwest::Response;

use crate::call::content_coding::{ContentCoding, Gunzip};
use crate::error::{Failure, Retry, cause_texts, plain_cause};

/// The largest part of an error body that is read.
const MAX_ERROR_BODY_BYTES: usize = 64 * 1024;

/// Reads a whole body of at most `limit` bytes, counted after decompression. `expected` is what the body should be.
///
/// # Errors
/// Says whether the body is too large, ends early, cannot be decompressed, or has a coding that the client does not know.
pub(crate) async fn read_body(response: &mut Response, limit: usize, expected: &str) -> Result<Bytes, Failure> {
    let refuse = |problem: String| {
        Failure::new(ErrorKind::Decode, Retry::Never, format!("the response is not {expected}: {problem}"))
    };
    let too_large = || refuse(format!("its body is larger than {limit} bytes"));
    match ContentCoding::from_headers(response.headers()) {
        Ok(ContentCoding::Identity) => read_plain_body(response, limit, too_large).await,
        Ok(ContentCoding::Gzip) => {
            read_gzip_body(response, limit, |gunzip, error| match gunzip.is_exceeded() {
                true => too_large(),
                false => refuse(format!("its body could not be decompressed: {}", plain_cause(&error)))
                    .with_causes(cause_texts(&error)),
            })
            .await
        }
        Err(coding) => Err(refuse(format!("its content coding is {coding:?}, and the client accepts only gzip"))),
    }
}

async fn read_plain_body(
    response: &mut Response,
    limit: usize,
    too_large: impl Fn() -> Failure,
) -> Result<Bytes, Failure> {
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(too_large());
    }
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| read_failure(&error))? {
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
    length_failure(announced, body.len()).map_or(Ok(body), Err)
}

async fn read_gzip_body(
    response: &mut Response,
    limit: usize,
    refuse: impl Fn(&Gunzip, io::Error) -> Failure,
) -> Result<Bytes, Failure> {
    let announced = response.content_length().unwrap_or(0);
    let mut gunzip = Gunzip::new(limit);
    let mut length = 0;
    while let Some(chunk) = response.chunk().await.map_err(|error| read_failure(&error))? {
        length += chunk.len();
        gunzip.write(&chunk).map_err(|error| refuse(&gunzip, error))?;
    }
    if let Some(failure) = length_failure(announced, length) {
        return Err(failure);
    }
    if length > 0 {
        gunzip.finish().map_err(|error| refuse(&gunzip, error))?;
    }
    Ok(gunzip.take().into())
}

/// Returns the failure of a body that is shorter than announced: over HTTP/2 a server can end one early in a way that hyper takes
/// for the end.
fn length_failure(announced: u64, length: usize) -> Option<Failure> {
    let message = "the response body is shorter than its Content-Length";
    (announced > length as u64).then(|| Failure::new(ErrorKind::Connection, Retry::AfterBackoff, message))
}

/// Reads as much of the body of an unsuccessful response as arrives within `time`.
pub(crate) async fn read_error_body(response: &mut Response, time: Duration) -> Vec<u8> {
    let coding = ContentCoding::from_headers(response.headers());
    let mut body = Vec::new();
    let read = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ERROR_BODY_BYTES {
                break;
            }
        }
    };
    // If a body does not end in time or is incomplete, the part that was read is used.
    let _ = tokio::time::timeout(time, read).await;
    match coding {
        Ok(ContentCoding::Identity) => body,
        Ok(ContentCoding::Gzip) => {
            let mut gunzip = Gunzip::new(MAX_ERROR_BODY_BYTES);
            let _ = gunzip.write(&body).and_then(|()| gunzip.finish());
            gunzip.take()
        }
        // Nothing in it can be read.
        Err(_) => Vec::new(),
    }
}

fn read_failure(error: &reqwest::Error) -> Failure {
    let cause = plain_cause(error);
    let (kind, message) = match error.is_timeout() {
        true => (ErrorKind::Timeout, format!("the response body stalled: {cause}")),
        false => (ErrorKind::Connection, format!("the connection failed while the response body was read: {cause}")),
    };
    Failure::new(kind, Retry::AfterBackoff, message).with_causes(cause_texts(error))
}
