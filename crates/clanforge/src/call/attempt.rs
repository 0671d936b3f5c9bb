//! One attempt: one request, and what the response means.

use std::time::{Duration, SystemTime};

use clanforge_core::{ApiError, ErrorKind, ResponseError};
use reqwest::header::{
    AGE, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Request, Response};

use crate::call::body::{read_body, read_error_body};
use crate::call::endpoint::Endpoint;
use crate::call::retry_policy::{is_retried, parse_retry_after};
use crate::error::{CurrentPhase, Details, Failure, Redactor, Retry};
use crate::http::{Proxy, Transport, origin};

/// The headers in which services send the ID of a request, the likeliest first.
const REQUEST_ID_HEADERS: [&str; 4] = ["x-request-id", "x-correlation-id", "x-amzn-requestid", "x-amzn-trace-id"];

/// The longest time for reading the body of an unsuccessful response.
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(2);

/// The longest part of a header's value that is shown.
const MAX_HEADER_CHARS: usize = 128;

/// What an HTML page means that arrives instead of the service's response.
const HTML_PAGE: &str =
    "the response is an HTML page, probably from a firewall, proxy or web server rather than the service";

/// Sends one request of an endpoint.
pub(crate) struct Attempt<'a, E> {
    pub(crate) transport: &'a Transport,
    pub(crate) redactor: &'a Redactor,
    /// What to check if the service rejects the credentials.
    pub(crate) settings: &'a str,
    pub(crate) endpoint: &'a E,
    pub(crate) phase: &'a CurrentPhase,
}

impl<E: Endpoint> Attempt<'_, E> {
    /// Sends the request and returns the decoded response; `again` returns a copy of the request to send it again, and
    /// `time` is how long the attempt may take.
    ///
    /// # Errors
    /// Why there is no decoded response, without secrets.
    pub(crate) async fn send(
        &self,
        request: Request,
        again: impl Fn() -> Option<Request>,
        time: Duration,
    ) -> Result<E::Output, Failure> {
        self.send_unredacted(request, again, time).await.map_err(|failure| failure.redacted(self.redactor))
    }

    async fn send_unredacted(
        &self,
        request: Request,
        again: impl Fn() -> Option<Request>,
        time: Duration,
    ) -> Result<E::Output, Failure> {
        tracing::debug!(host = origin(request.url()), path = self.endpoint.path(), "request");
        let response = self.transport.send(request, again, self.phase).await?;
        self.log_headers(&response);
        match response.status().as_u16() {
            200 => self.decode(response).await,
            status => Err(self.refusal(status, response, time).await),
        }
    }

    async fn decode(&self, mut response: Response) -> Result<E::Output, Failure> {
        let body = read_body(&mut response, self.transport.max_body_bytes(), E::RESPONSE).await;
        let body = body.map_err(|failure| failure.with_details(self.details(&response)))?;
        let decoded = self.endpoint.decode(&body, age(response.headers()));
        decoded.map_err(|error| self.decode_failure(&response, self.redact_body(&body, error)))
    }

    /// Returns the error of a body without its secrets: the error quotes the body, cut and escaped.
    fn redact_body(&self, body: &[u8], error: ResponseError) -> ResponseError {
        let redacted = self.redactor.clean_body(body).map(|body| self.endpoint.decode(&body, Duration::ZERO));
        redacted.and_then(Result::err).unwrap_or(error)
    }

    fn decode_failure(&self, response: &Response, error: ResponseError) -> Failure {
        match error {
            ResponseError::Api(error) => Failure::new(ErrorKind::Api, Retry::Never, error.to_string())
                .with_details(Details { from_service: true, ..self.api_details(response, &error) }),
            ResponseError::Decode(error) => {
                let content_type = self.header(response.headers(), &CONTENT_TYPE);
                let content_type = content_type.map(|content_type| format!(" (content type {content_type})"));
                let message =
                    format!("the response is not {}: {error}{}", E::RESPONSE, content_type.unwrap_or_default());
                let details = Details { json_path: Some(error.path().to_owned()), ..self.details(response) };
                Failure::new(ErrorKind::Decode, Retry::Never, message).with_details(details)
            }
        }
    }

    /// Returns what a response with a status other than 200 means.
    async fn refusal(&self, status: u16, mut response: Response, time: Duration) -> Failure {
        if status == 407 {
            // It comes from a proxy, whose error page says nothing of the service.
            let proxy = self.transport.proxy();
            let message = proxy.map_or_else(
                || "a proxy between the client and the service requires authentication".to_owned(),
                Proxy::refusal,
            );
            let failure = Failure::new(ErrorKind::Connection, Retry::Never, message);
            return failure.with_details(self.details(&response));
        }
        let reason = response.status().canonical_reason().map(|reason| format!(" {reason}")).unwrap_or_default();
        let title = format!("HTTP {status}{reason}");
        if (300..400).contains(&status)
            && let Some(target) = redirect_target(&response)
        {
            let message = format!(
                "{title}: the service redirects to {target}; credentials are not sent there: check the base URL"
            );
            let failure = Failure::new(ErrorKind::Redirect, Retry::Never, message);
            return Failure { maybe_elsewhere: true, ..failure.with_details(self.details(&response)) };
        }
        // The HTTP status is reported even if the body never ends, so reading the body gets only a part of the time.
        let body = read_error_body(&mut response, ERROR_BODY_TIMEOUT.min(time / 4)).await;
        let body = self.redactor.clean_body(&body).unwrap_or(body);
        let api_error = ApiError::from_error_body(&body);
        let is_envelope = ApiError::from_envelope(&body).is_some();
        let is_page = api_error.is_none() && self.is_html(&response, &body);
        let (kind, meaning, advice) = match status {
            401 if is_page => (ErrorKind::Authentication, HTML_PAGE.to_owned(), self.check_network()),
            403 if is_page => (ErrorKind::PermissionDenied, HTML_PAGE.to_owned(), self.check_network()),
            404 if is_page => {
                (ErrorKind::NotFound, HTML_PAGE.to_owned(), "; check the base URL and the IDs".to_owned())
            }
            401 => (ErrorKind::Authentication, "the service rejected the credentials".to_owned(), self.check("")),
            403 => (
                ErrorKind::PermissionDenied,
                "the credentials are wrong, or have no access to the account service".to_owned(),
                self.check(" and the account service ID"),
            ),
            404 => {
                let meaning = format!("the service has no {}", E::SUBJECT);
                (ErrorKind::NotFound, meaning, "; check the image ID and the account service ID".to_owned())
            }
            408 => (ErrorKind::Timeout, "the service timed out waiting for the request".to_owned(), String::new()),
            429 => (ErrorKind::RateLimited, "the service is rate limiting requests".to_owned(), String::new()),
            500..=599 if !is_envelope => (ErrorKind::Server, "the service failed".to_owned(), String::new()),
            200..=299 => (ErrorKind::Decode, format!("the response is not {}", E::RESPONSE), String::new()),
            100..=399 => (ErrorKind::Api, "the service sent an unexpected response".to_owned(), String::new()),
            _ => (ErrorKind::Api, "the service refused the request".to_owned(), String::new()),
        };
        let meaning = api_error.as_ref().map_or(meaning, ToString::to_string);
        let retry = if is_retried(status) { Retry::AfterBackoff } else { Retry::Never };
        let date = self.header(response.headers(), &DATE);
        Failure {
            details: match &api_error {
                Some(error) => Details { from_service: is_envelope, ..self.api_details(&response, error) },
                None => self.details(&response),
            },
            service_time: date.and_then(|date| httpdate::parse_http_date(&date).ok()),
            maybe_elsewhere: status == 404,
            ..Failure::new(kind, retry, format!("{title}: {meaning}{advice}"))
        }
    }

    fn check(&self, more: &str) -> String {
        format!("; check {}{more}", self.settings)
    }

    fn check_network(&self) -> String {
        format!("; check the proxies and firewalls between the client and the service, and {}", self.settings)
    }

    /// Returns true if a body is an HTML page, which the service never sends.
    fn is_html(&self, response: &Response, body: &[u8]) -> bool {
        let is_declared = self.header(response.headers(), &CONTENT_TYPE).is_some_and(|kind| kind.contains("html"));
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
        let begins_with =
            |tag: &str| body.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag.as_bytes()));
        is_declared || ["<!doctype html", "<html"].into_iter().any(begins_with)
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

    fn api_details(&self, response: &Response, error: &ApiError) -> Details {
        Details {
            api_code: error.code().map(ToOwned::to_owned),
            api_message: Some(error.message().to_owned()),
            ..self.details(response)
        }
    }

    /// Logs the headers on a list of harmless ones. Others are not read.
    fn log_headers(&self, response: &Response) {
        let text = |name| self.header(response.headers(), &name);
        tracing::debug!(
            status = response.status().as_u16(),
            content_type = text(CONTENT_TYPE),
            content_length = text(CONTENT_LENGTH),
            date = text(DATE),
            retry_after = text(RETRY_AFTER),
            "response"
        );
    }

    fn header(&self, headers: &HeaderMap, name: &HeaderName) -> Option<String> {
        headers.get(name).and_then(|value| self.printable(value))
    }

    /// Returns the value of a header without secrets, cut to a line; `None` if it is not printable ASCII.
    fn printable(&self, value: &HeaderValue) -> Option<String> {
        let text = self.redactor.clean(value.to_str().ok()?);
        Some(text.chars().take(MAX_HEADER_CHARS).collect())
    }
}

/// Returns the `Age` of a response (RFC 9111, section 5.1): zero if there is none, or one that is not a number of seconds.
fn age(headers: &HeaderMap) -> Duration {
    let seconds = headers.get(AGE).and_then(|age| age.to_str().ok()?.trim().parse::<u32>().ok());
    Duration::from_secs(seconds.unwrap_or_default().into())
}

/// Returns where a redirect leads, without path and query; `None` if it names no target.
fn redirect_target(response: &Response) -> Option<String> {
    let location = response.headers().get(LOCATION)?;
    let target = location.to_str().ok().and_then(|location| response.url().join(location).ok());
    let target = target.map_or_else(|| "an invalid URL".to_owned(), |target| origin(&target));
    Some(if target == origin(response.url()) { "another path".to_owned() } else { target })
}
