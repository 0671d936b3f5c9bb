//! Authenticates attempts, with fixed credentials or with those of a provider.

use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use clanforge_core::ErrorKind;

use crate::auth::credentials::Credentials;
use crate::auth::signer::Signer;
use crate::error::{Failure, Progress, Retry, RetryReason, cause_texts, cut};

/// An error of a credentials provider.
pub(crate) type ProviderError = Box<dyn std::error::Error + Send + Sync>;

/// Returns credentials when they are needed.
pub(crate) type Provider = Box<dyn Fn() -> ProviderFuture + Send + Sync>;

type ProviderFuture = Pin<Box<dyn Future<Output = Result<Credentials, ProviderError>> + Send>>;

/// A difference between the clocks up to this is not why a signature was rejected: AWS allows five minutes.
const TOLERATED_SKEW: Duration = Duration::from_secs(60);

/// The dates that a service's clock may show, in seconds since 1970. Others are a mistake and would make signatures useless.
const YEARS_2000_TO_2100: std::ops::Range<u64> = 946_684_800..4_102_444_800;

/// Gives each attempt a signer, and decides whether a rejected one is retried.
pub(crate) struct Authenticator {
    source: Source,
    /// How many seconds the service's clock is ahead of this machine's, as learned from rejected signatures.
    clock_offset: AtomicI64,
}

enum Source {
    Fixed(Arc<Signer>),
    Provider {
        provider: Provider,
        /// Held during a request to the provider, so that concurrent calls share one.
        request: tokio::sync::Mutex<()>,
        /// The signer of the credentials last provided, until the service rejects them.
        current: Mutex<Option<Arc<Signer>>>,
        /// Further secrets to remove from text.
        redacted: Vec<String>,
        /// The provider's name in errors, and what to check if the service rejects its credentials.
        names: (&'static str, &'static str),
    },
}

impl Authenticator {
    /// Returns an authenticator with fixed credentials.
    pub(crate) fn fixed(signer: Signer) -> Self {
        Self::new(Source::Fixed(Arc::new(signer)))
    }

    /// Returns an authenticator that calls a provider before the first attempt, at once after a 401, and before the next call
    /// after a 403.
    pub(crate) fn provided(provider: Provider) -> Self {
        Self::named(("the credentials provider", "what the credentials provider returns"), provider)
    }

    /// Returns an authenticator that reads credentials from files when a provider would be called.
    pub(crate) fn with_files(provider: Provider) -> Self {
        Self::named(("reading the files with the credentials", "the files with the credentials"), provider)
    }

    fn named(names: (&'static str, &'static str), provider: Provider) -> Self {
        Self::new(Source::Provider {
            names,
            provider,
            request: tokio::sync::Mutex::default(),
            current: Mutex::default(),
            redacted: Vec::new(),
        })
    }

    const fn new(source: Source) -> Self {
        Self { source, clock_offset: AtomicI64::new(0) }
    }

    /// Returns the authenticator with more secrets to remove from text.
    pub(crate) fn with_redacted(self, secrets: Vec<String>) -> Self {
        let source = match self.source {
            Source::Fixed(signer) => Source::Fixed(Arc::new(Signer::clone(&signer).with_redacted(&secrets))),
            Source::Provider { provider, request, current, names, .. } => {
                Source::Provider { provider, request, current, names, redacted: secrets }
            }
        };
        Self { source, ..self }
    }

    /// Returns true if a provider gives the credentials, which takes time.
    pub(crate) const fn has_provider(&self) -> bool {
        matches!(self.source, Source::Provider { .. })
    }

    /// Returns the signer of the next attempt.
    ///
    /// # Errors
    /// `authentication` if the provider fails, `configuration` if its credentials cannot be used.
    pub(crate) async fn signer(&self) -> Result<Arc<Signer>, Failure> {
        let (provider, request, current, redacted, (name, settings)) = match &self.source {
            Source::Fixed(signer) => return Ok(Arc::clone(signer)),
            Source::Provider { provider, request, current, redacted, names } => {
                (provider, request, current, redacted, *names)
            }
        };
        let known = || lock(current).clone();
        if let Some(signer) = known() {
            return Ok(signer);
        }
        let _request = request.lock().await;
        if let Some(signer) = known() {
            return Ok(signer);
        }
        let credentials = provider().await.map_err(|error| provider_failure(name, &*error))?;
        let signer = credentials.signer().map_err(|error| {
            let message = format!("invalid credentials: {}; check {settings}", error.message());
            Failure::not_started(ErrorKind::Configuration, message)
        })?;
        let signer = signer.with_redacted(redacted).with_settings(settings);
        Ok(Arc::clone(lock(current).insert(Arc::new(signer))))
    }

    /// Returns the time by the service's clock, as far as it is known.
    pub(crate) fn now(&self) -> SystemTime {
        let offset = self.clock_offset.load(Ordering::Relaxed);
        let seconds = Duration::from_secs(offset.unsigned_abs());
        let now = SystemTime::now();
        let moved = if offset < 0 { now.checked_sub(seconds) } else { now.checked_add(seconds) };
        moved.unwrap_or(now)
    }

    /// Returns the failure of an attempt that `signer` signed, with the decision whether another follows at once: with new
    /// credentials, or by a corrected clock. A rejected request was not processed (RFC 9110, sections 15.5.2 and 15.5.4).
    pub(crate) fn review(&self, failure: Failure, signer: &Arc<Signer>, signed_at: SystemTime) -> Failure {
        let is_rejected = matches!(failure.details.status, Some(401 | 403));
        let retry = |reason| Retry::Immediately(reason);
        if is_rejected && signer.needs_clock() && self.correct_clock(&failure, signed_at) {
            return Failure { retry: retry(RetryReason::Clock), progress: Progress::NotProcessed, ..failure };
        }
        let Source::Provider { current, .. } = &self.source else { return failure };
        if !matches!(failure.kind, ErrorKind::Authentication | ErrorKind::PermissionDenied) {
            return failure;
        }
        // Another call may have new credentials already: those are not rejected yet.
        lock(current).take_if(|current| Arc::ptr_eq(current, signer));
        if failure.kind == ErrorKind::PermissionDenied {
            return failure;
        }
        Failure { retry: retry(RetryReason::Credentials), progress: Progress::NotProcessed, ..failure }
    }

    /// Adopts the service's clock from a response, and returns true, if the attempt was signed at a different time.
    fn correct_clock(&self, failure: &Failure, signed_at: SystemTime) -> bool {
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

/// Returns the failure of a provider, with the texts of all causes: the provider's author wrote them for people.
fn provider_failure(name: &str, error: &(dyn std::error::Error + 'static)) -> Failure {
    let mut texts = vec![cut(&error.to_string())];
    texts.extend(cause_texts(error));
    // Some errors state their causes themselves.
    texts.dedup_by(|cause, text| text.ends_with(cause.as_str()));
    Failure::not_started(ErrorKind::Authentication, format!("{name} failed: {}", texts.join(": ")))
}

/// Returns how many seconds `to` is after `from`.
fn seconds_between(from: SystemTime, to: SystemTime) -> i64 {
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    match to.duration_since(from) {
        Ok(after) => seconds(after),
        Err(before) => -seconds(before.duration()),
    }
}
