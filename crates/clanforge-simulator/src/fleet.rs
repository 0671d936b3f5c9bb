//! Machines and how they are counted.

use std::ops::Range;

use clanforge_core::{MachineCounts, RegionStatus};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::scenario::FleetPlan;

/// All machines that a rollout ever had, in the regions of their fleets.
#[derive(Debug)]
pub(crate) struct Fleet {
    /// Each fleet's id and its part of the regions.
    pub(crate) fleets: Vec<(String, Range<usize>)>,
    pub(crate) regions: Vec<Region>,
    machines: Vec<Machine>,
    /// Machines that are gone, whose places are taken by the next that boot.
    gone: Vec<usize>,
}

#[derive(Debug)]
pub(crate) struct Region {
    id: String,
    name: String,
    failing: u64,
    counts: [u64; 3],
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine {
    pub(crate) region: usize,
    pub(crate) state: State,
    /// How often the machine changed: what was planned for it before its last change no longer holds.
    pub(crate) changes: u64,
    fails_next: bool,
    /// Whether it installs the new version, or has it.
    is_updated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Pending: an install waits for its turn.
    Waiting,
    /// Pending: an install runs.
    Installing,
    Failed,
    Completed,
    /// Taken away by the scaling system.
    Gone,
}

impl Fleet {
    /// Returns the fleets of a scenario with every machine completed.
    pub(crate) fn new(plans: &[FleetPlan]) -> Self {
        let mut fleet = Self { fleets: Vec::new(), regions: Vec::new(), machines: Vec::new(), gone: Vec::new() };
        for plan in plans {
            let first = fleet.regions.len();
            for plan in &plan.regions {
                let region = fleet.regions.len();
                let (id, name) = (plan.id.clone(), plan.name.clone());
                fleet.regions.push(Region { id, name, failing: plan.failing, counts: [0, 0, plan.machines] });
                let machine =
                    Machine { region, state: State::Completed, changes: 0, fails_next: false, is_updated: false };
                fleet.machines.extend((0..plan.machines).map(|_| machine));
            }
            fleet.fleets.push((plan.id.clone(), first..fleet.regions.len()));
        }
        fleet
    }

    pub(crate) fn counts(&self) -> MachineCounts {
        MachineCounts::sum(self.regions.iter().map(Region::counts)).unwrap_or_default()
    }

    pub(crate) fn machine(&self, machine: usize) -> Machine {
        self.machines[machine]
    }

    /// Returns the machines that run: all but the failed, which are disabled.
    pub(crate) fn running(&self) -> impl Iterator<Item = usize> {
        let runs = |machine: &Machine| !matches!(machine.state, State::Failed | State::Gone);
        self.machines.iter().enumerate().filter(move |(_, machine)| runs(machine)).map(|(index, _)| index)
    }

    /// Returns the machines of some regions that run the previous version.
    pub(crate) fn outdated_in(&self, regions: &[usize]) -> Vec<usize> {
        let is_outdated = |machine: &Machine| regions.contains(&machine.region) && !machine.is_updated;
        self.running().filter(|machine| is_outdated(&self.machines[*machine])).collect()
    }

    /// Gives a machine the new version to install.
    pub(crate) fn update(&mut self, machine: usize) {
        self.machines[machine].is_updated = true;
    }

    pub(crate) fn running_in(&self, region: usize) -> impl Iterator<Item = usize> {
        self.running().filter(move |machine| self.machines[*machine].region == region)
    }

    /// Boots a machine, which has an install of the new version or the previous one pending, and returns it.
    pub(crate) fn boot(&mut self, region: usize, is_updated: bool) -> usize {
        self.regions[region].counts[0] += 1;
        let machine = Machine { region, state: State::Waiting, changes: 0, fails_next: false, is_updated };
        match self.gone.pop() {
            Some(place) => {
                // What was planned for the machine that was here before still does not hold.
                let changes = self.machines[place].changes + 1;
                self.machines[place] = Machine { changes, ..machine };
                place
            }
            None => {
                self.machines.push(machine);
                self.machines.len() - 1
            }
        }
    }

    pub(crate) fn change(&mut self, machine: usize, state: State) {
        let Machine { region, state: before, changes, .. } = &mut self.machines[machine];
        let counts = &mut self.regions[*region].counts;
        if let Some(before) = before.counted() {
            counts[before] -= 1;
        }
        if let Some(after) = state.counted() {
            counts[after] += 1;
        }
        *before = state;
        *changes += 1;
        if state == State::Gone {
            self.gone.push(machine);
        }
    }

    /// Marks as many running machines of a region as the scenario wants to fail.
    pub(crate) fn choose_failing(&mut self, region: usize, chance: &mut ChaCha8Rng) {
        let mut running: Vec<_> = self.running_in(region).collect();
        for _ in 0..self.regions[region].failing.min(running.len() as u64) {
            let chosen = running.swap_remove(chance.random_range(0..running.len()));
            self.machines[chosen].fails_next = true;
        }
    }

    /// Returns true, once, where the machine was chosen to fail.
    pub(crate) fn take_failing(&mut self, machine: usize) -> bool {
        std::mem::take(&mut self.machines[machine].fails_next)
    }
}

impl Region {
    pub(crate) fn status(&self) -> RegionStatus {
        RegionStatus::new(&self.id, &self.name, self.counts())
    }

    fn counts(&self) -> MachineCounts {
        let [pending, failed, completed] = self.counts;
        MachineCounts::new(pending, failed, completed).unwrap_or_default()
    }
}

impl State {
    /// Returns which of the three counts a machine is in: pending, failed, completed.
    const fn counted(self) -> Option<usize> {
        match self {
            Self::Waiting | Self::Installing => Some(0),
            Self::Failed => Some(1),
            Self::Completed => Some(2),
            Self::Gone => None,
        }
    }
}
