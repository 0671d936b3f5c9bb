//! A rollout by a seeded model, in its own time.
//!
//! What the model knows of the service: a version is packaged for minutes before its rollout starts, and until then the
//! counts describe the previous version. At its start every machine becomes pending. An install takes minutes, with a limit on
//! how many run at once, and may fail; the autoscaler boots machines, which install the current version and count as pending,
//! and removes machines, failed ones after a while.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use chacha20::ChaCha8Rng;
use clanforge_core::ImageStatus;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, LogNormal};

use super::fleet::{Fleet, State};
use crate::scenario::{
    BatchesPlan, FailurePlan, FleetPlan, InstallPlan, InvalidScenario, Packaging, RolloutPlan, Scenario,
};

/// A simulated rollout: advance its time, and read what the service would count.
#[derive(Debug)]
pub struct Rollout {
    plan: RolloutPlan,
    installs: Vec<InstallPlan>,
    /// How long after the start each region starts.
    delays: Vec<Duration>,
    fleet: Fleet,
    events: BinaryHeap<Reverse<(Duration, u64, Event)>>,
    events_so_far: u64,
    queue: VecDeque<Ticket>,
    installing: u64,
    now: Duration,
    /// Whether each region has started.
    started: Vec<bool>,
    /// How many starts are left: one for each batch of each group of regions with the same delay.
    starts_left: usize,
    random: ChaCha8Rng,
}

/// A machine in the state that an event is about: a change in between makes the ticket invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ticket {
    machine: usize,
    change: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Start { after: Duration, batches_left: u64 },
    Scale { region: usize, machines: u64 },
    Installed(Ticket),
    Removed(Ticket),
    Retried(Ticket),
}

impl Rollout {
    /// Returns the rollout of a scenario at its start; `None` if the scenario has scripted responses.
    ///
    /// # Errors
    /// [`InvalidScenario`] as [`Scenario::validate`].
    pub fn new(scenario: &Scenario) -> Result<Option<Self>, InvalidScenario> {
        scenario.validate()?;
        Ok(scenario.rollout.map(|plan| Self::of(plan, &scenario.fleets)))
    }

    fn of(plan: RolloutPlan, fleets: &[FleetPlan]) -> Self {
        let regions = || fleets.iter().flat_map(|fleet| &fleet.regions);
        let mut rollout = Self {
            installs: regions().map(|region| region.install.unwrap_or(plan.install)).collect(),
            delays: regions().map(|region| region.starts_after).collect(),
            fleet: Fleet::new(fleets),
            events: BinaryHeap::new(),
            events_so_far: 0,
            queue: VecDeque::new(),
            installing: 0,
            now: Duration::ZERO,
            started: vec![false; regions().count()],
            starts_left: 0,
            random: ChaCha8Rng::seed_from_u64(plan.seed),
            plan,
        };
        // Regions with the same delay start together; an image without regions starts as well.
        let mut starts = rollout.delays.clone();
        starts.sort_unstable();
        starts.dedup();
        if starts.is_empty() {
            starts.push(Duration::ZERO);
        }
        let batches = rollout.batches();
        rollout.starts_left = starts.len() * batches.len();
        if let Packaging::Takes(packaging) = rollout.plan.packaging {
            for after in starts {
                for (batches_left, batch) in (1..).zip(batches.iter().rev()) {
                    let at = packaging.saturating_add(after).saturating_add(*batch);
                    rollout.schedule(at, Event::Start { after, batches_left });
                }
            }
        }
        for (region, plan) in regions().enumerate() {
            for step in &plan.scaling {
                rollout.schedule(step.at, Event::Scale { region, machines: step.machines });
            }
        }
        rollout.advance(Duration::ZERO);
        rollout
    }

    /// Advances the time to `moment` after the start; an earlier moment changes nothing.
    pub fn advance(&mut self, moment: Duration) {
        while let Some(Reverse((at, ..))) = self.events.peek()
            && *at <= moment
            && let Some(Reverse((at, _, event))) = self.events.pop()
        {
            self.now = at;
            self.apply(event);
        }
        self.now = self.now.max(moment);
    }

    /// Returns what the service counts now.
    pub fn status(&self, detail: bool) -> ImageStatus {
        match detail {
            false => ImageStatus::new(self.fleet.counts()),
            true => self.fleet.detailed_status(),
        }
    }

    /// Returns true if the counts describe the new version in every region, which no response says.
    pub const fn has_started(&self) -> bool {
        self.starts_left == 0
    }

    /// Returns true if every running machine has the new version, which is what a caller wants to know.
    pub fn is_complete(&self) -> bool {
        let counts = self.fleet.counts();
        self.has_started() && counts.pending_machines() == 0 && counts.completed_machines() > 0
    }

    /// Returns the time of the next change; `None` if nothing changes any more.
    pub fn next_change(&self) -> Option<Duration> {
        self.events.peek().map(|Reverse((at, ..))| *at)
    }

    fn schedule(&mut self, at: Duration, event: Event) {
        self.events_so_far += 1;
        self.events.push(Reverse((at, self.events_so_far, event)));
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Start { after, batches_left } => self.start(after, batches_left),
            Event::Scale { region, machines } => self.scale(region, machines),
            Event::Installed(ticket) => self.finish_install(ticket),
            Event::Removed(ticket) if self.is_valid(ticket) => {
                let region = self.fleet.machine(ticket.machine).region;
                self.fleet.change(ticket.machine, State::Gone);
                self.boot(region);
            }
            Event::Retried(ticket) if self.is_valid(ticket) => self.pend(ticket.machine),
            Event::Removed(_) | Event::Retried(_) => {}
        }
        self.start_installs();
    }

    /// Returns how long after the start of a region each of its batches starts.
    fn batches(&mut self) -> Vec<Duration> {
        let mut starts = vec![Duration::ZERO];
        if let Some(BatchesPlan { count, apart }) = self.plan.batches {
            let mut after = Duration::ZERO;
            for _ in 1..count {
                after = after.saturating_add(apart.draw(&mut self.random));
                starts.push(after);
            }
        }
        starts
    }

    /// Starts the next batch in the regions with this delay: its machines have an install of the new version pending.
    /// Machines that boot there from now on install it as well.
    fn start(&mut self, after: Duration, batches_left: u64) {
        self.starts_left -= 1;
        let regions: Vec<_> = (0..self.delays.len()).filter(|region| self.delays[*region] == after).collect();
        for region in &regions {
            if !std::mem::replace(&mut self.started[*region], true) {
                self.fleet.choose_failing(*region, &mut self.random);
            }
        }
        let mut outdated = self.fleet.outdated_in(&regions);
        shuffle(&mut outdated, &mut self.random);
        let batch = (outdated.len() as u64).div_ceil(batches_left);
        for machine in outdated.into_iter().take(usize::try_from(batch).unwrap_or(usize::MAX)) {
            if self.fleet.machine(machine).state == State::Installing {
                self.installing -= 1;
            }
            self.fleet.update(machine);
            self.pend(machine);
        }
    }

    fn scale(&mut self, region: usize, machines: u64) {
        let mut running: Vec<_> = self.fleet.running_in(region).collect();
        let have = running.len() as u64;
        (have..machines).for_each(|_| self.boot(region));
        shuffle(&mut running, &mut self.random);
        let surplus = usize::try_from(have.saturating_sub(machines)).unwrap_or(usize::MAX);
        for machine in running.into_iter().take(surplus) {
            if self.fleet.machine(machine).state == State::Installing {
                self.installing -= 1;
            }
            self.fleet.change(machine, State::Gone);
        }
    }

    fn boot(&mut self, region: usize) {
        let machine = self.fleet.boot(region, self.started[region]);
        self.queue.push_back(self.ticket(machine));
    }

    fn pend(&mut self, machine: usize) {
        self.fleet.change(machine, State::Queued);
        self.queue.push_back(self.ticket(machine));
    }

    /// Starts as many of the queued installs as may run at the same time.
    fn start_installs(&mut self) {
        while self.plan.parallel_installs.is_none_or(|most| self.installing < most)
            && let Some(ticket) = self.queue.pop_front()
        {
            if self.is_valid(ticket) {
                self.installing += 1;
                self.fleet.change(ticket.machine, State::Installing);
                let takes = self.draw_install(self.fleet.machine(ticket.machine).region);
                let event = Event::Installed(self.ticket(ticket.machine));
                self.schedule(self.now.saturating_add(takes), event);
            }
        }
    }

    fn finish_install(&mut self, ticket: Ticket) {
        if !self.is_valid(ticket) {
            return;
        }
        self.installing -= 1;
        let FailurePlan { share, removed_after, retried_after } = self.plan.failure;
        let fails_by_chance = share > 0.0 && self.random.random_bool(share);
        if !(self.fleet.take_failing(ticket.machine) || fails_by_chance) {
            self.fleet.change(ticket.machine, State::Completed);
            return;
        }
        self.fleet.change(ticket.machine, State::Failed);
        let ticket = self.ticket(ticket.machine);
        let removal = removed_after.map(|after| (after, Event::Removed(ticket)));
        let retry = retried_after.map(|after| (after, Event::Retried(ticket)));
        if let Some((after, event)) = removal.or(retry) {
            self.schedule(self.now.saturating_add(after), event);
        }
    }

    fn draw_install(&mut self, region: usize) -> Duration {
        let InstallPlan { median, spread } = self.installs[region];
        // A validated spread gives a distribution; without one every install takes the median.
        let factor = LogNormal::new(0.0, spread).map_or(1.0, |distribution| distribution.sample(&mut self.random));
        Duration::try_from_secs_f64(median.as_secs_f64() * factor).unwrap_or(median)
    }

    fn ticket(&self, machine: usize) -> Ticket {
        Ticket { machine, change: self.fleet.machine(machine).changes }
    }

    fn is_valid(&self, ticket: Ticket) -> bool {
        self.fleet.machine(ticket.machine).changes == ticket.change
    }
}

fn shuffle(machines: &mut [usize], random: &mut ChaCha8Rng) {
    for last in (1..machines.len()).rev() {
        machines.swap(last, random.random_range(0..=last));
    }
}
