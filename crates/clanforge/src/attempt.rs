//! One attempt: one request, one answer, and what the answer or its absence means.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use clanforge_core::{ApiError, ErrorKind, ImageStatus, ResponseError, decode_image_status};
use reqwest::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Method, Request, Response};
use url::Url;

use crate::base_url::origin;
use crate::error::Details;
use crate::failure::{Again, Failure, cause_texts, chain};
use crate::opened;
use crate::redact::Redactor;
use crate::retry::{is_retried, parse_retry_after};
use crate::transport::Transport;

/// The headers in which services put a request's id, the likeliest first.
const REQUEST_ID_HEADERS: [&str; 4] = ["x-request-id", "x-correlation-id", "x-amzn-requestid", "x-amzn-trace-id"];

/// What is read of the body of an unsuccessful answer, for its message: at most this much, for at most this long.
const MAX_ERROR_BODY_BYTES: usize = 64 * 1024;
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(2);

/// Sends one request and returns the status that it is answered with.
pub(crate) async fn attempt(
    transport: &Transport,
    url: Url,
    authorization: HeaderValue,
    redactor: &Redactor,
) -> Result<ImageStatus, Failure> {
    let target = origin(&url);
    let mut request = Request::new(Method::GET, url);
    request.headers_mut().insert(AUTHORIZATION, authorization);
    let (sent, opened) = opened::watch(transport.http.execute(request)).await;
    let response = sent.map_err(|error| no_answer(transport, &target, opened, error))?;
    log_headers(&response, redactor);
    match response.status().as_u16() {
        200 => read(transport, response).await,
        status => Err(refused(status, response).await),
    }
}

async fn read(transport: &Transport, mut response: Response) -> Result<ImageStatus, Failure> {
    let body = match body(&mut response, transport.max_body_bytes).await {
        Ok(body) => body,
        Err(failure) => {
            let causes = failure.details.causes.clone();
            return Err(Failure { details: Details { causes, ..details(&response) }, ..failure });
        }
    };
    decode_image_status(&body).map_err(|error| match error {
        ResponseError::Api(error) => {
            let message = error.to_string();
            Failure { details: spoken(&response, &error), ..Failure::new(ErrorKind::Api, Again::Never, message) }
        }
        ResponseError::Decode(error) => {
            let content_type = header(response.headers(), &CONTENT_TYPE);
            let content_type = content_type.map(|content_type| format!(" (content type {content_type})"));
            let message = format!("the answer is no image status: {error}{}", content_type.unwrap_or_default());
            let details = Details { json_path: Some(error.path().to_owned()), ..details(&response) };
            Failure { details, ..Failure::new(ErrorKind::Decode, Again::Never, message) }
        }
    })
}

/// Reads a whole body of at most `limit` bytes, counted after decompression.
async fn body(response: &mut Response, limit: usize) -> Result<Bytes, Failure> {
    let too_large = || {
        let message = format!("the answer is no image status: its body is larger than {limit} bytes");
        Failure::new(ErrorKind::Decode, Again::Never, message)
    };
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(too_large());
    }
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if first.len().max(whole.len()) + chunk.len() > limit {
            return Err(too_large());
        }
        if first.is_empty() {
            // Most bodies are one chunk, which needs no copy.
            first = chunk;
        } else {
            if whole.is_empty() {
                whole.reserve(usize::try_from(announced).unwrap_or(0));
                whole.extend_from_slice(&first);
            }
            whole.extend_from_slice(&chunk);
        }
    }
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}

fn broken(error: &reqwest::Error) -> Failure {
    let by_connection = chain(error).any(<dyn std::error::Error>::is::<hyper::Error>);
    let (kind, again, message) = if error.is_timeout() {
        (ErrorKind::Timeout, Again::Later, "the answer stalled")
    } else if by_connection || !error.is_decode() {
        (ErrorKind::Connection, Again::Later, "the connection broke within the answer")
    } else {
        (ErrorKind::Decode, Again::Never, "the answer is no image status: its compression is broken")
    };
    Failure::new(kind, again, message).with_causes(cause_texts(error))
}

/// Judges an answer other than 200.
async fn refused(status: u16, mut response: Response) -> Failure {
    let again = if is_retried(status) { Again::Later } else { Again::Never };
    if (300..400).contains(&status)
        && let Some(message) = redirect(&response)
    {
        return Failure { details: details(&response), ..Failure::new(ErrorKind::Redirect, Again::Never, message) };
    }
    let reason = response.status().canonical_reason().unwrap_or("unknown status").to_lowercase();
    let said = ApiError::from_error_body(&error_body(&mut response).await);
    let (kind, meaning) = match status {
        401 => (ErrorKind::Authentication, "the service does not accept the credentials".to_owned()),
        403 => (
            ErrorKind::PermissionDenied,
            "the service forbids it: the credentials are wrong, or have no access to the account service".to_owned(),
        ),
        404 => (ErrorKind::NotFound, "the service has no such image or account service".to_owned()),
        408 => (ErrorKind::Timeout, "the service gave up waiting for the request".to_owned()),
        429 => (ErrorKind::RateLimited, "the service asks for fewer requests".to_owned()),
        500..=599 if said.is_none() => (ErrorKind::Server, format!("the service failed: {reason}")),
        200..=299 => (ErrorKind::Decode, format!("the answer is no image status: {reason}")),
        _ => (ErrorKind::Api, format!("the service refused: {reason}")),
    };
    let Some(said) = said else {
        return Failure { details: details(&response), ..Failure::new(kind, again, meaning) };
    };
    let message = if kind == ErrorKind::Api { said.to_string() } else { format!("{meaning}: {said}") };
    Failure { details: spoken(&response, &said), ..Failure::new(kind, again, message) }
}

/// Returns what a redirect says, naming no more of its target than the origin.
fn redirect(response: &Response) -> Option<String> {
    let location = response.headers().get(LOCATION)?;
    let target = location.to_str().ok().and_then(|location| response.url().join(location).ok());
    let target = target.map_or_else(|| "an address that cannot be read".to_owned(), |target| origin(&target));
    let way_out = if target == origin(response.url()) { "another path of it" } else { &target };
    Some(format!("the service redirects to {way_out}, and credentials follow no redirect: check the base URL"))
}

/// Reads what there is of the body of an unsuccessful answer; its status counts, whatever becomes of its body.
async fn error_body(response: &mut Response) -> Vec<u8> {
    let mut body = Vec::new();
    let read = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ERROR_BODY_BYTES {
                break;
            }
        }
    };
    // A body that does not end in time is judged by what came of it.
    let _ = tokio::time::timeout(ERROR_BODY_TIMEOUT, read).await;
    body
}

/// Judges a request that no answer came to.
fn no_answer(transport: &Transport, target: &str, opened: bool, error: reqwest::Error) -> Failure {
    let error = error.without_url();
    let causes = cause_texts(&error);
    let tls = chain(&error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
    if let Some(tls) = tls {
        let trust = &transport.trust;
        let again = if is_final(tls) { Again::Never } else { Again::Later };
        return Failure::new(ErrorKind::Connection, again, format!("no secure connection to {target} with {trust}"))
            .with_causes(causes);
    }
    if error.is_connect() && error.is_timeout() {
        let message = format!("no connection to {target} within {} s", transport.connect_timeout.as_secs_f64());
        return Failure::new(ErrorKind::Timeout, Again::Later, message);
    }
    if error.is_connect() {
        return Failure::new(ErrorKind::Connection, Again::Later, format!("no connection to {target}"))
            .with_causes(causes);
    }
    if error.is_builder() {
        return Failure::new(ErrorKind::Internal, Again::Never, "the request cannot be built").with_causes(causes);
    }
    let closed = chain(&error).any(closed_before_the_answer);
    let again = if closed && !opened { Again::AtOnce } else { Again::Later };
    let message = if closed {
        format!("{target} closed the connection before it answered")
    } else {
        format!("the connection to {target} broke before the answer")
    };
    Failure::new(ErrorKind::Connection, again, message).with_causes(causes)
}

fn closed_before_the_answer(error: &(dyn std::error::Error + 'static)) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};

    let by_hyper = error
        .downcast_ref::<hyper::Error>()
        .is_some_and(|error| error.is_incomplete_message() || error.is_canceled() || error.is_closed());
    let by_system = error.downcast_ref::<std::io::Error>().is_some_and(|error| {
        matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof)
    });
    by_hyper || by_system
}

/// Returns true where the next handshake fails like this one: the certificate or the settings are to blame.
fn is_final(error: &rustls::Error) -> bool {
    !matches!(error, rustls::Error::InvalidMessage(_) | rustls::Error::DecryptError | rustls::Error::General(_))
}

fn details(response: &Response) -> Details {
    let headers = response.headers();
    let date = header(headers, &DATE);
    let retry_after =
        header(headers, &RETRY_AFTER).and_then(|text| parse_retry_after(&text, date.as_deref(), SystemTime::now()));
    let request_id = REQUEST_ID_HEADERS.into_iter().find_map(|name| headers.get(name)).and_then(printable);
    Details { status: Some(response.status().as_u16()), request_id, retry_after, ..Details::default() }
}

fn spoken(response: &Response, error: &ApiError) -> Details {
    Details {
        api_code: error.code().map(ToOwned::to_owned),
        api_message: Some(error.message().to_owned()),
        ..details(response)
    }
}

fn header(headers: &HeaderMap, name: &reqwest::header::HeaderName) -> Option<String> {
    headers.get(name).and_then(printable)
}

/// Returns a header's value cut to what a log line bears; `None` where it is not printable ASCII.
fn printable(value: &HeaderValue) -> Option<String> {
    value.to_str().ok().map(|text| text.chars().take(128).collect())
}

/// Logs the headers that hold nothing private, by name: the others are not even looked at.
fn log_headers(response: &Response, redactor: &Redactor) {
    let headers = response.headers();
    let text = |name| header(headers, &name).map(|text| redactor.clean(&text));
    tracing::debug!(
        status = response.status().as_u16(),
        content_type = text(CONTENT_TYPE),
        content_length = text(CONTENT_LENGTH),
        date = text(DATE),
        retry_after = text(RETRY_AFTER),
        "answered"
    );
}
