//! Evidence that the counts are the new version's.
//!
//! The service's response names no version. The sign of a rollout is that many machines leave the completed state at
//! about the same time: at its start every machine has an install pending. Scaling causes false signs. A machine that
//! boots installs the old version and counts as pending, and a machine that is removed is no longer completed. So a
//! reading shows a rollout only if both hold: within a few minutes more machines left the completed state than were
//! removed or failed meanwhile, and as large a share is pending now. The next reading must show the same.
//!
//! This cannot distinguish a rollout of one machine from one machine that is replaced between two readings.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::gate::{Percentage, Scope, Verdict};
use crate::status::MachineCounts;

/// How long a machine that left the completed state counts: machines that come and go one by one never add up.
const WINDOW: Duration = Duration::from_secs(5 * 60);

/// Between readings so close to each other, few machines come and go unnoticed.
const SHORT_STEP: Duration = Duration::from_secs(30);

/// The evidence for all that a gate judges, taken together, and for each part that it judges on its own: a part that
/// has not started is still completed with the previous version, whatever the others show.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    share: Percentage,
    whole: Trace,
    parts: BTreeMap<PartId, Trace>,
    is_seen: bool,
}

/// The id of a fleet, and that of its region if regions are judged.
type PartId = (String, Option<String>);

impl Evidence {
    pub(crate) fn new(baseline: Option<(MachineCounts, Verdict)>, share: Percentage, is_seen: bool) -> Self {
        let (whole, verdict) = baseline.unzip();
        let parts = verdict.iter().flat_map(parts).map(|(_, id, counts)| (id, Trace::new(Some(counts)))).collect();
        Self { share, whole: Trace::new(whole), parts, is_seen }
    }

    /// Returns the first part without evidence, if the whole has it.
    pub(crate) fn laggard<'a>(&self, verdict: &'a Verdict) -> Option<&'a Scope> {
        let shows =
            |id: &PartId, counts| self.parts.get(id).is_none_or(|trace| trace.is_seen || trace.cannot_show(counts));
        let lagging = parts(verdict).find(|(_, id, counts)| !shows(id, *counts));
        lagging.filter(|_| self.whole.is_seen).map(|(scope, ..)| scope)
    }

    /// Returns true if the next reading may complete the evidence.
    pub(crate) fn is_near(&self) -> bool {
        !self.is_seen && self.traces().any(|trace| trace.was_shown && !trace.is_seen)
    }

    pub(crate) const fn is_seen(&self) -> bool {
        self.is_seen
    }

    /// Takes the counts of a reading and its verdict. While the counts are only assumed to be the new version's,
    /// readings are rarer, and only those shortly after one another count.
    pub(crate) fn observe(&mut self, elapsed: Duration, counts: MachineCounts, verdict: &Verdict, is_assumed: bool) {
        let longest = if is_assumed { SHORT_STEP } else { WINDOW };
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

/// The history of the counts of one part.
#[derive(Clone, Debug)]
struct Trace {
    /// The counts of the reading before, or of the baseline.
    before: Option<MachineCounts>,
    /// The time of the reading before; a baseline counts as one at the beginning of the wait.
    at: Option<Duration>,
    /// Machines that left the completed state without being removed or failing, and when.
    departures: VecDeque<(Duration, u64)>,
    /// Whether machines were completed in the first reading.
    had_completed: bool,
    /// Whether the reading before showed a rollout: a single reading is not enough.
    was_shown: bool,
    is_seen: bool,
}

impl Trace {
    fn new(before: Option<MachineCounts>) -> Self {
        let had_completed = before.is_some_and(|counts| counts.completed_machines() > 0);
        Self { before, at: None, departures: VecDeque::new(), had_completed, was_shown: false, is_seen: false }
    }

    fn observe(&mut self, elapsed: Duration, counts: MachineCounts, share: Percentage, longest: Duration) {
        if counts.total_machines() == 0 {
            // A reading without machines is a transient one.
            return;
        }
        let at = self.at.replace(elapsed).unwrap_or_default();
        // In the first reading, pending machines may belong to a fleet that grows on the old version.
        let Some(before) = self.before.replace(counts) else {
            self.had_completed = counts.completed_machines() > 0;
            return;
        };
        let departed = departed(before, counts);
        // Between readings far apart machines come and go unnoticed, which is no evidence.
        if departed > 0 && elapsed.saturating_sub(at) <= longest {
            self.departures.push_back((elapsed, departed));
        }
        while self.departures.front().is_some_and(|(at, _)| elapsed.saturating_sub(*at) > WINDOW) {
            self.departures.pop_front();
        }
        let departed = self.departures.iter().fold(0, |sum: u64, (_, machines)| sum.saturating_add(*machines));
        // The share is of the machines that were completed: those that left lately, and those that still are.
        let needed = share.of_at_least(departed.saturating_add(counts.completed_machines())).max(1);
        let is_shown = departed >= needed && is_mostly_pending(counts, share);
        self.is_seen |= is_shown && self.was_shown;
        self.was_shown = is_shown;
    }

    /// Returns true if there can be no evidence: no machine was completed before, or none runs.
    const fn cannot_show(&self, counts: MachineCounts) -> bool {
        !self.had_completed || counts.pending_machines() + counts.completed_machines() == 0
    }
}

fn is_mostly_pending(counts: MachineCounts, share: Percentage) -> bool {
    counts.pending_machines() >= share.of_at_least(counts.total_machines()).max(1)
}

/// Returns how many machines left the completed state between two readings without being removed or failing.
fn departed(before: MachineCounts, after: MachineCounts) -> u64 {
    let fallen = before.completed_machines().saturating_sub(after.completed_machines());
    let gone = before.total_machines().saturating_sub(after.total_machines());
    let failed = after.failed_machines().saturating_sub(before.failed_machines());
    fallen.saturating_sub(gone).saturating_sub(failed)
}
