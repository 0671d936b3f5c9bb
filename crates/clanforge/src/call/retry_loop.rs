//! One call: attempts, the pauses between them and one deadline over all. What an attempt does is not known here.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use clanforge_core::ErrorKind;

use crate::call::retry_policy::RetryPolicy;
use crate::defaults;
use crate::error::Error;
use crate::error::{Failure, Retry, RetryReason};

/// How long a call may take and how often it may try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallLimits {
    /// The longest that the whole call may take, pauses included.
    pub(crate) timeout: Duration,
    /// The longest that one attempt may take.
    pub(crate) attempt_timeout: Duration,
    pub(crate) retry: RetryPolicy,
}

impl CallLimits {
    /// Returns an error that names the limit that lets nothing happen.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        for (name, limit) in [("timeout", self.timeout), ("attempt_timeout", self.attempt_timeout)] {
            if limit.is_zero() {
                return Err(Error::configuration(format!("{name} is zero: no answer can arrive in no time")));
            }
        }
        Ok(())
    }
}

impl Default for CallLimits {
    fn default() -> Self {
        Self { timeout: defaults::TIMEOUT, attempt_timeout: defaults::ATTEMPT_TIMEOUT, retry: RetryPolicy::default() }
    }
}

/// Makes attempts until one answers, one fails for good, or attempts or time run out.
pub(crate) async fn call<T, A: Future<Output = Result<T, Failure>>>(
    limits: CallLimits,
    awaited: impl Fn() -> AttemptPhase,
    mut attempt: impl FnMut(Duration) -> A,
) -> Result<T, Error> {
    let started = Instant::now();
    let mut attempts = 0;
    let mut retries = 0;
    let mut mended = Vec::new();
    loop {
        attempts += 1;
        let time_left = limits.timeout.saturating_sub(started.elapsed());
        let time = limits.attempt_timeout.min(time_left);
        let mut failure = match timeout(time, attempt(time)).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(failure)) => failure,
            Err(_) if time_left <= limits.attempt_timeout => awaited().too_slow_for_the_call(limits.timeout),
            Err(_) => awaited().too_slow(limits.attempt_timeout),
        };
        tracing::debug!(attempt = attempts, kind = %failure.kind, status = failure.details.status, "attempt failed");
        if !failure.was_sent {
            attempts -= 1;
        }
        let finish = |failure: Failure| Err(failure.into_error(attempts, started.elapsed()));
        match failure.retry {
            Retry::Immediately(cause) if !mended.contains(&cause) => {
                mended.push(cause);
                continue;
            }
            Retry::Never | Retry::Immediately(RetryReason::Credentials | RetryReason::Clock) => return finish(failure),
            Retry::Immediately(RetryReason::Connection) | Retry::AfterBackoff if retries >= limits.retry.retries => {
                return finish(failure);
            }
            Retry::Immediately(RetryReason::Connection) | Retry::AfterBackoff => retries += 1,
        }
        let Some(pause) = limits.retry.pause(retries, fastrand::f64(), failure.retry_after()) else {
            return finish(failure);
        };
        if pause >= limits.timeout.saturating_sub(started.elapsed()) {
            let limit = seconds(limits.timeout);
            failure.message = format!("{}; no time for another attempt within {limit}", failure.message);
            return finish(failure);
        }
        sleep(pause).await;
    }
}

/// What an attempt waits for.
pub(crate) enum AttemptPhase {
    /// Credentials, of whoever provides them: nothing was sent yet.
    Credentials,
    /// The answer of this origin.
    Response(String),
}

impl AttemptPhase {
    /// Returns what it is that it did not come within this time of an attempt.
    pub(crate) fn too_slow(self, limit: Duration) -> Failure {
        self.late(&format!("{} of an attempt", seconds(limit)), Retry::AfterBackoff)
    }

    fn too_slow_for_the_call(self, limit: Duration) -> Failure {
        self.late(&format!("{} of the call", seconds(limit)), Retry::Never)
    }

    fn late(self, limit: &str, retry: Retry) -> Failure {
        match self {
            Self::Credentials => {
                let message = format!("no answer from the credentials provider within the {limit}");
                Failure::unsent(ErrorKind::Timeout, message)
            }
            Self::Response(origin) => {
                Failure::new(ErrorKind::Timeout, retry, format!("no answer from {origin} within the {limit}"))
            }
        }
    }
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// What a scripted attempt does: takes that long, then answers or fails.
    type Script = VecDeque<(Duration, Result<&'static str, Failure>)>;

    fn later() -> Failure {
        Failure::new(ErrorKind::Server, Retry::AfterBackoff, "server error")
    }

    fn after(wait: u64) -> Failure {
        let mut failure = Failure::new(ErrorKind::RateLimited, Retry::AfterBackoff, "slow down");
        failure.details.retry_after = Some(Duration::from_secs(wait));
        failure
    }

    async fn play(
        limits: CallLimits,
        script: impl IntoIterator<Item = (u64, Result<&'static str, Failure>)>,
    ) -> Result<&'static str, Error> {
        let mut script: Script = script.into_iter().map(|(took, end)| (Duration::from_secs(took), end)).collect();
        call(
            limits,
            || AttemptPhase::Response("the service".to_owned()),
            |_| {
                let (took, end) = script.pop_front().expect("no more attempts than the script has");
                async move {
                    sleep(took).await;
                    end
                }
            },
        )
        .await
    }

    #[tokio::test(start_paused = true)]
    async fn two_retries_follow_a_failure_that_may_pass() {
        assert_eq!(
            play(CallLimits::default(), [(0, Err(later())), (0, Err(later())), (0, Ok("ready"))]).await.unwrap(),
            "ready"
        );
        let error =
            play(CallLimits::default(), [(1, Err(later())), (1, Err(later())), (1, Err(later()))]).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 3));
        let (least, most) = (Duration::from_secs(3), Duration::from_secs(3) + Duration::from_millis(1500));
        assert!(error.elapsed() >= least && error.elapsed() <= most + Duration::from_millis(5), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_for_good_ends_the_call_at_once() {
        let refused = Failure::new(ErrorKind::Authentication, Retry::Never, "no");
        let error = play(CallLimits::default(), [(0, Err(refused))]).await.unwrap_err();
        assert_eq!((error.attempts(), error.elapsed()), (1, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_died_idle_costs_no_retry_and_no_pause_once() {
        let died = || Failure::new(ErrorKind::Connection, Retry::Immediately(RetryReason::Connection), "closed");
        let none = CallLimits { retry: RetryPolicy { retries: 0, ..RetryPolicy::default() }, ..CallLimits::default() };
        let started = Instant::now();
        assert_eq!(play(none, [(0, Err(died())), (0, Ok("ready"))]).await.unwrap(), "ready");
        assert_eq!(started.elapsed(), Duration::ZERO);
        let error = play(none, [(0, Err(died())), (0, Err(died()))]).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_waited_for() {
        let started = Instant::now();
        assert_eq!(play(CallLimits::default(), [(0, Err(after(7))), (0, Ok("ready"))]).await.unwrap(), "ready");
        assert!(started.elapsed() >= Duration::from_secs(7) && started.elapsed() < Duration::from_millis(7010));
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_beyond_the_deadline_ends_the_call() {
        for wait in [60, 3600] {
            let error = play(CallLimits::default(), [(1, Err(after(wait)))]).await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 1));
            assert_eq!(error.elapsed(), Duration::from_secs(1));
            assert_eq!(error.retry_after(), Some(Duration::from_secs(wait)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_hangs_is_given_up_and_tried_again() {
        let started = Instant::now();
        assert_eq!(play(CallLimits::default(), [(999, Ok("late")), (0, Ok("ready"))]).await.unwrap(), "ready");
        assert!(started.elapsed() >= Duration::from_secs(20) && started.elapsed() < Duration::from_secs(21));
    }

    #[tokio::test(start_paused = true)]
    async fn the_deadline_holds_over_all_attempts() {
        let hanging = || (999, Ok("late"));
        let limits = CallLimits { timeout: Duration::from_secs(30), ..CallLimits::default() };
        let error = play(limits, [hanging(), hanging()]).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
        assert!(error.elapsed() <= Duration::from_millis(30_010), "{error:?}");
        assert!(error.to_string().contains("within the 30 s of the call"), "{error}");
    }
}
