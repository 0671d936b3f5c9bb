//! Replicas of the service that lag behind: each knows the rollout as it was some time ago.

use std::time::Duration;

use chacha20::ChaCha8Rng;
use clanforge_core::ImageStatus;
use rand::{RngExt, SeedableRng};

use super::model::Rollout;
use crate::scenario::{InvalidScenario, ReplicasPlan, Scenario};

/// A rollout as a service with replicas counts it: one replica, or several, each with its own lag.
#[derive(Debug)]
pub struct Replicas {
    /// Each replica's lag, and the rollout as it was that long ago.
    views: Vec<(Duration, Rollout)>,
    plan: ReplicasPlan,
    /// The replica with the least lag.
    newest: usize,
    current: usize,
    /// The moment until which responses come from the current replica.
    kept_until: Duration,
    chance: ChaCha8Rng,
}

impl Replicas {
    /// Returns the replicas of a scenario at the start of its rollout; `None` if its responses are scripted.
    ///
    /// # Errors
    /// [`InvalidScenario`] as [`Scenario::validate`].
    pub fn new(scenario: &Scenario) -> Result<Option<Self>, InvalidScenario> {
        let Some(rollout) = scenario.rollout else { return Ok(None) };
        let plan = scenario.replicas.clone().unwrap_or_default();
        // The same seed gives each replica the same rollout.
        let views = plan.lags.iter().filter_map(|lag| {
            let view = Rollout::new(scenario).transpose()?;
            Some(view.map(|view| (*lag, view)))
        });
        let views = views.collect::<Result<Vec<_>, _>>()?;
        let newest = (0..views.len()).min_by_key(|index| plan.lags[*index]).unwrap_or_default();
        let chance = ChaCha8Rng::seed_from_u64(rollout.seed);
        Ok(Some(Self { views, plan, newest, current: 0, kept_until: Duration::ZERO, chance }))
    }

    /// Lets time pass until `moment`, counted from the start of the rollout, and chooses the replica of the next response.
    pub fn advance(&mut self, moment: Duration) {
        for (lag, view) in &mut self.views {
            view.advance(moment.saturating_sub(*lag));
        }
        if self.views.len() > 1 && moment >= self.kept_until {
            self.current = self.chance.random_range(0..self.views.len());
            let kept = self.plan.kept.map(|kept| kept.draw(&mut self.chance));
            self.kept_until = moment.saturating_add(kept.unwrap_or_default());
        }
    }

    /// Returns what the chosen replica counts.
    pub fn status(&self, detail: bool) -> ImageStatus {
        self.views[self.current].1.status(detail)
    }

    /// Returns the rollout as the replica with the least lag knows it.
    pub fn newest(&self) -> &Rollout {
        &self.views[self.newest].1
    }
}
