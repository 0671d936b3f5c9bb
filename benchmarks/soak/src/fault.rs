//! The fault that a reading meets, by the image that it asks for: client and server both know it, so the client knows every
//! response in advance.

use std::time::Duration;

use clanforge_test_faults::response;
use clanforge_test_faults::server::Action;

/// The faults repeat after this many image IDs. Each fault has one of these IDs; the others have no fault.
const CYCLE: u64 = 500;

/// Lets the bytes before a reset arrive: some systems discard them otherwise.
const ARRIVAL: Duration = Duration::from_millis(20);

/// The fault of one image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// HTTP 503 to the first attempt.
    Unavailable,
    /// HTTP 429 with `Retry-After: 0` to the first attempt.
    RateLimited,
    /// The connection of the first attempt is reset before the response.
    ResetBeforeResponse,
    /// The connection of the first attempt is reset in the middle of the body.
    ResetWithinBody,
    /// The connection of the first attempt is closed in the middle of the body.
    CloseWithinBody,
    /// The response, a few bytes at a time.
    Slow,
    /// The response, after which the connection is closed.
    CloseAfterResponse,
    /// The response, after which the connection is closed when the next request arrives.
    CloseOnReuse,
    /// Always half of a body, with the matching `Content-Length`.
    TruncatedJson,
    /// Always a body that is not JSON.
    MalformedJson,
    /// Always HTTP 200 with an API error.
    ApiError,
    /// Always HTTP 404.
    NotFound,
    /// Always a redirect.
    Redirect,
    /// Always HTTP 500.
    ServerError,
    /// No response, and a call with a short deadline.
    Hang,
    /// No response, and a call that is cancelled.
    HangUntilCancelled,
}

impl Fault {
    const ALL: [Self; 16] = [
        Self::Unavailable,
        Self::RateLimited,
        Self::ResetBeforeResponse,
        Self::ResetWithinBody,
        Self::CloseWithinBody,
        Self::Slow,
        Self::CloseAfterResponse,
        Self::CloseOnReuse,
        Self::TruncatedJson,
        Self::MalformedJson,
        Self::ApiError,
        Self::NotFound,
        Self::Redirect,
        Self::ServerError,
        Self::Hang,
        Self::HangUntilCancelled,
    ];

    pub(crate) fn of(image_id: u64) -> Self {
        let place = usize::try_from(image_id % CYCLE).unwrap_or(usize::MAX);
        Self::ALL.get(place).copied().unwrap_or(Self::None)
    }

    /// Returns how the reading must end: `status`, the kind of the error, or `cancelled`.
    pub(crate) const fn expected(self) -> &'static str {
        match self {
            Self::None
            | Self::Unavailable
            | Self::RateLimited
            | Self::ResetBeforeResponse
            | Self::ResetWithinBody
            | Self::CloseWithinBody
            | Self::Slow
            | Self::CloseAfterResponse
            | Self::CloseOnReuse => "status",
            Self::TruncatedJson | Self::MalformedJson => "decode",
            Self::ApiError => "api",
            Self::NotFound => "not_found",
            Self::Redirect => "redirect",
            Self::ServerError => "server",
            Self::Hang => "timeout",
            Self::HangUntilCancelled => "cancelled",
        }
    }

    /// Returns true if only the first attempt meets the fault.
    pub(crate) const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Unavailable
                | Self::RateLimited
                | Self::ResetBeforeResponse
                | Self::ResetWithinBody
                | Self::CloseWithinBody
        )
    }

    /// Returns true if a call uses all of its attempts. If other calls' connections were closed beneath it, twice, it would
    /// end with that error instead; so these calls have connections of their own.
    pub(crate) const fn uses_all_attempts(self) -> bool {
        matches!(self, Self::ServerError | Self::Hang | Self::HangUntilCancelled)
    }

    /// Returns after how long the call ends or is cancelled, where that is earlier than usual.
    pub(crate) fn limit(self) -> Option<Duration> {
        matches!(self, Self::Hang | Self::HangUntilCancelled).then_some(Duration::from_millis(300))
    }

    /// Returns what the server does with a request that meets the fault; `body` is the image's status.
    pub(crate) fn actions(self, body: &str) -> Vec<Action> {
        let status = || response(200, "", body.as_bytes());
        let half_body = || {
            let mut bytes = status();
            bytes.truncate(bytes.len() - body.len() / 2);
            bytes
        };
        let empty = |status, headers| vec![Action::Send(response(status, headers, b""))];
        let with_body = |body: &str| vec![Action::Send(response(200, "", body.as_bytes()))];
        match self {
            Self::None => vec![Action::Send(status())],
            Self::Unavailable => empty(503, ""),
            Self::RateLimited => empty(429, "Retry-After: 0\r\n"),
            Self::ResetBeforeResponse => vec![Action::Reset],
            Self::ResetWithinBody => vec![Action::Send(half_body()), Action::Delay(ARRIVAL), Action::Reset],
            Self::CloseWithinBody => vec![Action::Send(half_body()), Action::Close],
            Self::Slow => {
                let pieces = |bytes: &[u8]| [Action::Send(bytes.to_vec()), Action::Delay(Duration::from_millis(2))];
                status().chunks(8).flat_map(pieces).collect()
            }
            Self::CloseAfterResponse => vec![Action::Send(status()), Action::Close],
            Self::CloseOnReuse => vec![Action::Send(status()), Action::CloseOnReuse],
            Self::TruncatedJson => with_body(&body[..body.len() / 2]),
            Self::MalformedJson => with_body(&body.replace('"', "'")),
            Self::ApiError => with_body(r#"{"success": false, "error": true, "error_message": "locked"}"#),
            Self::NotFound => empty(404, ""),
            Self::Redirect => empty(302, "Location: http://127.0.0.1/\r\n"),
            Self::ServerError => empty(500, ""),
            Self::Hang | Self::HangUntilCancelled => vec![Action::Hang],
        }
    }
}

/// Returns the pending, failed and completed machines of an image. No two images have the same, so that no response passes
/// for another image's.
pub(crate) const fn machines(image_id: u64) -> [u64; 3] {
    [image_id % 7, image_id % 3, image_id]
}
