//! The backoff before a retry, and which HTTP statuses are transient. Nothing here sleeps.

use std::time::{Duration, SystemTime};

use crate::options::ClientOptions;

/// The longest Retry-After that a call waits for. If the service asks for more, the call ends with the error.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// How many retries follow a failed attempt, and after which backoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RetryPolicy {
    pub(crate) retries: u32,
    pub(crate) initial_backoff: Duration,
    pub(crate) max_backoff: Duration,
}

impl From<&ClientOptions> for RetryPolicy {
    fn from(options: &ClientOptions) -> Self {
        let ClientOptions { retries, initial_backoff, max_backoff, .. } = *options;
        Self { retries, initial_backoff, max_backoff }
    }
}

impl RetryPolicy {
    /// Returns the backoff before the retry `number`, counted from 1, with full jitter: `chance`, 0.0 to 1.0, of a bound
    /// that doubles with each retry, but never less than Retry-After.
    ///
    /// `None` if Retry-After is longer than a call may wait.
    pub(crate) fn backoff(&self, number: u32, chance: f64, retry_after: Option<Duration>) -> Option<Duration> {
        let doubled = self.initial_backoff.saturating_mul(2_u32.saturating_pow(number.saturating_sub(1)));
        let drawn = doubled.min(self.max_backoff).mul_f64(chance.clamp(0.0, 1.0));
        match retry_after {
            Some(floor) if floor > MAX_RETRY_AFTER => None,
            Some(floor) => Some(drawn.max(floor)),
            None => Some(drawn),
        }
    }
}

/// Returns true for the HTTP statuses of transient errors. 520 to 527 and 530 are those of CDNs that do not reach the service.
pub(crate) const fn is_retried(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504 | 520..=527 | 530)
}

/// Returns how long a Retry-After header (RFC 9110, section 10.2.3) asks to wait: seconds or a date.
///
/// A date is compared with the Date header of the same response rather than with this machine's clock, and with `now`
/// if there is none. `None` if the text is neither.
pub(crate) fn parse_retry_after(text: &str, date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let since = date.and_then(|date| httpdate::parse_http_date(date.trim()).ok()).unwrap_or(now);
    Some(until.duration_since(since).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_bound_of_the_backoff_doubles_up_to_the_longest() {
        let policy = RetryPolicy::from(&ClientOptions::default());
        let bounds: Vec<_> = (1..=7).map(|number| policy.backoff(number, 1.0, None).unwrap().as_millis()).collect();
        assert_eq!(bounds, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(policy.backoff(u32::MAX, 1.0, None), Some(seconds(8)));
        assert_eq!(policy.backoff(3, 0.25, None), Some(Duration::from_millis(500)));
        assert_eq!(policy.backoff(3, 0.0, None), Some(Duration::ZERO));
    }

    #[test]
    fn retry_after_is_a_floor_up_to_a_minute() {
        let policy = RetryPolicy::from(&ClientOptions::default());
        assert_eq!(policy.backoff(1, 1.0, Some(seconds(7))), Some(seconds(7)));
        assert_eq!(policy.backoff(5, 1.0, Some(seconds(7))), Some(seconds(8)));
        assert_eq!(policy.backoff(1, 1.0, Some(seconds(60))), Some(seconds(60)));
        assert_eq!(policy.backoff(1, 1.0, Some(seconds(61))), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let date = Some("Tue, 24 Nov 2026 05:00:00 GMT");
        for (text, expected) in [
            ("120", Some(seconds(120))),
            (" 0 ", Some(seconds(0))),
            ("99999999999999999999999", Some(seconds(u64::MAX))),
            ("Tue, 24 Nov 2026 05:00:30 GMT", Some(seconds(30))),
            ("Tue, 24 Nov 2026 04:59:00 GMT", Some(seconds(0))),
            ("Tuesday, 24-Nov-26 05:00:10 GMT", Some(seconds(10))),
            ("", None),
            ("-5", None),
            ("1.5", None),
            ("soon", None),
        ] {
            assert_eq!(parse_retry_after(text, date, NOW), expected, "{text}");
        }
        assert_eq!(parse_retry_after("Thu, 01 Jan 1970 00:00:09 GMT", None, NOW), Some(seconds(9)));
    }
}
