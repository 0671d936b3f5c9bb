//! The loop over the attempts of a call: retries, the backoff between them, and one deadline over all. It does not know what
//! an attempt does.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use crate::call::retry_policy::RetryPolicy;
use crate::error::{Error, Failure, Progress, Retry, RetryReason};
use crate::options::ClientOptions;

/// The least default of the attempt timeout; the call timeout may still end an attempt earlier.
const SHORTEST_SHARE: Duration = Duration::from_secs(20);

/// How long a call may take, and how often it retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CallLimits {
    /// The longest that the call may take, backoff included.
    pub(crate) timeout: Duration,
    /// The longest that one attempt may take, where it is set.
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
}

impl CallLimits {
    /// Returns an error that names the option with which no call can succeed.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        for (name, limit) in [("timeout", Some(self.timeout)), ("attempt_timeout", self.attempt_timeout)] {
            if limit.is_some_and(|limit| limit.is_zero()) {
                return Err(Error::configuration(format!("`{name}` must be longer than 0 s")));
            }
        }
        Ok(())
    }

    /// Returns the limits for a caller that repeats calls itself: one attempt, with the same attempt timeout.
    pub(crate) fn without_retries(self) -> Self {
        let attempt_timeout = self.attempt_timeout();
        let retry = RetryPolicy { retries: 0, ..self.retry };
        Self { timeout: self.timeout.max(attempt_timeout), attempt_timeout: Some(attempt_timeout), retry }
    }

    /// Returns the longest that one attempt may take: by default its share of the call timeout, so that a long call
    /// timeout also allows long attempts.
    fn attempt_timeout(&self) -> Duration {
        let share = || self.timeout / self.retry.retries.saturating_add(1);
        self.attempt_timeout.unwrap_or_else(|| share().max(SHORTEST_SHARE))
    }
}

impl From<&ClientOptions> for CallLimits {
    fn from(options: &ClientOptions) -> Self {
        let ClientOptions { timeout, attempt_timeout, .. } = *options;
        Self { timeout, attempt_timeout, retry: RetryPolicy::from(options) }
    }
}

/// Makes attempts until one succeeds, one fails permanently, or retries or time run out.
///
/// A request that is not idempotent is retried only where the service certainly did not process it. `timed_out` returns the
/// failure of an attempt that is cut off by a limit, such as `the 20 s attempt timeout`.
pub(crate) async fn retry_loop<T, A: Future<Output = Result<T, Failure>>>(
    limits: CallLimits,
    is_idempotent: bool,
    timed_out: impl Fn(&str, Retry) -> Failure,
    mut attempt: impl FnMut(Duration) -> A,
) -> Result<T, Error> {
    let started = Instant::now();
    let attempt_timeout = limits.attempt_timeout();
    let mut attempts = 0;
    let mut retries = 0;
    let mut free_retries = Vec::new();
    let mut was_retried_once = false;
    loop {
        attempts += 1;
        let time_left = limits.timeout.saturating_sub(started.elapsed());
        let time = attempt_timeout.min(time_left);
        let mut failure = match timeout(time, attempt(time)).await {
            Ok(Ok(output)) => return Ok(output),
            Ok(Err(failure)) => failure,
            Err(_) if time_left <= attempt_timeout => {
                timed_out(&format!("the {} call timeout", seconds(limits.timeout)), Retry::Never)
            }
            Err(_) => timed_out(&attempt_limit(attempt_timeout), Retry::AfterBackoff),
        };
        tracing::debug!(attempt = attempts, kind = %failure.kind, status = failure.details.status, "attempt failed");
        if failure.progress == Progress::NotStarted {
            attempts -= 1;
        }
        let finish = |failure: Failure| Err(failure.into_error(attempts, started.elapsed()));
        if !is_idempotent && failure.progress == Progress::MaybeProcessed {
            return finish(failure);
        }
        match failure.retry {
            Retry::Immediately(reason) if !free_retries.contains(&reason) => {
                free_retries.push(reason);
                continue;
            }
            Retry::Never | Retry::Immediately(RetryReason::Credentials | RetryReason::Clock) => return finish(failure),
            Retry::OnceAfterBackoff if was_retried_once => return finish(failure),
            _ if retries >= limits.retry.retries => return finish(failure),
            Retry::OnceAfterBackoff => was_retried_once = true,
            Retry::Immediately(RetryReason::Connection) | Retry::AfterBackoff => {}
        }
        retries += 1;
        let Some(backoff) = limits.retry.backoff(retries, fastrand::f64(), failure.details.retry_after) else {
            return finish(failure);
        };
        if backoff >= limits.timeout.saturating_sub(started.elapsed()) {
            let limit = seconds(limits.timeout);
            failure.message = format!("{}; no time for a retry within the call timeout of {limit}", failure.message);
            return finish(failure);
        }
        sleep(backoff).await;
    }
}

/// Returns the name of an attempt's limit in messages.
pub(crate) fn attempt_limit(limit: Duration) -> String {
    format!("the {} attempt timeout", seconds(limit))
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use clanforge_core::ErrorKind;

    use super::*;

    fn limits() -> CallLimits {
        CallLimits::from(&ClientOptions::default())
    }

    /// A scripted attempt: how long it takes, and how it ends.
    type Script = VecDeque<(Duration, Result<&'static str, Failure>)>;

    fn transient() -> Failure {
        Failure::new(ErrorKind::Server, Retry::AfterBackoff, "server error")
    }

    fn after(wait: u64) -> Failure {
        let mut failure = Failure::new(ErrorKind::RateLimited, Retry::AfterBackoff, "slow down");
        failure.details.retry_after = Some(Duration::from_secs(wait));
        failure
    }

    fn timed_out(limit: &str, retry: Retry) -> Failure {
        Failure::new(ErrorKind::Timeout, retry, format!("no response within {limit}"))
    }

    async fn run(
        limits: CallLimits,
        script: impl IntoIterator<Item = (u64, Result<&'static str, Failure>)>,
    ) -> Result<&'static str, Error> {
        let mut script: Script = script.into_iter().map(|(took, end)| (Duration::from_secs(took), end)).collect();
        retry_loop(limits, true, timed_out, |_| {
            let (took, end) = script.pop_front().expect("no more attempts than the script has");
            async move {
                sleep(took).await;
                end
            }
        })
        .await
    }

    #[tokio::test(start_paused = true)]
    async fn two_retries_follow_a_transient_failure() {
        assert_eq!(
            run(limits(), [(0, Err(transient())), (0, Err(transient())), (0, Ok("ready"))]).await.unwrap(),
            "ready"
        );
        let error =
            run(limits(), [(1, Err(transient())), (1, Err(transient())), (1, Err(transient()))]).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 3));
        let (least, most) = (Duration::from_secs(3), Duration::from_secs(3) + Duration::from_millis(1500));
        assert!(error.elapsed() >= least && error.elapsed() <= most + Duration::from_millis(5), "{error:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_permanent_failure_ends_the_call_at_once() {
        let refused = Failure::new(ErrorKind::Authentication, Retry::Never, "no");
        let error = run(limits(), [(0, Err(refused))]).await.unwrap_err();
        assert_eq!((error.attempts(), error.elapsed()), (1, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn a_probably_permanent_failure_is_retried_once() {
        let refused = || (0, Err(Failure::new(ErrorKind::Connection, Retry::OnceAfterBackoff, "refused")));
        assert_eq!(run(limits(), [refused(), (0, Ok("ready"))]).await.unwrap(), "ready");
        let error = run(limits(), [refused(), refused()]).await.unwrap_err();
        assert_eq!(error.attempts(), 2);
        let error = run(limits(), [(0, Err(transient())), refused(), refused()]).await.unwrap_err();
        assert_eq!(error.attempts(), 3);
        let none = CallLimits { retry: RetryPolicy { retries: 0, ..limits().retry }, ..limits() };
        assert_eq!(run(none, [refused()]).await.unwrap_err().attempts(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dead_idle_connection_gives_one_free_retry_without_backoff() {
        let died = || Failure::new(ErrorKind::Connection, Retry::Immediately(RetryReason::Connection), "closed");
        let none = CallLimits { retry: RetryPolicy { retries: 0, ..limits().retry }, ..limits() };
        let started = Instant::now();
        assert_eq!(run(none, [(0, Err(died())), (0, Ok("ready"))]).await.unwrap(), "ready");
        assert_eq!(started.elapsed(), Duration::ZERO);
        let error = run(none, [(0, Err(died())), (0, Err(died()))]).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_is_respected() {
        let started = Instant::now();
        assert_eq!(run(limits(), [(0, Err(after(7))), (0, Ok("ready"))]).await.unwrap(), "ready");
        assert!(started.elapsed() >= Duration::from_secs(7) && started.elapsed() < Duration::from_millis(7010));
    }

    #[tokio::test(start_paused = true)]
    async fn retry_after_beyond_the_deadline_ends_the_call() {
        for wait in [60, 3600] {
            let error = run(limits(), [(1, Err(after(wait)))]).await.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 1));
            assert_eq!(error.elapsed(), Duration::from_secs(1));
            assert_eq!(error.retry_after(), Some(Duration::from_secs(wait)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_hangs_times_out_and_is_retried() {
        let started = Instant::now();
        assert_eq!(run(limits(), [(999, Ok("late")), (0, Ok("ready"))]).await.unwrap(), "ready");
        assert!(started.elapsed() >= Duration::from_secs(20) && started.elapsed() < Duration::from_secs(21));
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_of_a_call_with_a_long_timeout_may_take_its_share() {
        let retry = RetryPolicy { retries: 1, ..limits().retry };
        let limits = CallLimits { timeout: Duration::from_secs(120), retry, ..limits() };
        assert_eq!(run(limits, [(59, Ok("ready"))]).await.unwrap(), "ready");
        let started = Instant::now();
        assert_eq!(run(limits, [(999, Ok("late")), (0, Ok("ready"))]).await.unwrap(), "ready");
        assert!(started.elapsed() >= Duration::from_secs(60) && started.elapsed() < Duration::from_secs(61));
    }

    #[test]
    fn a_caller_that_repeats_calls_itself_gets_attempts_as_short_as_those_of_a_call() {
        let single = limits().without_retries();
        assert_eq!((single.retry.retries, single.attempt_timeout()), (0, Duration::from_secs(20)));
        let set = CallLimits { attempt_timeout: Some(Duration::from_secs(3)), ..limits() };
        assert_eq!(set.without_retries().attempt_timeout(), Duration::from_secs(3));
        let long = CallLimits { attempt_timeout: Some(Duration::from_secs(90)), ..limits() };
        assert_eq!(long.without_retries().timeout, Duration::from_secs(90));
    }

    #[tokio::test(start_paused = true)]
    async fn the_call_timeout_covers_all_attempts() {
        let hanging = || (999, Ok("late"));
        let limits = CallLimits { timeout: Duration::from_secs(30), ..limits() };
        let error = run(limits, [hanging(), hanging()]).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
        assert!(error.elapsed() <= Duration::from_millis(30_010), "{error:?}");
        assert!(error.to_string().contains("within the 30 s call timeout"), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_not_idempotent_is_retried_only_where_it_was_not_processed() {
        let failures = [
            (Retry::AfterBackoff, Progress::NotProcessed, 2),
            (Retry::Immediately(RetryReason::Connection), Progress::NotProcessed, 2),
            (Retry::AfterBackoff, Progress::MaybeProcessed, 1),
            (Retry::Immediately(RetryReason::Connection), Progress::MaybeProcessed, 1),
        ];
        for (retry, progress, expected) in failures {
            let mut attempts = 0;
            let ended = retry_loop(limits(), false, timed_out, |_| {
                attempts += 1;
                let failure = Failure { progress, ..Failure::new(ErrorKind::Connection, retry, "closed") };
                std::future::ready(if attempts == 1 { Err(failure) } else { Ok("started") })
            });
            assert_eq!((ended.await.is_ok(), attempts), (expected == 2, expected), "{retry:?}, {progress:?}");
        }
    }
}
