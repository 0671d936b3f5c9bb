//! What a reading meets, by the image that it asks for: client and server know it alike, so that each answer is known
//! before it comes.

use std::time::Duration;

/// How many images in a row have each fault once; all others are answered properly.
const CYCLE: u64 = 500;

/// What the request for one image is met with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// 503 to the first attempt.
    Unavailable,
    /// 429 with Retry-After 0 to the first attempt.
    RateLimited,
    /// The connection is reset before an answer to the first attempt.
    Reset,
    /// The connection is reset within the body of the first answer.
    ResetWithinBody,
    /// The connection is closed within the body of the first answer.
    ClosedWithinBody,
    /// The answer, a few bytes at a time.
    Slow,
    /// The answer, after which the connection is closed without a word.
    ClosedWhenIdle,
    /// The answer; the next request on the same connection finds it closed.
    ClosedOnReuse,
    /// Always a body cut short, well announced.
    Truncated,
    /// Always a body that is no JSON.
    Malformed,
    /// Always the service's own refusal with HTTP 200.
    Refused,
    /// Always 404.
    Absent,
    /// Always a redirect.
    Redirected,
    /// Always 500.
    Broken,
    /// No answer, and a caller who waits for less than a second.
    Silent,
    /// No answer, and a caller who gives the call up.
    Abandoned,
}

impl Fault {
    const ALL: [Self; 16] = [
        Self::Unavailable,
        Self::RateLimited,
        Self::Reset,
        Self::ResetWithinBody,
        Self::ClosedWithinBody,
        Self::Slow,
        Self::ClosedWhenIdle,
        Self::ClosedOnReuse,
        Self::Truncated,
        Self::Malformed,
        Self::Refused,
        Self::Absent,
        Self::Redirected,
        Self::Broken,
        Self::Silent,
        Self::Abandoned,
    ];

    pub(crate) fn of(image_id: u64) -> Self {
        let place = usize::try_from(image_id % CYCLE).unwrap_or(usize::MAX);
        Self::ALL.get(place).copied().unwrap_or(Self::None)
    }

    /// Returns what the reading must come to: `status`, or the kind of the error.
    pub(crate) const fn expected(self) -> &'static str {
        match self {
            Self::None
            | Self::Unavailable
            | Self::RateLimited
            | Self::Reset
            | Self::ResetWithinBody
            | Self::ClosedWithinBody
            | Self::Slow
            | Self::ClosedWhenIdle
            | Self::ClosedOnReuse => "status",
            Self::Truncated | Self::Malformed => "decode",
            Self::Refused => "api",
            Self::Absent => "not_found",
            Self::Redirected => "redirect",
            Self::Broken => "server",
            Self::Silent => "timeout",
            Self::Abandoned => "abandoned",
        }
    }

    /// Returns true where only the first attempt goes wrong.
    pub(crate) const fn is_mended(self) -> bool {
        matches!(
            self,
            Self::Unavailable | Self::RateLimited | Self::Reset | Self::ResetWithinBody | Self::ClosedWithinBody
        )
    }

    /// Returns true where a call has no attempt to spare: another call's connection that is closed beneath it, twice, would
    /// be the last that it sees. Such calls have connections of their own.
    pub(crate) const fn is_impatient(self) -> bool {
        matches!(self, Self::Broken | Self::Silent | Self::Abandoned)
    }

    /// Returns how long the caller waits for this answer, where it is less than usual.
    pub(crate) fn patience(self) -> Option<Duration> {
        matches!(self, Self::Silent | Self::Abandoned).then_some(Duration::from_millis(300))
    }
}

/// Returns the pending, failed and completed machines of an image: no two images have the same, so that no answer passes
/// for another's.
pub(crate) const fn machines(image_id: u64) -> [u64; 3] {
    [image_id % 7, image_id % 3, image_id]
}
