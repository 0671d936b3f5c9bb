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

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::gate::{Percentage, Scope, Verdict};
use crate::status::MachineCounts;

/// How long a machine that ceased to be completed counts: machines that come and go one by one never add up.
const WHILE: Duration = Duration::from_secs(5 * 60);

/// A step in which few machines come and go unseen.
const SHORT_STEP: Duration = Duration::from_secs(30);

/// What was seen of all that a gate judges, taken together, and of each part that it judges on its own: a part that has not
/// begun is completed with the previous version, whatever the others do.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    share: Percentage,
    whole: Trace,
    parts: BTreeMap<PartId, Trace>,
    is_seen: bool,
}

/// The id of a fleet, and that of its region where regions are judged.
type PartId = (String, Option<String>);

impl Evidence {
    pub(crate) fn new(baseline: Option<(MachineCounts, Verdict)>, share: Percentage, is_seen: bool) -> Self {
        let (whole, verdict) = baseline.unzip();
        let parts = verdict.iter().flat_map(parts).map(|(_, id, counts)| (id, Trace::new(Some(counts)))).collect();
        Self { share, whole: Trace::new(whole), parts, is_seen }
    }

    /// Returns the first part that shows nothing yet while the whole does.
    pub(crate) fn laggard<'a>(&self, verdict: &'a Verdict) -> Option<&'a Scope> {
        let shows =
            |id: &PartId, counts| self.parts.get(id).is_none_or(|trace| trace.is_seen || trace.cannot_show(counts));
        let lagging = parts(verdict).find(|(_, id, counts)| !shows(id, *counts));
        lagging.filter(|_| self.whole.is_seen).map(|(scope, ..)| scope)
    }

    /// Returns true where the next reading may prove it.
    pub(crate) fn is_near(&self) -> bool {
        !self.is_seen && self.traces().any(|trace| trace.was_shown && !trace.is_seen)
    }

    pub(crate) const fn is_seen(&self) -> bool {
        self.is_seen
    }

    /// Takes the counts of a reading, and what a gate says of it. While the counts are believed for want of better
    /// (`is_assumed`), readings are rarer, and only short steps between them prove something.
    pub(crate) fn observe(&mut self, elapsed: Duration, counts: MachineCounts, verdict: &Verdict, is_assumed: bool) {
        let longest = if is_assumed { SHORT_STEP } else { WHILE };
        self.whole.observe(elapsed, counts, self.share, longest);
        let mut are_seen = true;
        for (_, id, counts) in parts(verdict) {
            let trace = self.parts.entry(id).or_insert_with(|| Trace::new(None));
            trace.observe(elapsed, counts, self.share, longest);
            are_seen &= trace.is_seen || trace.cannot_show(counts);
        }
        self.is_seen |= self.whole.is_seen && are_seen;
    }

    fn traces(&self) -> impl Iterator<Item = &Trace> {
        self.parts.values().chain([&self.whole])
    }
}

/// Returns the parts that a verdict judges on their own.
fn parts(verdict: &Verdict) -> impl Iterator<Item = (&Scope, PartId, MachineCounts)> {
    verdict.scopes().iter().filter_map(|judged| {
        let id = match judged.scope() {
            Scope::Fleet { fleet_id } => (fleet_id.clone(), None),
            Scope::Region { fleet_id, region_id, .. } => (fleet_id.clone(), Some(region_id.clone())),
            Scope::Total | Scope::Selection | Scope::Unaccounted | Scope::Missing(_) => return None,
        };
        Some((judged.scope(), id, judged.counts()?))
    })
}

/// How the counts of one part went.
#[derive(Clone, Debug)]
struct Trace {
    /// The counts of the reading before, or of the baseline.
    before: Option<MachineCounts>,
    /// When the reading before was taken; a baseline is taken for one from the beginning of the wait.
    at: Option<Duration>,
    /// Machines that ceased to be completed for no reason but a rollout, and when.
    ceased: VecDeque<(Duration, u64)>,
    /// Machines were completed when it was first seen.
    had_completed: bool,
    /// The reading before would have shown it: one odd reading is none.
    was_shown: bool,
    is_seen: bool,
}

impl Trace {
    fn new(before: Option<MachineCounts>) -> Self {
        let had_completed = before.is_some_and(|counts| counts.completed_machines() > 0);
        Self { before, at: None, ceased: VecDeque::new(), had_completed, was_shown: false, is_seen: false }
    }

    fn observe(&mut self, elapsed: Duration, counts: MachineCounts, share: Percentage, longest: Duration) {
        if counts.total_machines() == 0 {
            // What is read between two states says nothing of either.
            return;
        }
        let at = self.at.replace(elapsed).unwrap_or_default();
        // At first sight, machines that are pending may as well be a fleet that grows on the old version.
        let Some(before) = self.before.replace(counts) else {
            self.had_completed = counts.completed_machines() > 0;
            return;
        };
        let ceased = ceased(before, counts);
        // Over a long step machines come and go unseen, so that it proves nothing.
        if ceased > 0 && elapsed.saturating_sub(at) <= longest {
            self.ceased.push_back((elapsed, ceased));
        }
        while self.ceased.front().is_some_and(|(at, _)| elapsed.saturating_sub(*at) > WHILE) {
            self.ceased.pop_front();
        }
        let ceased = self.ceased.iter().fold(0, |sum: u64, (_, machines)| sum.saturating_add(*machines));
        // Those that ceased to be completed lately were completed before: the share is of them and of those that are.
        let needed = share.of_at_least(ceased.saturating_add(counts.completed_machines())).max(1);
        let is_shown = ceased >= needed && is_mostly_pending(counts, share);
        self.is_seen |= is_shown && self.was_shown;
        self.was_shown = is_shown;
    }

    /// Returns true where nothing will ever be seen of it: nothing could cease to be completed, or nothing runs.
    const fn cannot_show(&self, counts: MachineCounts) -> bool {
        !self.had_completed || counts.pending_machines() + counts.completed_machines() == 0
    }
}

fn is_mostly_pending(counts: MachineCounts, share: Percentage) -> bool {
    counts.pending_machines() >= share.of_at_least(counts.total_machines()).max(1)
}

/// Returns how many machines ceased to be completed in a step without having gone away or failed.
fn ceased(before: MachineCounts, after: MachineCounts) -> u64 {
    let fallen = before.completed_machines().saturating_sub(after.completed_machines());
    let gone = before.total_machines().saturating_sub(after.total_machines());
    let failed = after.failed_machines().saturating_sub(before.failed_machines());
    fallen.saturating_sub(gone).saturating_sub(failed)
}
