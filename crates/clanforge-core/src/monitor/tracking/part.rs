//! One part of an image as one view of it shows it: a region, a fleet without regions, or the whole.

use serde::{Deserialize, Serialize};

use crate::gate::Percentage;
use crate::status::MachineCounts;

/// The share of its machines that must have been seen to start in a part.
const SHARE: Percentage = Percentage::HALF;

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Part {
    /// Whether machines were completed before the rollout, so that the part can be seen to start.
    was_running: bool,
    /// The counts of the reading before, or of the baseline.
    before: MachineCounts,
    /// The counts of the last reading, transient or not.
    last: MachineCounts,
    /// The machines that were completed before the first burst.
    completed_before: u64,
    /// The machines of all bursts.
    pub(crate) started: u64,
}

/// How the machines of a part moved from one reading to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moves {
    /// Machines that left the completed state without being removed or failing.
    pub(crate) departed: u64,
    /// How many more machines are completed.
    pub(crate) returned: u64,
    /// The machines that were completed before, without those that were removed.
    pub(crate) completed: u64,
    /// All machines that there are now.
    pub(crate) total: u64,
}

impl Part {
    pub(crate) const fn new(counts: MachineCounts, is_before_the_rollout: bool) -> Self {
        Self {
            was_running: is_before_the_rollout && counts.completed_machines() > 0,
            before: counts,
            last: counts,
            completed_before: counts.completed_machines(),
            started: 0,
        }
    }

    /// Returns a part that was not there before.
    pub(crate) const fn new_arrival(counts: MachineCounts) -> Self {
        Self { completed_before: 0, ..Self::new(counts, false) }
    }

    /// Takes the counts of a reading, and returns how the machines moved. One reading without machines is transient, and
    /// nothing moves.
    pub(crate) fn observe(&mut self, counts: MachineCounts) -> Moves {
        let was_empty = std::mem::replace(&mut self.last, counts).total_machines() == 0;
        if counts.total_machines() == 0 && !was_empty {
            return Moves::default();
        }
        let before = std::mem::replace(&mut self.before, counts);
        let fallen = before.completed_machines().saturating_sub(counts.completed_machines());
        let gone = before.total_machines().saturating_sub(counts.total_machines());
        let failed = counts.failed_machines().saturating_sub(before.failed_machines());
        // The counts do not say which machines were removed: as many as possible are taken for completed ones, which
        // need not start.
        let removed = fallen.min(gone);
        self.completed_before = self.completed_before.saturating_sub(removed);
        Moves {
            departed: fallen.saturating_sub(gone).saturating_sub(failed),
            returned: counts.completed_machines().saturating_sub(before.completed_machines()),
            completed: before.completed_machines() - removed,
            total: counts.total_machines(),
        }
    }

    /// Updates how many machines are completed, until something starts. Machines of a part that was not there before
    /// count only until another part starts: they may have booted with the new version.
    pub(crate) const fn follow_completed(&mut self, has_any_started: bool) {
        if self.started == 0 && (self.was_running || !has_any_started) {
            self.completed_before = self.before.completed_machines();
        }
    }

    /// Returns true if the last reading had machines here.
    pub(crate) const fn is_running(&self) -> bool {
        self.last.total_machines() > 0
    }

    /// Returns how many machines were completed before and are still there.
    pub(crate) fn needed(&self) -> u64 {
        self.completed_before.min(self.before.total_machines())
    }

    /// Returns true if this number of machines that were seen to start is enough, or if the part has nothing to show: nothing
    /// was completed before, or nothing runs any more.
    pub(crate) fn is_shown_by(&self, started: u64) -> bool {
        let running = self.before.total_machines() - self.before.failed_machines();
        !self.was_running || running == 0 || started >= SHARE.of_at_least(self.needed()).max(1)
    }

    /// Returns by how many machines other counts differ.
    pub(crate) fn distance(&self, counts: MachineCounts) -> u64 {
        let pending = self.before.pending_machines().abs_diff(counts.pending_machines());
        let failed = self.before.failed_machines().abs_diff(counts.failed_machines());
        let completed = self.before.completed_machines().abs_diff(counts.completed_machines());
        pending.saturating_add(failed).saturating_add(completed)
    }
}

impl Moves {
    /// Returns the moves of two parts taken together: machines that move from one to the other cancel out.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            departed: self.departed.saturating_add(other.departed),
            returned: self.returned.saturating_add(other.returned),
            completed: self.completed.saturating_add(other.completed),
            total: self.total.saturating_add(other.total),
        }
    }

    /// Returns true if at least half of the machines that were completed left that state.
    pub(crate) const fn is_half(self) -> bool {
        self.departed > 0 && self.departed >= self.completed.div_ceil(2)
    }
}
