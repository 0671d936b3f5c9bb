//! HTTP responses as bytes.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::action::Action;

/// A well-formed response.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    /// Headers other than `Content-Length`; `Content-Type` is JSON unless it is among them.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Bytes,
}

impl Response {
    pub(crate) fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: BTreeMap::new(), body: body.into() }
    }

    /// Returns a response without a body.
    pub(crate) fn with_header(status: u16, name: &str, value: &str) -> Self {
        Self { status, headers: BTreeMap::from([(name.to_owned(), value.to_owned())]), body: Bytes::new() }
    }

    pub(crate) fn actions(&self) -> Vec<Action> {
        vec![Action::Send([&self.head()[..], &self.body].concat().into())]
    }

    /// Returns status line and headers, with the length of the body.
    pub(crate) fn head(&self) -> Bytes {
        self.head_with(&format!("Content-Length: {}", self.body.len()))
    }

    /// Returns status line and headers, with the header `framing` instead of the `Content-Length` of the body.
    pub(crate) fn head_with(&self, framing: &str) -> Bytes {
        let is_typed = self.headers.keys().any(|name| name.eq_ignore_ascii_case("content-type"));
        let content_type = (!is_typed).then(|| "Content-Type: application/json".to_owned());
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}"));
        let status = format!("HTTP/1.1 {} {}", self.status, reason(self.status));
        let lines: Vec<_> =
            [status].into_iter().chain(content_type).chain(headers).chain([framing.to_owned()]).collect();
        format!("{}\r\n\r\n", lines.join("\r\n")).into()
    }
}

const fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unnamed",
    }
}
