//! One attempt: one request, one answer, and what the answer or its absence means.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use clanforge_core::{ApiError, ErrorKind, ImageStatus, ResponseError, decode_image_status};
use reqwest::header::{
    AGE, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Request, Response};

use crate::base_url::origin;
use crate::defaults::MAX_BODY_BYTES;
use crate::error::Details;
use crate::failure::{Again, Failure, cause_texts, chain};
use crate::no_answer::no_answer;
use crate::opened;
use crate::proxy::Proxy;
use crate::redact::Redactor;
use crate::retry::{is_retried, parse_retry_after};
use crate::transport::Transport;

/// The headers in which services put a request's id, the likeliest first.
const REQUEST_ID_HEADERS: [&str; 4] = ["x-request-id", "x-correlation-id", "x-amzn-requestid", "x-amzn-trace-id"];

/// What is read of the body of an unsuccessful answer, for its message: at most this much, for at most this long.
const MAX_ERROR_BODY_BYTES: usize = 64 * 1024;
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(2);

/// How much of a header's value a line bears.
const MAX_HEADER_CHARS: usize = 128;

/// A status, and how old it is.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) status: ImageStatus,
    /// How long caches between the service and the client had kept it: the response's `Age` (RFC 9111, section 5.1).
    pub(crate) age: Duration,
}

/// Sends one request, and says what the answer or its absence means.
pub(crate) struct Attempt<'a> {
    pub(crate) transport: &'a Transport,
    pub(crate) redactor: &'a Redactor,
    pub(crate) wants_detail: bool,
}

impl Attempt<'_> {
    /// Returns the status that a request is answered with; `time` is how long the attempt may take.
    ///
    /// # Errors
    /// Why there is none, without a secret in any text.
    pub(crate) async fn send(&self, request: Request, time: Duration) -> Result<Received, Failure> {
        self.answer(request, time).await.map_err(|failure| failure.cleaned(self.redactor))
    }

    async fn answer(&self, request: Request, time: Duration) -> Result<Received, Failure> {
        let target = origin(request.url());
        let (sent, opened) = opened::watch(self.transport.http.execute(request)).await;
        let response = sent.map_err(|error| no_answer(self.transport, &target, opened, error))?;
        self.log_headers(&response);
        match response.status().as_u16() {
            200 => self.read(response).await,
            status => Err(self.refused(status, response, time).await),
        }
    }

    async fn read(&self, mut response: Response) -> Result<Received, Failure> {
        let body = match body(&mut response, self.transport.max_body_bytes).await {
            Ok(body) => body,
            Err(failure) => {
                let causes = failure.details.causes.clone();
                return Err(Failure { details: Details { causes, ..self.details(&response) }, ..failure });
            }
        };
        let age = age(response.headers());
        match decode_image_status(&body) {
            // Without detail `fleets` is not empty, it is not there: what was not asked for says nothing.
            Ok(status) if !self.wants_detail && status.fleets().is_some_and(<[_]>::is_empty) => {
                Ok(Received { status: ImageStatus::new(status.counts()), age })
            }
            Ok(status) => Ok(Received { status, age }),
            Err(error) => Err(self.unreadable(&response, self.clean_error(&body, error))),
        }
    }

    /// Returns what is wrong with a body without its secrets: an error quotes the body, cut and with escapes.
    fn clean_error(&self, body: &[u8], error: ResponseError) -> ResponseError {
        let cleaned = self.redactor.clean_body(body).map(|body| decode_image_status(&body));
        cleaned.and_then(Result::err).unwrap_or(error)
    }

    fn unreadable(&self, response: &Response, error: ResponseError) -> Failure {
        match error {
            ResponseError::Api(error) => {
                let message = error.to_string();
                Failure {
                    details: self.spoken(response, &error),
                    ..Failure::new(ErrorKind::Api, Again::Never, message)
                }
            }
            ResponseError::Decode(error) => {
                let content_type = self.header(response.headers(), &CONTENT_TYPE);
                let content_type = content_type.map(|content_type| format!(" (content type {content_type})"));
                let message = format!("the answer is no image status: {error}{}", content_type.unwrap_or_default());
                let details = Details { json_path: Some(error.path().to_owned()), ..self.details(response) };
                Failure { details, ..Failure::new(ErrorKind::Decode, Again::Never, message) }
            }
        }
    }

    /// Judges an answer other than 200.
    async fn refused(&self, status: u16, mut response: Response, time: Duration) -> Failure {
        let again = if is_retried(status) { Again::Later } else { Again::Never };
        if (300..400).contains(&status)
            && let Some(message) = redirect(&response)
        {
            let failure = Failure::new(ErrorKind::Redirect, Again::Never, message);
            return Failure { details: self.details(&response), ..failure };
        }
        if status == 407 {
            // Only a proxy answers so, and its page is nobody's answer.
            let proxy = self.transport.proxy.as_ref();
            let message = proxy.map_or_else(|| "a proxy on the way asks for credentials".to_owned(), Proxy::refusal);
            return Failure {
                details: self.details(&response),
                ..Failure::new(ErrorKind::Connection, Again::Never, message)
            };
        }
        let reason = response.status().canonical_reason().unwrap_or("unknown status").to_lowercase();
        // The status counts, whatever becomes of the body: it gets a part of the time that there is.
        let body = error_body(&mut response, ERROR_BODY_TIMEOUT.min(time / 4)).await;
        let body = self.redactor.clean_body(&body).unwrap_or(body);
        let said = ApiError::from_error_body(&body);
        let is_envelope = ApiError::from_envelope(&body).is_some();
        let service_time =
            self.header(response.headers(), &DATE).and_then(|date| httpdate::parse_http_date(&date).ok());
        let (kind, meaning) = match status {
            401 => (ErrorKind::Authentication, "the service does not accept the credentials".to_owned()),
            403 => (
                ErrorKind::PermissionDenied,
                "the service forbids it: the credentials are wrong, or have no access to the account service"
                    .to_owned(),
            ),
            404 => (ErrorKind::NotFound, "the service has no such image or account service".to_owned()),
            408 => (ErrorKind::Timeout, "the service gave up waiting for the request".to_owned()),
            429 => (ErrorKind::RateLimited, "the service asks for fewer requests".to_owned()),
            500..=599 if !is_envelope => (ErrorKind::Server, format!("the service failed: {reason}")),
            200..=299 => (ErrorKind::Decode, format!("the answer is no image status: {reason}")),
            _ => (ErrorKind::Api, format!("the service refused: {reason}")),
        };
        let Some(said) = said else {
            let failure = Failure::new(kind, again, meaning);
            return Failure { details: self.details(&response), service_time, ..failure };
        };
        let message = if kind == ErrorKind::Api { said.to_string() } else { format!("{meaning}: {said}") };
        Failure { details: self.spoken(&response, &said), service_time, ..Failure::new(kind, again, message) }
    }

    fn details(&self, response: &Response) -> Details {
        let headers = response.headers();
        let date = self.header(headers, &DATE);
        let retry_after = self
            .header(headers, &RETRY_AFTER)
            .and_then(|text| parse_retry_after(&text, date.as_deref(), SystemTime::now()));
        let request_id = REQUEST_ID_HEADERS.into_iter().find_map(|name| headers.get(name));
        Details {
            status: Some(response.status().as_u16()),
            request_id: request_id.and_then(|id| self.printable(id)),
            retry_after,
            ..Details::default()
        }
    }

    fn spoken(&self, response: &Response, error: &ApiError) -> Details {
        Details {
            api_code: error.code().map(ToOwned::to_owned),
            api_message: Some(error.message().to_owned()),
            ..self.details(response)
        }
    }

    /// Logs the headers that hold nothing private, by name: the others are not even looked at.
    fn log_headers(&self, response: &Response) {
        let text = |name| self.header(response.headers(), &name);
        tracing::debug!(
            status = response.status().as_u16(),
            content_type = text(CONTENT_TYPE),
            content_length = text(CONTENT_LENGTH),
            date = text(DATE),
            retry_after = text(RETRY_AFTER),
            "answered"
        );
    }

    fn header(&self, headers: &HeaderMap, name: &HeaderName) -> Option<String> {
        headers.get(name).and_then(|value| self.printable(value))
    }

    /// Returns a header's value without secrets, cut to what a line bears; `None` where it is not printable ASCII.
    fn printable(&self, value: &HeaderValue) -> Option<String> {
        let text = self.redactor.clean(value.to_str().ok()?);
        Some(text.chars().take(MAX_HEADER_CHARS).collect())
    }
}

/// Returns the `Age` of a response: zero if there is none, or one that is not a number of seconds.
fn age(headers: &HeaderMap) -> Duration {
    let seconds = headers.get(AGE).and_then(|age| age.to_str().ok()?.trim().parse::<u32>().ok());
    Duration::from_secs(seconds.unwrap_or_default().into())
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
                whole.reserve(usize::try_from(announced).unwrap_or(0).min(MAX_BODY_BYTES));
                whole.extend_from_slice(&first);
            }
            whole.extend_from_slice(&chunk);
        }
    }
    let body = if whole.is_empty() { first } else { whole.freeze() };
    // HTTP/2 lets a server end a body early in a way that hyper takes for its end.
    match announced > body.len() as u64 {
        true => Err(Failure::new(ErrorKind::Connection, Again::Later, "the answer ended before its announced length")),
        false => Ok(body),
    }
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

/// Returns what a redirect says, naming no more of its target than the origin.
fn redirect(response: &Response) -> Option<String> {
    let location = response.headers().get(LOCATION)?;
    let target = location.to_str().ok().and_then(|location| response.url().join(location).ok());
    let target = target.map_or_else(|| "an address that cannot be read".to_owned(), |target| origin(&target));
    let way_out = if target == origin(response.url()) { "another path of it" } else { &target };
    Some(format!("the service redirects to {way_out}, and credentials follow no redirect: check the base URL"))
}

/// Reads what there is of the body of an unsuccessful answer, for so long.
async fn error_body(response: &mut Response, time: Duration) -> Vec<u8> {
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
    let _ = tokio::time::timeout(time, read).await;
    body
}
