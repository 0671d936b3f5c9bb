//! How one request is replied to: with a well-formed response, or with a fault.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

use super::duration::duration;
use super::invalid::InvalidScenario;
use crate::http::{Action, Response};

/// How one request is replied to.
///
/// In a scenario file it is a table with the variant's name as `kind` (`reset_within_body`) and its fields. Kinds without
/// a response of their own modify the normal one: that of the rollout, or of the scenario's responses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Reply {
    /// A well-formed HTTP response.
    Response {
        /// The HTTP status.
        #[serde(default = "ok")]
        status: u16,
        /// Headers other than `Content-Length`; `Content-Type` defaults to JSON.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// HTTP 429 with this `Retry-After`: seconds or a date.
    RateLimited {
        /// The value of the header.
        retry_after: String,
    },
    /// A redirect.
    Redirect {
        /// The HTTP status, 3xx.
        #[serde(default = "found")]
        status: u16,
        /// The URL to redirect to.
        location: String,
    },
    /// These bytes and nothing else, then the connection is closed.
    Raw {
        /// The bytes, status line and headers included.
        bytes: String,
    },
    /// The response, after a delay.
    Delay {
        /// The delay before the first byte.
        #[serde(deserialize_with = "duration")]
        #[cfg_attr(feature = "schema", schemars(with = "super::duration::Schema"))]
        delay: Duration,
    },
    /// The response, with its body one byte at a time.
    Drip {
        /// The delay before each byte of the body.
        #[serde(deserialize_with = "duration")]
        #[cfg_attr(feature = "schema", schemars(with = "super::duration::Schema"))]
        delay: Duration,
    },
    /// No response, on a connection that stays open.
    Hang,
    /// The connection is closed before the response.
    CloseBeforeResponse,
    /// The connection is reset before the response.
    ResetBeforeResponse,
    /// The connection is reset in the middle of the response header.
    ResetWithinHead,
    /// The connection is reset in the middle of the body.
    ResetWithinBody,
    /// The connection is closed in the middle of the body.
    CloseWithinBody,
    /// The response with half of its body and the matching `Content-Length`: truncated JSON.
    TruncatedJson,
    /// A body that is not JSON, although it looks like it.
    MalformedJson,
    /// A body of this number of spaces.
    HugeBody {
        /// The size of the body, in bytes.
        bytes: u64,
    },
    /// A chunked body that never ends.
    EndlessBody,
    /// The response, after which the connection is closed, as a load balancer closes idle ones.
    CloseAfterResponse,
    /// The response, after which the connection is closed when the next request arrives.
    CloseOnReuse,
}

/// A chunk of an endless body: 16 KiB of spaces.
const CHUNK: [&[u8]; 3] = [b"4000\r\n", &[b' '; 0x4000], b"\r\n"];

/// Lets the bytes before a reset arrive: some systems discard them otherwise.
const ARRIVAL: Duration = Duration::from_millis(20);

impl Reply {
    /// Returns the actions of this reply; `normal_actions` and `normal_response` are those without the fault.
    pub(crate) fn actions(
        &self,
        normal_actions: impl FnOnce() -> Vec<Action>,
        normal_response: impl FnOnce() -> Response,
    ) -> Vec<Action> {
        match self {
            Self::Response { status, headers, body } => {
                Response { status: *status, headers: headers.clone(), body: body.clone().into() }.actions()
            }
            Self::RateLimited { retry_after } => Response::with_header(429, "Retry-After", retry_after).actions(),
            Self::Redirect { status, location } => Response::with_header(*status, "Location", location).actions(),
            Self::Raw { bytes } => vec![Action::Send(bytes.clone().into()), Action::Close],
            Self::Delay { delay } => [vec![Action::Delay(*delay)], normal_actions()].concat(),
            Self::Drip { delay } => {
                let response = normal_response();
                vec![Action::Send(response.head()), Action::Drip(response.body, *delay)]
            }
            Self::Hang => vec![Action::Hang],
            Self::CloseBeforeResponse => vec![Action::Close],
            Self::ResetBeforeResponse => vec![Action::Reset],
            Self::ResetWithinHead => {
                vec![Action::Send(half(&normal_response().head())), Action::Delay(ARRIVAL), Action::Reset]
            }
            Self::ResetWithinBody => {
                let response = normal_response();
                let body = half(&response.body);
                vec![Action::Send(response.head()), Action::Send(body), Action::Delay(ARRIVAL), Action::Reset]
            }
            Self::CloseWithinBody => {
                let response = normal_response();
                vec![Action::Send(response.head()), Action::Send(half(&response.body)), Action::Close]
            }
            Self::TruncatedJson => {
                let response = normal_response();
                Response { body: half(&response.body), ..response }.actions()
            }
            Self::MalformedJson => {
                let body =
                    Bytes::from_static(b"{'pending_machines': 0, 'failed_machines': 0, 'completed_machines': 40}");
                Response { body, ..normal_response() }.actions()
            }
            Self::HugeBody { bytes } => {
                let head = normal_response().head_with(&format!("Content-Length: {bytes}"));
                vec![Action::Send(head), Action::Fill(*bytes)]
            }
            Self::EndlessBody => {
                let head = normal_response().head_with("Transfer-Encoding: chunked");
                vec![Action::Send(head), Action::Endless(CHUNK.concat().into())]
            }
            Self::CloseAfterResponse => [normal_actions(), vec![Action::Close]].concat(),
            Self::CloseOnReuse => [normal_actions(), vec![Action::CloseOnReuse]].concat(),
        }
    }

    pub(crate) fn validate(&self) -> Result<(), InvalidScenario> {
        let (status, headers) = match self {
            Self::Response { status, headers, .. } => (*status, headers.clone()),
            Self::Redirect { status, location } => {
                (*status, BTreeMap::from([("Location".to_owned(), location.clone())]))
            }
            Self::RateLimited { retry_after } => {
                (429, BTreeMap::from([("Retry-After".to_owned(), retry_after.clone())]))
            }
            _ => return Ok(()),
        };
        if matches!(self, Self::Redirect { .. }) && !(300..=399).contains(&status) {
            return Err(InvalidScenario(format!("a redirect has the status {status}: must be from 300 to 399")));
        }
        if !(200..=599).contains(&status) {
            return Err(InvalidScenario(format!("a reply has the status {status}: must be from 200 to 599")));
        }
        match headers.iter().find(|(name, value)| !is_token(name) || value.chars().any(char::is_control)) {
            Some((name, _)) => Err(InvalidScenario(format!("the header `{name}` of a reply is not valid in HTTP"))),
            None => Ok(()),
        }
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
