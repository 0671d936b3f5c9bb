//! The rollout of each image that is waited for, and how the wait must end.

use std::time::Duration;

use clanforge::monitor::Policy;

/// How often each wait reads.
const INTERVAL: Duration = Duration::from_secs(3);

/// How the rollout of one image goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rollout {
    /// It starts and completes.
    Completes,
    /// It starts and completes, and every second response is an error.
    CompletesThroughFaults,
    /// Machines fail.
    Fails,
    /// It makes no progress.
    Stalls,
    /// It makes progress, but does not complete in time.
    TimesOut,
    /// It never starts.
    NeverStarts,
    /// Every response is an error.
    IsUnreachable,
    /// The permission is revoked after a while.
    IsForbidden,
}

impl Rollout {
    const ALL: [Self; 8] = [
        Self::Completes,
        Self::CompletesThroughFaults,
        Self::Fails,
        Self::Stalls,
        Self::TimesOut,
        Self::NeverStarts,
        Self::IsUnreachable,
        Self::IsForbidden,
    ];

    pub(crate) fn of(image_id: u64) -> Self {
        let place = usize::try_from(image_id % Self::ALL.len() as u64).unwrap_or_default();
        Self::ALL[place]
    }

    /// Returns how the wait must end: the kind of its outcome or of its error.
    pub(crate) const fn expected(self) -> &'static str {
        match self {
            Self::Completes | Self::CompletesThroughFaults => "ready",
            Self::Fails => "failed",
            Self::Stalls => "stalled",
            Self::TimesOut => "timed_out",
            Self::NeverStarts => "not_started",
            Self::IsUnreachable => "unreachable",
            Self::IsForbidden => "permission_denied",
        }
    }

    /// Returns the HTTP status of the response to a request, counted from 0, and the machines in its body.
    pub(crate) fn response(self, request: u64) -> (u16, [u64; 3]) {
        let completing = |step: u64| match step {
            1 | 2 => [10, 0, 0],
            3 => [5, 0, 5],
            _ => [0, 0, 10],
        };
        match self {
            Self::Completes => (200, completing(request)),
            Self::CompletesThroughFaults if request % 2 == 1 => (503, [0; 3]),
            Self::CompletesThroughFaults => (200, completing(request / 2)),
            Self::Fails => (200, [0, 4, 6]),
            Self::Stalls => (200, [4, 0, 6]),
            Self::TimesOut => (200, [1_000_000 - request, 0, request]),
            Self::NeverStarts => (200, [0, 0, 10]),
            Self::IsUnreachable => (500, [0; 3]),
            Self::IsForbidden if request < 3 => (200, [4, 0, 6]),
            Self::IsForbidden => (403, [0; 3]),
        }
    }

    /// Returns a policy under which the wait ends within a minute.
    pub(crate) fn policy(self) -> Policy {
        let mut policy = Policy::default();
        (policy.settle, policy.min_interval, policy.max_interval) = (INTERVAL, INTERVAL, INTERVAL);
        match self {
            Self::Completes | Self::CompletesThroughFaults => policy.require_fresh = true,
            Self::Fails | Self::IsForbidden => policy.start_grace = Some(Duration::ZERO),
            Self::Stalls => (policy.start_grace, policy.stall_timeout) = (Some(Duration::ZERO), INTERVAL * 4),
            Self::TimesOut => (policy.start_grace, policy.timeout) = (Some(Duration::ZERO), Some(INTERVAL * 6)),
            Self::NeverStarts => (policy.require_fresh, policy.start_grace) = (true, Some(INTERVAL * 3)),
            Self::IsUnreachable => policy.max_unreachable = INTERVAL * 3,
        }
        policy
    }
}

/// Returns the time over which the starts of all waits are spread, as those of many deployments are.
pub(crate) const fn spread_of_starts() -> Duration {
    INTERVAL
}
