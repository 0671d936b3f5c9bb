//! Machines, and the counts of their states.

use std::ops::Range;

use chacha20::ChaCha8Rng;
use clanforge_core::{FleetStatus, ImageStatus, MachineCounts, RegionStatus};
use rand::RngExt;

use crate::scenario::FleetPlan;

/// The machines of a rollout, in the regions of their fleets.
#[derive(Debug)]
pub(crate) struct Fleet {
    /// Each fleet's ID and the range of its regions.
    fleets: Vec<(String, Range<usize>)>,
    regions: Vec<Region>,
    machines: Vec<Machine>,
    /// Indices of machines that are gone, which the next machines that boot take.
    gone: Vec<usize>,
}

#[derive(Debug)]
struct Region {
    id: String,
    name: String,
    failing: u64,
    counts: [u64; 3],
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine {
    pub(crate) region: usize,
    pub(crate) state: State,
    /// How often the machine changed: events from before its last change are invalid.
    pub(crate) changes: u64,
    fails_next: bool,
    /// Whether it installs the new version, or has it.
    is_updated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Pending: the install is queued.
    Queued,
    /// Pending: the install runs.
    Installing,
    Failed,
    Completed,
    /// Removed by the autoscaler.
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

    pub(crate) fn detailed_status(&self) -> ImageStatus {
        let fleets = self.fleets.iter().map(|(id, regions)| {
            let regions: Vec<_> = self.regions[regions.clone()].iter().map(Region::status).collect();
            let counts = MachineCounts::sum(regions.iter().map(RegionStatus::counts));
            FleetStatus::new(id, counts.unwrap_or_default(), regions).expect("a validated scenario has unique ids")
        });
        ImageStatus::with_fleets(self.counts(), fleets.collect()).expect("a validated scenario has unique ids")
    }

    pub(crate) fn machine(&self, machine: usize) -> Machine {
        self.machines[machine]
    }

    /// Returns the running machines: all but failed ones, which are disabled.
    pub(crate) fn running(&self) -> impl Iterator<Item = usize> {
        let runs = |machine: &Machine| !matches!(machine.state, State::Failed | State::Gone);
        self.machines.iter().enumerate().filter(move |(_, machine)| runs(machine)).map(|(index, _)| index)
    }

    /// Returns the running machines of some regions that have the previous version.
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

    /// Boots a machine, whose install is pending, and returns its index.
    pub(crate) fn boot(&mut self, region: usize, is_updated: bool) -> usize {
        self.regions[region].counts[0] += 1;
        let machine = Machine { region, state: State::Queued, changes: 0, fails_next: false, is_updated };
        match self.gone.pop() {
            Some(index) => {
                // Events of the machine that had this index before stay invalid.
                let changes = self.machines[index].changes + 1;
                self.machines[index] = Machine { changes, ..machine };
                index
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

    /// Marks as many running machines of a region to fail as the scenario says.
    pub(crate) fn choose_failing(&mut self, region: usize, random: &mut ChaCha8Rng) {
        let mut running: Vec<_> = self.running_in(region).collect();
        for _ in 0..self.regions[region].failing.min(running.len() as u64) {
            let chosen = running.swap_remove(random.random_range(0..running.len()));
            self.machines[chosen].fails_next = true;
        }
    }

    /// Returns true, once, if the machine is marked to fail.
    pub(crate) fn take_failing(&mut self, machine: usize) -> bool {
        std::mem::take(&mut self.machines[machine].fails_next)
    }
}

impl Region {
    fn status(&self) -> RegionStatus {
        RegionStatus::new(&self.id, &self.name, self.counts())
    }

    fn counts(&self) -> MachineCounts {
        let [pending, failed, completed] = self.counts;
        MachineCounts::new(pending, failed, completed).unwrap_or_default()
    }
}

impl State {
    /// Returns the index of the count that a machine in this state is in: pending, failed, completed.
    const fn counted(self) -> Option<usize> {
        match self {
            Self::Queued | Self::Installing => Some(0),
            Self::Failed => Some(1),
            Self::Completed => Some(2),
            Self::Gone => None,
        }
    }
}
