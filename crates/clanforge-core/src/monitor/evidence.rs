//! Evidence that the counts are the new version's.
//!
//! The service's response names no version. What gives a rollout away is that machines which were completed are no
//! longer, all at about the same time: at its start every machine has an install pending. The scaling system confuses
//! the picture in two ways. A machine that boots installs the old version and counts as pending, and a machine that is
//! taken away is completed no longer. So two things must come together in one reading: within a short while more
//! machines ceased to be completed than went away or failed in the same step, and as large a share is pending now; and the
//! next reading shows the same.
//!
//! What this cannot tell apart: a rollout of one machine, and one machine that is replaced within a step.

use std::collections::VecDeque;
use std::time::Duration;

use crate::counts::MachineCounts;
use crate::percentage::Percentage;

/// How long a machine that ceased to be completed counts: machines that come and go one by one never add up.
const WHILE: Duration = Duration::from_secs(5 * 60);

/// A step in which few machines come and go unseen.
const SHORT_STEP: Duration = Duration::from_secs(30);

#[derive(Clone, Debug)]
pub(super) struct Evidence {
    share: Percentage,
    /// The counts of the reading before, or of the baseline.
    before: Option<MachineCounts>,
    /// When the reading before was taken; a baseline is taken for one from the beginning of the wait.
    at: Option<Duration>,
    /// Machines that ceased to be completed for no reason but a rollout, and when.
    ceased: VecDeque<(Duration, u64)>,
    /// The reading before would have shown it: one odd reading is none.
    was_shown: bool,
    is_seen: bool,
}

impl Evidence {
    pub(super) const fn new(baseline: Option<MachineCounts>, share: Percentage, is_seen: bool) -> Self {
        Self { share, before: baseline, at: None, ceased: VecDeque::new(), was_shown: false, is_seen }
    }

    /// Returns true where the next reading may prove it.
    pub(super) const fn is_near(&self) -> bool {
        self.was_shown && !self.is_seen
    }

    pub(super) const fn is_seen(&self) -> bool {
        self.is_seen
    }

    /// Takes the counts of a reading. While the counts are believed for want of better (`is_assumed`), readings are rarer, and
    /// only short steps between them prove something.
    pub(super) fn observe(&mut self, elapsed: Duration, counts: MachineCounts, is_assumed: bool) {
        if counts.total_machines() == 0 {
            // What is read between two states says nothing of either.
            return;
        }
        let at = self.at.replace(elapsed).unwrap_or_default();
        // At first sight, machines that are pending may as well be a fleet that grows on the old version.
        let Some(before) = self.before.replace(counts) else { return };
        let ceased = ceased(before, counts);
        // Over a long step machines come and go unseen, so that it proves nothing.
        let longest = if is_assumed { SHORT_STEP } else { WHILE };
        if ceased > 0 && elapsed.saturating_sub(at) <= longest {
            self.ceased.push_back((elapsed, ceased));
        }
        while self.ceased.front().is_some_and(|(at, _)| elapsed.saturating_sub(*at) > WHILE) {
            self.ceased.pop_front();
        }
        let ceased = self.ceased.iter().fold(0, |sum: u64, (_, machines)| sum.saturating_add(*machines));
        // Those that ceased to be completed lately were completed before: the share is of them and of those that are.
        let needed = self.share.of_at_least(ceased.saturating_add(counts.completed_machines())).max(1);
        let is_shown = ceased >= needed && self.is_mostly_pending(counts);
        self.is_seen |= is_shown && self.was_shown;
        self.was_shown = is_shown;
    }

    fn is_mostly_pending(&self, counts: MachineCounts) -> bool {
        counts.pending_machines() >= self.share.of_at_least(counts.total_machines()).max(1)
    }
}

/// Returns how many machines ceased to be completed in a step without having gone away or failed.
fn ceased(before: MachineCounts, after: MachineCounts) -> u64 {
    let fallen = before.completed_machines().saturating_sub(after.completed_machines());
    let gone = before.total_machines().saturating_sub(after.total_machines());
    let failed = after.failed_machines().saturating_sub(before.failed_machines());
    fallen.saturating_sub(gone).saturating_sub(failed)
}
