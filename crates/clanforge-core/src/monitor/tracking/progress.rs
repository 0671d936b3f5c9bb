//! Whether a rollout makes progress.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::status::MachineCounts;

/// The best counts so far, and for how long they have not improved.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Progress {
    marks: Option<Marks>,
    idle: Duration,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Marks {
    most_completed: u64,
    fewest_pending: u64,
    machines: u64,
}

impl Progress {
    /// Takes the counts of a reading, and how much of the time since the one before counts.
    pub(crate) fn observe(&mut self, counts: MachineCounts, time: Duration) {
        let (pending, completed) = (counts.pending_machines(), counts.completed_machines());
        let machines = counts.total_machines();
        let fresh = Marks { most_completed: completed, fewest_pending: pending, machines };
        let Some(marks) = &mut self.marks else {
            self.marks = Some(fresh);
            return;
        };
        if machines > marks.machines {
            // Booting machines are pending, so the minimum starts again.
            marks.fewest_pending = pending;
        }
        let is_better = completed > marks.most_completed || pending < marks.fewest_pending;
        self.idle = if is_better { Duration::ZERO } else { self.idle.saturating_add(time) };
        *marks = Marks {
            most_completed: marks.most_completed.max(completed),
            fewest_pending: marks.fewest_pending.min(pending),
            machines,
        };
    }

    /// Resets the time without progress: the rollout is active, whatever the best counts are.
    pub(crate) const fn resume(&mut self) {
        self.idle = Duration::ZERO;
    }

    /// Returns how long there has been no progress.
    pub(crate) const fn idle(&self) -> Duration {
        self.idle
    }
}
