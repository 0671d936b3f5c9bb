//! Who proves each attempt: credentials that were given, or a provider that is asked for them.

use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use clanforge_core::ErrorKind;

use crate::auth::credentials::{Credentials, Signer};
use crate::error::Error;
use crate::error::{Failure, Retry, RetryReason, cause_texts};

/// An error of a provider.
pub(crate) type ProviderError = Box<dyn std::error::Error + Send + Sync>;

type Asked = Pin<Box<dyn Future<Output = Result<Credentials, ProviderError>> + Send>>;

/// Asks for credentials.
pub(crate) type Provider = Box<dyn Fn() -> Asked + Send + Sync>;

/// A clock that differs less from the service's than this is not what a signature was refused for: AWS allows five minutes.
const TOLERATED_SKEW: Duration = Duration::from_secs(60);

/// What a service's clock may show: a date beyond is a mistake, and signs nothing.
const YEARS_2000_TO_2100: std::ops::Range<u64> = 946_684_800..4_102_444_800;

/// Proves attempts.
pub(crate) struct Authenticator {
    source: Source,
    /// How many seconds the service's clock is ahead of this machine's, as far as refusals have told.
    clock_offset: AtomicI64,
}

enum Source {
    Given(Arc<Signer>),
    Provider {
        ask: Provider,
        /// Held while somebody asks, so that all others wait for the answer.
        asking: tokio::sync::Mutex<()>,
        /// What was provided last, until it is refused.
        provided: Mutex<Option<Arc<Signer>>>,
        /// What else no text may show.
        hidden: Vec<String>,
    },
}

impl Authenticator {
    /// Returns what proves attempts by these credentials.
    ///
    /// # Errors
    /// `configuration` where they cannot be used.
    pub(crate) fn given(credentials: &Credentials) -> Result<Self, Error> {
        Ok(Self::new(Source::Given(Arc::new(credentials.signer()?))))
    }

    /// Returns what asks a provider before the first attempt, and retry after a refusal.
    pub(crate) fn provided(ask: Provider) -> Self {
        Self::new(Source::Provider {
            ask,
            asking: tokio::sync::Mutex::default(),
            provided: Mutex::default(),
            hidden: Vec::new(),
        })
    }

    const fn new(source: Source) -> Self {
        Self { source, clock_offset: AtomicI64::new(0) }
    }

    /// Returns the same, which keeps these secrets as well out of every text.
    pub(crate) fn with_redacted(self, secrets: Vec<String>) -> Self {
        let source = match self.source {
            Source::Given(signer) => Source::Given(Arc::new(Signer::clone(&signer).with_redacted(&secrets))),
            Source::Provider { ask, asking, provided, .. } => {
                Source::Provider { ask, asking, provided, hidden: secrets }
            }
        };
        Self { source, ..self }
    }

    /// Returns what proves the next attempt.
    ///
    /// # Errors
    /// Where the provider fails.
    pub(crate) async fn signer(&self) -> Result<Arc<Signer>, Failure> {
        let (ask, asking, provided, hidden) = match &self.source {
            Source::Given(signer) => return Ok(Arc::clone(signer)),
            Source::Provider { ask, asking, provided, hidden } => (ask, asking, provided, hidden),
        };
        let current = || lock(provided).clone();
        if let Some(signer) = current() {
            return Ok(signer);
        }
        let _asking = asking.lock().await;
        if let Some(signer) = current() {
            return Ok(signer);
        }
        let credentials = ask().await.map_err(|error| failed(&*error))?;
        let signer = credentials.signer().map_err(|error| {
            let message = format!("the credentials provider gave what cannot be used: {}", error.message());
            Failure::unsent(ErrorKind::Configuration, message)
        })?;
        Ok(Arc::clone(lock(provided).insert(Arc::new(signer.with_redacted(hidden)))))
    }

    /// Returns the time as the service's clock has it, as far as refusals have told.
    pub(crate) fn now(&self) -> SystemTime {
        let offset = self.clock_offset.load(Ordering::Relaxed);
        let seconds = Duration::from_secs(offset.unsigned_abs());
        let now = SystemTime::now();
        let moved = if offset < 0 { now.checked_sub(seconds) } else { now.checked_add(seconds) };
        moved.unwrap_or(now)
    }

    /// Judges why an attempt that `signer` proved at this time was refused: whether another attempt at once may pass.
    pub(crate) fn judge(&self, failure: Failure, signer: &Arc<Signer>, signed_at: SystemTime) -> Failure {
        if signer.has_date() && matches!(failure.details.status, Some(401 | 403)) && self.correct(&failure, signed_at) {
            return Failure { retry: Retry::Immediately(RetryReason::Clock), ..failure };
        }
        let Source::Provider { provided, .. } = &self.source else { return failure };
        if failure.kind != ErrorKind::Authentication {
            return failure;
        }
        // Another call may have asked meanwhile: what it got is still to be tried.
        lock(provided).take_if(|current| Arc::ptr_eq(current, signer));
        Failure { retry: Retry::Immediately(RetryReason::Credentials), ..failure }
    }

    /// Takes the service's time from its answer, where the attempt was signed at another. Returns true where it was.
    fn correct(&self, failure: &Failure, signed_at: SystemTime) -> bool {
        let is_possible = |time: &SystemTime| {
            let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH);
            since_1970.is_ok_and(|since| YEARS_2000_TO_2100.contains(&since.as_secs()))
        };
        let Some(service_time) = failure.service_time.filter(is_possible) else { return false };
        let ahead = seconds_between(signed_at, service_time);
        let is_wrong = ahead.unsigned_abs() > TOLERATED_SKEW.as_secs();
        if is_wrong {
            let offset = seconds_between(SystemTime::now(), service_time);
            self.clock_offset.store(offset, Ordering::Relaxed);
            tracing::debug!(seconds_ahead = offset, "the service's clock differs from this machine's");
        }
        is_wrong
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Failure {
    let mut causes = vec![error.to_string()];
    causes.extend(cause_texts(error));
    causes.dedup();
    Failure::unsent(ErrorKind::Authentication, "the credentials provider failed").with_causes(causes)
}

/// Returns how many seconds `to` is after `from`.
fn seconds_between(from: SystemTime, to: SystemTime) -> i64 {
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    match to.duration_since(from) {
        Ok(after) => seconds(after),
        Err(before) => -seconds(before.duration()),
    }
}
