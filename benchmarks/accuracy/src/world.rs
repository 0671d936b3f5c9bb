//! One rollout and the service that reports it, in virtual time.

use std::time::Duration;

use chacha20::ChaCha8Rng;
use clanforge_core::monitor::{ReadFailure, Reading};
use clanforge_core::{CountName, ErrorKind, Gate, ImageStatus, MachineCounts};
use clanforge_simulator::Replicas;
use rand::{RngExt, SeedableRng};

/// A time in which the service fails.
#[derive(Clone, Debug)]
pub(crate) struct Outage {
    pub(crate) from: Duration,
    pub(crate) to: Duration,
}

/// What goes wrong with the service's responses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    pub(crate) outages: Vec<Outage>,
    /// The probability that a response says that there are no machines.
    pub(crate) empty: f64,
}

/// A rollout, the service's faults, and the moment at which the wait begins.
#[derive(Debug)]
pub(crate) struct World {
    service: Replicas,
    faults: Faults,
    begins: Duration,
    now: Duration,
    gate: Gate,
    chance: ChaCha8Rng,
}

/// How long a wait may take: what comes later counts as never.
pub(crate) const HORIZON: Duration = Duration::from_secs(60 * 60);

impl World {
    pub(crate) fn new(service: Replicas, faults: Faults, begins: Duration, gate: Gate) -> Self {
        let chance = ChaCha8Rng::seed_from_u64(begins.as_secs());
        Self { service, faults, begins, now: Duration::ZERO, gate, chance }
    }

    /// Returns the status before the rollout.
    pub(crate) fn before(&self) -> ImageStatus {
        self.service.newest().status(true)
    }

    /// Advances to `elapsed` after the wait began, and returns the reading of that moment.
    pub(crate) fn read(&mut self, elapsed: Duration, detail: bool) -> Reading {
        self.pass(elapsed);
        if self.faults.empty > 0.0 && self.chance.random_bool(self.faults.empty) {
            return Reading::Status(ImageStatus::new(MachineCounts::default()));
        }
        match self.faults.outages.iter().any(|outage| (outage.from..outage.to).contains(&self.now)) {
            false => Reading::Status(self.service.status(detail)),
            true => Reading::Failed(ReadFailure {
                kind: ErrorKind::Server,
                message: "the service failed".to_owned(),
                status: Some(503),
                retry_after: None,
                service_message: None,
            }),
        }
    }

    /// Returns what is true at the time of the last reading, whatever the response said.
    fn truth(&self) -> ImageStatus {
        self.service.newest().status(self.gate.needs_detail())
    }

    /// Returns the gate that the wait uses.
    pub(crate) const fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Returns true if the new version is ready by the gate, at the time of the last reading.
    pub(crate) fn is_ready(&self) -> bool {
        self.service.newest().has_started() && self.gate.evaluate(&self.truth()).is_ready()
    }

    /// Returns true if more machines failed with the new version than the gate allows.
    pub(crate) fn has_failed(&self) -> bool {
        let verdict = self.gate.evaluate(&self.truth());
        self.service.newest().has_started() && verdict.is_short_of(CountName::Failed)
    }

    /// Returns the next moment, from the beginning of the wait, at which anything changes; `None` if nothing does in
    /// time.
    pub(crate) fn next_change(&self) -> Option<Duration> {
        let change = self.service.newest().next_change()?.saturating_sub(self.begins);
        (change <= HORIZON).then_some(change)
    }

    pub(crate) fn pass(&mut self, elapsed: Duration) {
        self.now = self.now.max(self.begins + elapsed);
        self.service.advance(self.now);
    }
}

/// Returns the first moment, from the beginning of the wait, from which on the gate passes until the end.
pub(crate) fn ready_since(mut world: World) -> Option<Duration> {
    world.pass(Duration::ZERO);
    let mut since = world.is_ready().then_some(Duration::ZERO);
    while let Some(moment) = world.next_change() {
        world.pass(moment);
        since = match (world.is_ready(), since) {
            (true, None) => Some(moment),
            (true, since) => since,
            (false, _) => None,
        };
    }
    since
}
