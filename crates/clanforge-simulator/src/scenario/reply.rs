//! What a request is met with: a proper answer, or one that goes wrong in a certain way.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

use super::file::{InvalidScenario, duration};

/// How one request is met.
///
/// In a scenario file it is a table with the variant's name as `kind` (`reset_within_body`) and its fields. Kinds
/// without an answer of their own spoil the one that the rollout, or the scenario's answers, would have given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Reply {
    /// A proper HTTP answer.
    Answer {
        /// The HTTP status.
        #[serde(default = "ok")]
        status: u16,
        /// Headers beside `Content-Length`; `Content-Type` is JSON where it is not among them.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// 429 with this Retry-After: seconds or a date.
    RateLimited {
        /// The value of the header.
        retry_after: String,
    },
    /// A redirect.
    Redirect {
        /// The HTTP status, 3xx.
        #[serde(default = "found")]
        status: u16,
        /// Where to.
        location: String,
    },
    /// Bytes as they stand, then the connection is closed.
    Raw {
        /// The bytes, status line and headers included.
        bytes: String,
    },
    /// The answer, after this long.
    Latency {
        /// The wait before the first byte.
        #[serde(deserialize_with = "duration")]
        delay: Duration,
    },
    /// The answer, a byte at a time.
    SlowDrip {
        /// The pause before each byte of the body.
        #[serde(deserialize_with = "duration")]
        every: Duration,
    },
    /// Nothing at all, for ever.
    Hang,
    /// The connection is closed in good order before a byte of the answer.
    CloseBeforeAnswer,
    /// The connection is reset before a byte of the answer.
    ResetBeforeAnswer,
    /// The connection is reset within the head of the answer.
    ResetWithinHead,
    /// The connection is reset within the body.
    ResetWithinBody,
    /// The connection is closed in good order before the announced end of the body.
    CloseWithinBody,
    /// The answer with half of its body, well announced: JSON that breaks off.
    TruncatedJson,
    /// A body that looks like JSON to people only.
    MalformedJson,
    /// A body of spaces.
    HugeBody {
        /// Its announced size; endless, in chunks, where it is left out.
        bytes: Option<u64>,
    },
    /// The answer, after which the connection is closed without a word, as a load balancer closes idle ones.
    CloseWhenIdle,
    /// The answer; the next request on the same connection finds it closed.
    CloseOnReuse,
}

/// A proper answer to a request.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Bytes,
}

/// What a connection does, in order, to reply. Without a step that ends it, it is kept for the next request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Send(Bytes),
    Pause(Duration),
    Drip {
        bytes: Bytes,
        every: Duration,
    },
    /// So many spaces, or for ever in chunks.
    Fill(Option<u64>),
    CloseOnReuse,
    Close,
    Reset,
    Hang,
}

/// Lets what was sent arrive before a reset, which overtakes it otherwise.
const ARRIVAL: Duration = Duration::from_millis(20);

impl Reply {
    /// Returns the steps of this reply, where `proper` gives the answer that it spoils.
    pub(crate) fn steps(&self, proper: impl FnOnce() -> Vec<Step>, answer: impl FnOnce() -> Answer) -> Vec<Step> {
        match self {
            Self::Answer { status, headers, body } => {
                Answer { status: *status, headers: headers.clone(), body: body.clone().into() }.steps()
            }
            Self::RateLimited { retry_after } => {
                let headers = BTreeMap::from([("Retry-After".to_owned(), retry_after.clone())]);
                Answer { status: 429, headers, body: Bytes::new() }.steps()
            }
            Self::Redirect { status, location } => {
                let headers = BTreeMap::from([("Location".to_owned(), location.clone())]);
                Answer { status: *status, headers, body: Bytes::new() }.steps()
            }
            Self::Raw { bytes } => vec![Step::Send(bytes.clone().into()), Step::Close],
            Self::Latency { delay } => [vec![Step::Pause(*delay)], proper()].concat(),
            Self::SlowDrip { every } => {
                let answer = answer();
                vec![Step::Send(answer.head()), Step::Drip { bytes: answer.body, every: *every }]
            }
            Self::Hang => vec![Step::Hang],
            Self::CloseBeforeAnswer => vec![Step::Close],
            Self::ResetBeforeAnswer => vec![Step::Reset],
            Self::ResetWithinHead => {
                let head = answer().head();
                vec![Step::Send(half(&head)), Step::Pause(ARRIVAL), Step::Reset]
            }
            Self::ResetWithinBody => {
                let answer = answer();
                let sent = [Step::Send(answer.head()), Step::Send(half(&answer.body))];
                [&sent[..], &[Step::Pause(ARRIVAL), Step::Reset]].concat()
            }
            Self::CloseWithinBody => {
                let answer = answer();
                vec![Step::Send(answer.head()), Step::Send(half(&answer.body)), Step::Close]
            }
            Self::TruncatedJson => {
                let answer = answer();
                Answer { body: half(&answer.body), ..answer }.steps()
            }
            Self::MalformedJson => {
                let body =
                    Bytes::from_static(b"{'pending_machines': 0, 'failed_machines': 0, 'completed_machines': 40}");
                Answer { body, ..answer() }.steps()
            }
            Self::HugeBody { bytes } => {
                let answer = Answer { body: Bytes::new(), ..answer() };
                vec![Step::Send(answer.head_of(*bytes)), Step::Fill(*bytes)]
            }
            Self::CloseWhenIdle => [proper(), vec![Step::Close]].concat(),
            Self::CloseOnReuse => [proper(), vec![Step::CloseOnReuse]].concat(),
        }
    }

    pub(crate) fn validate(&self) -> Result<(), InvalidScenario> {
        let (status, headers) = match self {
            Self::Answer { status, headers, .. } => (*status, headers.clone()),
            Self::Redirect { status, location } => {
                (*status, BTreeMap::from([("Location".to_owned(), location.clone())]))
            }
            Self::RateLimited { retry_after } => {
                (429, BTreeMap::from([("Retry-After".to_owned(), retry_after.clone())]))
            }
            _ => return Ok(()),
        };
        if matches!(self, Self::Redirect { .. }) && !(300..=399).contains(&status) {
            return Err(InvalidScenario(format!("a redirect has the status {status}: it is from 300 to 399")));
        }
        if !(200..=599).contains(&status) {
            return Err(InvalidScenario(format!("a reply has the status {status}: it is from 200 to 599")));
        }
        match headers.iter().find(|(name, value)| !is_token(name) || value.chars().any(char::is_control)) {
            Some((name, _)) => Err(InvalidScenario(format!("the header `{name}` of a reply is no header of HTTP"))),
            None => Ok(()),
        }
    }
}

impl Answer {
    pub(crate) fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: BTreeMap::new(), body: body.into() }
    }

    pub(crate) fn steps(self) -> Vec<Step> {
        let head = self.head();
        vec![Step::Send([head, self.body].concat().into())]
    }

    fn head(&self) -> Bytes {
        self.head_of(Some(self.body.len() as u64))
    }

    /// Returns the head of an answer whose body has so many bytes, or comes in chunks.
    fn head_of(&self, length: Option<u64>) -> Bytes {
        let framing = match length {
            Some(length) => format!("Content-Length: {length}"),
            None => "Transfer-Encoding: chunked".to_owned(),
        };
        let is_typed = self.headers.keys().any(|name| name.eq_ignore_ascii_case("content-type"));
        let content_type = (!is_typed).then(|| "Content-Type: application/json".to_owned());
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}"));
        let status = format!("HTTP/1.1 {} {}", self.status, reason(self.status));
        let lines: Vec<_> = [status].into_iter().chain(content_type).chain(headers).chain([framing]).collect();
        format!("{}\r\n\r\n", lines.join("\r\n")).into()
    }
}

const fn ok() -> u16 {
    200
}

const fn found() -> u16 {
    302
}

fn half(bytes: &Bytes) -> Bytes {
    bytes.slice(..bytes.len() / 2)
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
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
