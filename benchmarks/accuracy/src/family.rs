//! The kinds of rollouts that are simulated, each drawn from a seed.

use std::time::Duration;

use anyhow::Context;
use chacha20::ChaCha8Rng;
use clanforge_core::{Gate, Per};
use clanforge_simulator::Replicas;
use clanforge_simulator::scenario::{
    BatchesPlan, Between, FailurePlan, FleetPlan, InstallPlan, Packaging, RegionPlan, ReplicasPlan, RolloutPlan,
    ScalingStep, Scenario,
};
use rand::{RngExt, SeedableRng};

use crate::world::{Faults, Outage, World};

/// A kind of rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Pooled,
    Parallel,
    Stragglers,
    GrowingFleet,
    ShrinkingFleet,
    ScalingBeforeStart,
    FromNothing,
    Handful,
    FailuresStay,
    FailuresVanish,
    Flapping,
    Outages,
    ShortOutages,
    StaleShort,
    StaleLong,
    Sudden,
    RegionsApart,
    NeverStarts,
    LaggingReplica,
    KeptReplicas,
    StagedRegions,
    Batches,
    OneOrTwo,
    ReplicasAndStages,
    ReplicasAndBatches,
    NeverStartsScaling,
}

impl Family {
    pub(crate) const ALL: [Self; 26] = [
        Self::Pooled,
        Self::Parallel,
        Self::Stragglers,
        Self::GrowingFleet,
        Self::ShrinkingFleet,
        Self::ScalingBeforeStart,
        Self::FromNothing,
        Self::Handful,
        Self::FailuresStay,
        Self::FailuresVanish,
        Self::Flapping,
        Self::Outages,
        Self::ShortOutages,
        Self::StaleShort,
        Self::StaleLong,
        Self::Sudden,
        Self::RegionsApart,
        Self::NeverStarts,
        Self::LaggingReplica,
        Self::KeptReplicas,
        Self::StagedRegions,
        Self::Batches,
        Self::OneOrTwo,
        Self::ReplicasAndStages,
        Self::ReplicasAndBatches,
        Self::NeverStartsScaling,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pooled => "pooled installs",
            Self::Parallel => "all in parallel",
            Self::Stragglers => "long-tailed stragglers",
            Self::GrowingFleet => "scaling up",
            Self::ShrinkingFleet => "scaling down",
            Self::ScalingBeforeStart => "scaling before the start",
            Self::FromNothing => "grown from nothing before",
            Self::Handful => "a handful of machines",
            Self::FailuresStay => "failures that stay",
            Self::FailuresVanish => "failures that vanish",
            Self::Flapping => "failures retried",
            Self::Outages => "outages",
            Self::ShortOutages => "short outages",
            Self::StaleShort => "stale start, short",
            Self::StaleLong => "stale start, long",
            Self::Sudden => "done between readings",
            Self::RegionsApart => "regions minutes apart",
            Self::NeverStarts => "never starts",
            Self::LaggingReplica => "a replica that lags",
            Self::KeptReplicas => "replicas kept for a while",
            Self::StagedRegions => "regions in stages",
            Self::Batches => "batches",
            Self::OneOrTwo => "one or two, empty at times",
            Self::ReplicasAndStages => "replicas × stages",
            Self::ReplicasAndBatches => "replicas × batches",
            Self::NeverStartsScaling => "never starts × scaling",
        }
    }

    /// Returns one rollout of this kind.
    pub(crate) fn world(self, seed: u64) -> anyhow::Result<World> {
        let mut chance = ChaCha8Rng::seed_from_u64(seed ^ (self as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let scenario = self.scenario(&mut chance);
        let service = Replicas::new(&scenario)?.context("the scenario has no rollout")?;
        let begins =
            if self.starts_at_once() { Duration::from_secs(chance.random_range(1..30)) } else { Duration::ZERO };
        let empty = if self == Self::OneOrTwo { 0.05 } else { 0.0 };
        let faults = Faults { outages: self.outages(&mut chance), empty };
        Ok(World::new(service, faults, begins, self.gate()))
    }

    /// Returns true if the rollout starts before the wait begins, so that the alternatives can be right.
    pub(crate) const fn starts_at_once(self) -> bool {
        matches!(
            self,
            Self::Pooled
                | Self::Parallel
                | Self::Stragglers
                | Self::GrowingFleet
                | Self::ShrinkingFleet
                | Self::FailuresStay
                | Self::FailuresVanish
                | Self::Flapping
                | Self::Outages
                | Self::ShortOutages
        )
    }

    /// Returns true if two problems come together.
    pub(crate) const fn is_combination(self) -> bool {
        matches!(self, Self::ReplicasAndStages | Self::ReplicasAndBatches | Self::NeverStartsScaling)
    }

    /// Returns the gate for this kind of rollout.
    pub(crate) fn gate(self) -> Gate {
        Gate::default().per(if self == Self::RegionsApart { Per::Region } else { Per::Total })
    }

    fn scenario(self, chance: &mut ChaCha8Rng) -> Scenario {
        let machines = match self {
            Self::Handful => chance.random_range(2..=5),
            Self::OneOrTwo => chance.random_range(1..=2),
            // At least three machines in each batch: fewer cannot be distinguished from machines that are replaced.
            Self::Batches | Self::ReplicasAndBatches => chance.random_range(36..=160),
            _ => chance.random_range(8..=160),
        };
        let packaging = match self {
            _ if self.starts_at_once() => Packaging::Takes(Duration::from_millis(500)),
            Self::NeverStarts | Self::NeverStartsScaling => Packaging::Never,
            Self::StaleLong => Packaging::Takes(minutes(chance.random_range(9.0..20.0))),
            // Long enough for the old version to complete first.
            Self::FromNothing => Packaging::Takes(minutes(chance.random_range(12.0..25.0))),
            Self::StaleShort => Packaging::Takes(minutes(chance.random_range(0.1..2.0))),
            Self::RegionsApart => Packaging::Takes(minutes(chance.random_range(0.1..4.0))),
            _ => Packaging::Takes(minutes(chance.random_range(2.0..8.0))),
        };
        let install = match self {
            Self::Sudden => InstallPlan { median: Duration::from_secs(1), spread: 0.5 },
            // Short enough for one region to complete before the next begins.
            Self::RegionsApart => InstallPlan { median: minutes(chance.random_range(1.0..4.0)), spread: 0.2 },
            Self::Stragglers => InstallPlan { median: minutes(chance.random_range(4.0..8.0)), spread: 0.6 },
            _ => {
                InstallPlan { median: minutes(chance.random_range(5.0..12.0)), spread: chance.random_range(0.1..0.35) }
            }
        };
        let failing = match self {
            Self::FailuresStay | Self::FailuresVanish | Self::Flapping => chance.random_range(1..=4),
            _ => 0,
        };
        let failure = FailurePlan {
            share: 0.0,
            removed_after: (self == Self::FailuresVanish).then(|| minutes(chance.random_range(4.0..15.0))),
            retried_after: (self == Self::Flapping).then(|| minutes(chance.random_range(0.5..4.0))),
        };
        let pool = matches!(self, Self::Pooled | Self::Outages).then(|| (machines / chance.random_range(2..=4)).max(4));
        let rollout = RolloutPlan {
            seed: chance.random(),
            packaging,
            parallel_installs: pool,
            install,
            failure,
            batches: self.batches(chance),
        };
        let region = RegionPlan {
            id: "region".to_owned(),
            name: "Region".to_owned(),
            machines: if self == Self::FromNothing { 0 } else { machines },
            failing,
            starts_after: Duration::ZERO,
            install: None,
            scaling: self.scaling(machines, chance),
        };
        let others = match self {
            Self::RegionsApart => (1..chance.random_range(2..=4))
                .map(|number| RegionPlan {
                    id: format!("region {number}"),
                    machines: chance.random_range(1..=machines),
                    starts_after: minutes(chance.random_range(0.0..8.0)),
                    ..region.clone()
                })
                .collect(),
            _ => Vec::new(),
        };
        let mut starts_after = Duration::ZERO;
        let others = match self {
            Self::StagedRegions | Self::ReplicasAndStages | Self::NeverStartsScaling => (1..chance.random_range(2..=4))
                .map(|number| {
                    starts_after += minutes(chance.random_range(2.0..15.0));
                    let id = format!("region {number}");
                    let machines = chance.random_range(1..=machines);
                    RegionPlan { id, machines, starts_after, scaling: self.scaling(machines, chance), ..region.clone() }
                })
                .collect(),
            _ => others,
        };
        let regions = [region].into_iter().chain(others).collect();
        Scenario {
            description: self.name().to_owned(),
            rollout: Some(rollout),
            fleets: vec![FleetPlan { id: "fleet".to_owned(), regions }],
            responses: Vec::new(),
            faults: Vec::new(),
            replicas: self.replicas(chance),
            recording: None,
        }
    }

    fn batches(self, chance: &mut ChaCha8Rng) -> Option<BatchesPlan> {
        matches!(self, Self::Batches | Self::ReplicasAndBatches).then(|| BatchesPlan {
            count: chance.random_range(5..=12),
            apart: Between { least: minutes(1.0), most: minutes(5.0) },
        })
    }

    fn replicas(self, chance: &mut ChaCha8Rng) -> Option<ReplicasPlan> {
        let (others, is_kept) = match self {
            Self::LaggingReplica => (1, false),
            Self::KeptReplicas => (chance.random_range(1..=2), true),
            Self::ReplicasAndStages | Self::ReplicasAndBatches => (chance.random_range(1..=2), chance.random()),
            _ => return None,
        };
        let seconds = |seconds| Duration::from_secs(seconds);
        let lags = (0..others).map(|_| seconds(chance.random_range(10..=120)));
        let lags = [Duration::ZERO].into_iter().chain(lags).collect();
        Some(ReplicasPlan { lags, kept: is_kept.then(|| Between { least: seconds(10), most: seconds(90) }) })
    }

    fn scaling(self, machines: u64, chance: &mut ChaCha8Rng) -> Vec<ScalingStep> {
        let share = |percent: u64| (machines * percent / 100).max(1);
        let mut moment = 0.0;
        let mut step = |chance: &mut ChaCha8Rng, percents: std::ops::Range<u64>, wait: std::ops::Range<f64>| {
            moment += chance.random_range(wait);
            ScalingStep { at: minutes(moment), machines: share(chance.random_range(percents)) }
        };
        match self {
            Self::GrowingFleet => {
                (0..4).map(|grown| step(chance, 100 + grown * 15..120 + grown * 15, 1.0..4.0)).collect()
            }
            Self::ShrinkingFleet => {
                (0..3).map(|shrunk| step(chance, 80 - shrunk * 20..95 - shrunk * 20, 1.0..5.0)).collect()
            }
            // The fleet grows on the old version just before the wait begins, or while it does.
            Self::FromNothing => vec![step(chance, 100..101, 0.0..0.1)],
            Self::ScalingBeforeStart | Self::StaleLong => (0..5).map(|_| step(chance, 40..170, 0.3..1.5)).collect(),
            Self::NeverStarts => (0..12).map(|_| step(chance, 40..170, 0.5..4.0)).collect(),
            // Up and down for the whole wait; machines that are replaced go and come at the same moment.
            Self::NeverStartsScaling => (0..60)
                .flat_map(|_| {
                    let asked = step(chance, 60..141, 0.2..2.0);
                    let replaced = (asked.machines * chance.random_range(0..=5) / 100).min(asked.machines);
                    [ScalingStep { machines: asked.machines - replaced, ..asked }, asked]
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn outages(self, chance: &mut ChaCha8Rng) -> Vec<Outage> {
        let mut outages = |times: u32, apart: std::ops::Range<f64>, long: std::ops::Range<f64>| {
            let mut moment = 0.0;
            let mut outages = Vec::new();
            for _ in 0..times {
                moment += chance.random_range(apart.clone());
                let length = chance.random_range(long.clone());
                outages.push(Outage { from: minutes(moment), to: minutes(moment + length) });
                moment += length;
            }
            outages
        };
        match self {
            Self::Outages => outages(3, 1.0..9.0, 0.5..4.0),
            Self::ShortOutages => outages(60, 0.05..0.7, 0.02..0.3),
            _ => Vec::new(),
        }
    }
}

fn minutes(minutes: f64) -> Duration {
    Duration::from_secs_f64(minutes * 60.0)
}
