//! What an attempt is waiting for, so that a timeout can name it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use clanforge_core::ErrorKind;

use crate::error::failure::{Failure, Progress, Retry};

/// How long name resolution takes at most without being named as a reason for a timeout.
const QUICK_RESOLUTION: Duration = Duration::from_secs(1);

/// What an attempt is waiting for.
#[derive(Clone, Debug)]
pub(crate) enum AttemptPhase {
    /// Credentials, from the provider: nothing was sent yet.
    Credentials,
    /// The addresses of this host or proxy.
    Addresses(String),
    /// The response. `resolved` is the host or proxy, and how long resolving it took, if a connection was opened.
    Response { resolved: Option<(String, Duration)> },
}

/// The phase of the attempt that is in progress.
#[derive(Debug)]
pub(crate) struct CurrentPhase(Mutex<AttemptPhase>);

impl CurrentPhase {
    pub(crate) const fn new(phase: AttemptPhase) -> Self {
        Self(Mutex::new(phase))
    }

    pub(crate) fn set(&self, phase: AttemptPhase) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }

    pub(crate) fn get(&self) -> AttemptPhase {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl AttemptPhase {
    /// Returns the failure of an attempt to reach `origin` that did not end within `limit`, such as `the 20 s attempt timeout`.
    pub(crate) fn timed_out(&self, origin: &str, limit: &str, retry: Retry) -> Failure {
        let timeout = |message| Failure::new(ErrorKind::Timeout, retry, message);
        match self {
            Self::Credentials => {
                let message = format!("no response from the credentials provider within {limit}");
                Failure::not_started(ErrorKind::Timeout, message)
            }
            Self::Addresses(host) => {
                let message =
                    format!("could not resolve {host} within {limit}: check the name servers of this machine");
                Failure { progress: Progress::NotProcessed, ..timeout(message) }
            }
            Self::Response { resolved: Some((host, time)) } if *time > QUICK_RESOLUTION => {
                let seconds = time.as_secs_f64();
                timeout(format!("no response from {origin} within {limit}: resolving {host} took {seconds:.1} s of it"))
            }
            Self::Response { .. } => timeout(format!("no response from {origin} within {limit}")),
        }
    }
}
