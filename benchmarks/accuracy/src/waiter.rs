//! The waiters: clanforge, and the polling loops that studios use today.

use std::time::Duration;

use chacha20::ChaCha8Rng;
use clanforge_core::monitor::{Baseline, Freshness, Monitor, Next, OutcomeKind, Policy, Reading, Update};
use clanforge_core::{ImageRef, ImageStatus};
use rand::{RngExt, SeedableRng};

use crate::estimates::Estimates;
use crate::world::{HORIZON, World};

/// A way to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waiter {
    WithBaseline,
    WithoutBaseline,
    /// Polls every 10 s until nothing is pending.
    PollUntilNonePending,
    /// The waiter of AWS and Smithy: exponential backoff from 2 s to 120 s with full jitter, until nothing is pending
    /// and something is completed.
    Smithy,
    /// Polls every 10 s until as many machines are completed as before the rollout.
    PollUntilKnownNumber,
}

/// How a wait ended, and what was true at that moment.
#[derive(Debug)]
pub(crate) struct Ending {
    pub(crate) kind: Option<OutcomeKind>,
    pub(crate) freshness: Freshness,
    pub(crate) at: Duration,
    pub(crate) readings: u64,
    pub(crate) was_ready: bool,
    pub(crate) had_failed: bool,
    /// The moment from which on the gate passes until the end of the rollout, if there is one.
    pub(crate) ready_since: Option<Duration>,
}

const IMAGE: ImageRef = ImageRef::new(1, 2);

impl Waiter {
    pub(crate) const ALL: [Self; 5] = [
        Self::WithBaseline,
        Self::WithoutBaseline,
        Self::PollUntilNonePending,
        Self::Smithy,
        Self::PollUntilKnownNumber,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::WithBaseline => "clanforge, baseline",
            Self::WithoutBaseline => "clanforge, no baseline",
            Self::PollUntilNonePending => "poll until none pending",
            Self::Smithy => "Smithy waiter",
            Self::PollUntilKnownNumber => "poll until known number",
        }
    }

    /// Waits for one rollout.
    pub(crate) fn wait(
        self,
        (mut world, twin): (World, World),
        seed: u64,
        estimates: &mut Estimates,
    ) -> anyhow::Result<Ending> {
        let ready_since = crate::world::ready_since(twin);
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut ending = match self {
            Self::WithBaseline | Self::WithoutBaseline => {
                let baseline = (self == Self::WithBaseline).then(|| Baseline::new(IMAGE, world.before()));
                monitored(&mut world, baseline.as_ref(), &mut chance, ready_since, estimates)?
            }
            Self::PollUntilNonePending => {
                polled(&mut world, |_| Duration::from_secs(10), |status| status.pending_machines() == 0)
            }
            Self::Smithy => polled(
                &mut world,
                |attempt| {
                    let most = 2.0 * 2.0_f64.powf(f64::from(attempt));
                    Duration::from_secs_f64(chance.random_range(2.0..=most.min(120.0)))
                },
                |status| status.pending_machines() == 0 && status.completed_machines() > 0,
            ),
            Self::PollUntilKnownNumber => {
                let known = world.before().completed_machines();
                polled(&mut world, |_| Duration::from_secs(10), |status| status.completed_machines() == known)
            }
        };
        ending.ready_since = ready_since;
        Ok(ending)
    }
}

fn monitored(
    world: &mut World,
    baseline: Option<&Baseline>,
    chance: &mut ChaCha8Rng,
    ready_since: Option<Duration>,
    estimates: &mut Estimates,
) -> anyhow::Result<Ending> {
    let mut policy = Policy::default();
    policy.gate = world.gate().clone();
    let mut monitor = Monitor::new(IMAGE, policy, baseline)?;
    let (mut elapsed, mut detail) = (Duration::ZERO, monitor.needs_detail());
    loop {
        let step = monitor.observe(elapsed, world.read(elapsed, detail));
        if let (Update::Reading(reading), Some(since)) = (&step.update, ready_since) {
            estimates.add(reading, since.saturating_sub(elapsed));
        }
        match step.next {
            Next::Read { earliest, latest, detail: asked, .. } => {
                elapsed += chance.random_range(earliest..=latest);
                detail = asked;
            }
            Next::Finished(outcome) => {
                return Ok(Ending {
                    kind: Some(outcome.kind),
                    freshness: outcome.freshness,
                    at: elapsed,
                    readings: outcome.readings + outcome.errors,
                    was_ready: world.is_ready(),
                    had_failed: world.has_failed(),
                    ready_since,
                });
            }
            Next::GiveUp => anyhow::bail!("the simulated service never sends a permanent error"),
        }
    }
}

/// Polls until a status counts as ready. Errors are ignored, which favours the alternatives: most scripts stop.
fn polled(world: &mut World, mut pause: impl FnMut(u32) -> Duration, is_done: impl Fn(&ImageStatus) -> bool) -> Ending {
    let (mut elapsed, mut readings) = (Duration::ZERO, 0);
    let kind = loop {
        readings += 1;
        match world.read(elapsed, false) {
            Reading::Status(status) if is_done(&status) => break Some(OutcomeKind::Ready),
            Reading::Status(_) | Reading::Cached { .. } | Reading::Failed(_) if elapsed >= HORIZON => break None,
            Reading::Status(_) | Reading::Cached { .. } | Reading::Failed(_) => {}
        }
        elapsed += pause(u32::try_from(readings).unwrap_or(u32::MAX));
    };
    Ending {
        kind,
        freshness: Freshness::Unknown,
        at: elapsed,
        readings,
        was_ready: world.is_ready(),
        had_failed: world.has_failed(),
        ready_since: None,
    }
}
