//! Evidence that the counts are the new version's.
//!
//! The service's response names no version. The sign of a rollout is a burst: many machines leave the completed state in
//! one step, because each has an install pending. Machines that are replaced do so a few at a time, which proves nothing
//! however long it lasts. A rollout may come in stages (one region after another) and in batches, so the bursts of each
//! region add up. What two consecutive readings of one view (the counts as one replica reports them) show is certain. For
//! some time after the last burst nothing is final, because the next response may be older than the burst.
//!
//! No counts tell apart a rollout from a reboot of the whole fleet, or one machine that is updated from one that is
//! replaced.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::view::{Counted, Shown, View, is_clear};
use crate::gate::{Gate, Percentage, Scope};
use crate::status::{ImageStatus, MachineCounts};

/// The most views that are kept.
const MOST_VIEWS: usize = 4;

/// With less than this share of the machines seen to start, another batch may follow, in percent.
const ALL_BUT_STRAYS: u128 = 95;

/// The evidence for all that a gate selects: each region, each fleet without regions, and all of them together.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Evidence {
    share: Percentage,
    /// How long after the last burst nothing is final: no replica is expected to lag more, so a view that no reading has
    /// continued for this long is forgotten.
    settle: Duration,
    /// Whether regions are told apart: not if there is a baseline without them.
    uses_detail: bool,
    /// The place of each part in the lists below and in each view.
    #[serde(with = "pairs")]
    places: BTreeMap<PartId, usize>,
    /// The names of the parts for people.
    names: Vec<String>,
    /// The views of the image, the one that the last reading continued at the end; none before the first counts.
    views: Vec<View>,
    /// The machines that were certainly seen to start in each part, and in the whole where there were no parts.
    certain: Vec<u64>,
    certain_in_whole: u64,
    last_burst: Option<Duration>,
    last_activity: Duration,
    is_seen: bool,
}

/// The IDs of a fleet and of its region; the latter is empty for a fleet without regions.
type PartId = (String, String);

impl Evidence {
    /// Returns the evidence so far: a baseline, if there is one.
    pub(crate) fn new(share: Percentage, settle: Duration, before: Option<(&Gate, &ImageStatus)>) -> Self {
        let mut evidence = Self {
            share,
            settle,
            uses_detail: true,
            places: BTreeMap::new(),
            names: Vec::new(),
            views: Vec::new(),
            certain: Vec::new(),
            certain_in_whole: 0,
            last_burst: None,
            last_activity: Duration::ZERO,
            is_seen: false,
        };
        if let Some((gate, status)) = before
            && let Some(counted) = evidence.count(gate, status)
        {
            evidence.uses_detail = !counted.parts.is_empty();
            evidence.views.push(View::new(Duration::ZERO, &counted));
        }
        evidence
    }

    /// Returns true if each part has its place: what was read from a file may be damaged.
    pub(crate) fn is_consistent(&self) -> bool {
        let parts = self.names.len();
        let are_placed = self.places.len() == parts && self.places.values().all(|place| *place < parts);
        are_placed && self.certain.len() == parts && self.views.iter().all(|view| view.parts.len() <= parts)
    }

    /// Returns true if the next reading needs detail, to see each part start.
    pub(crate) const fn needs_detail(&self) -> bool {
        self.uses_detail && !self.is_seen
    }

    pub(crate) const fn is_seen(&self) -> bool {
        self.is_seen
    }

    /// Returns true if the next reading may complete the evidence.
    pub(crate) fn is_near(&self) -> bool {
        let Some(view) = self.views.last().filter(|_| !self.is_seen) else { return false };
        let likely = view.parts.iter().zip(&self.certain).map(|(part, certain)| part.started.max(*certain));
        self.is_shown(&likely.collect::<Vec<_>>(), view.whole.started.max(self.certain_in_whole))
    }

    /// Returns when the rollout last showed any activity.
    pub(crate) const fn last_activity(&self) -> Duration {
        self.last_activity
    }

    /// Returns the names of the parts that were not seen to start, if others were.
    pub(crate) fn laggards(&self) -> Vec<&str> {
        let have_others_started = self.certain.iter().any(|certain| *certain > 0);
        let Some(view) = self.views.last().filter(|_| have_others_started) else { return Vec::new() };
        let parts = view.parts.iter().zip(&self.certain).zip(&self.names);
        parts.filter(|((part, certain), _)| !part.is_shown_by(**certain)).map(|(_, name)| name.as_str()).collect()
    }

    /// Returns how many of the machines that were completed before were seen to start, and how many there are.
    pub(crate) fn machines_seen(&self) -> (u64, u64) {
        let view = self.views.last();
        view.map_or((0, 0), |view| (seen(view, &self.certain, self.certain_in_whole), view.needed()))
    }

    /// Returns for how long neither ready nor failed is final yet; `None` once the counts have settled.
    pub(crate) fn unsettled_for(&self, now: Duration) -> Option<Duration> {
        let (last_burst, view) = (self.last_burst?, self.views.last()?);
        let (seen, needed) = self.machines_seen();
        let is_complete = u128::from(seen) * 100 >= u128::from(needed) * ALL_BUT_STRAYS;
        // The next batch may come later than any before, but hardly by much.
        let next_batch = if is_complete { Duration::ZERO } else { view.longest_gap.saturating_mul(13) / 10 };
        let settled = last_burst.saturating_add(self.settle.max(next_batch));
        settled.checked_sub(now).filter(|left| !left.is_zero())
    }

    /// Takes a reading, and returns true if it returns to an earlier state. While the counts are only assumed to be the
    /// new version's, only readings shortly after one another count.
    pub(crate) fn observe(&mut self, now: Duration, gate: &Gate, status: &ImageStatus, is_assumed: bool) -> bool {
        let Some(counted) = self.count(gate, status) else { return false };
        let Some(last) = self.views.last_mut() else {
            self.views.push(View::new(now, &counted));
            return false;
        };
        if counted.whole.total_machines() == 0 && last.whole.is_running() {
            // One reading without machines is transient.
            last.whole.observe(counted.whole);
            return false;
        }
        let is_inconsistent = self.choose_view(now, &counted);
        let Some(view) = self.views.last_mut() else { return false };
        let before = view.clone();
        let Shown { is_burst, is_activity } = view.observe(now, &counted, is_assumed);
        if !is_inconsistent {
            // What the reading before showed is certain, now that this one continues it.
            for (certain, part) in self.certain.iter_mut().zip(&before.parts) {
                *certain = part.started.max(*certain);
            }
            self.certain_in_whole = before.whole.started.max(self.certain_in_whole);
        }
        if is_activity {
            self.last_activity = self.last_activity.max(now);
        }
        if is_burst {
            self.last_burst = self.last_burst.max(Some(now));
            // The next response may come from a replica that does not know of it yet.
            self.views.insert(self.views.len() - 1, before);
            let surplus = self.views.len().saturating_sub(MOST_VIEWS);
            self.views.drain(..surplus);
        }
        self.is_seen |= self.is_shown(&self.certain, self.certain_in_whole);
        is_inconsistent
    }

    /// Moves the view that a reading continues to the end, and returns true if it is a different view than before: if that
    /// view is much nearer, and the change is larger than single machines make it.
    fn choose_view(&mut self, now: Duration, counted: &Counted) -> bool {
        let last = self.views.len() - 1;
        let distance = |index: &usize| self.views[*index].distance(counted);
        let is_recent = |index: &usize| now.saturating_sub(self.views[*index].last_reading) <= self.settle;
        let nearest = (0..last).rev().filter(is_recent).min_by_key(distance);
        let change = distance(&last);
        let total = counted.whole.total_machines();
        let is_clear = is_clear(change / 2, total);
        let Some(nearest) = nearest.filter(|nearest| is_clear && distance(nearest) < change / 2) else { return false };
        let view = self.views.remove(nearest);
        self.views.push(view);
        true
    }

    /// Returns the counts of a status in the order of the places; `None` if it lacks what the gate judges.
    fn count(&mut self, gate: &Gate, status: &ImageStatus) -> Option<Counted> {
        let whole = gate.judged_counts(status)?;
        let mut parts = Vec::new();
        let found = if self.uses_detail { gate.selected_parts(status) } else { Vec::new() };
        if !found.is_empty() {
            parts.resize(self.names.len(), MachineCounts::default());
        }
        for (scope, counts) in found {
            let place = *self.places.entry(id(&scope)).or_insert(self.names.len());
            if place == self.names.len() {
                self.names.push(scope.to_string());
                self.certain.push(0);
                parts.push(counts);
            } else {
                parts[place] = counts;
            }
        }
        Some(Counted { whole, parts })
    }

    /// Returns true if these numbers of machines, seen to start in each part and in the whole, are evidence.
    fn is_shown(&self, parts: &[u64], whole: u64) -> bool {
        let Some(view) = self.views.last() else { return false };
        let is_whole_shown = seen(view, parts, whole) >= self.share.of_at_least(view.needed()).max(1);
        let shown = view.parts.iter().zip(parts).all(|(part, started)| part.is_shown_by(*started));
        is_whole_shown && (!view.had_parts || shown)
    }
}

/// Returns how many of the machines that were completed before, and are still there, are among those seen to start in
/// each part and in the whole.
fn seen(view: &View, parts: &[u64], whole: u64) -> u64 {
    let parts = view.parts.iter().zip(parts).map(|(part, started)| part.needed().min(*started));
    parts.fold(whole, u64::saturating_add).min(view.needed())
}

/// The places as a list of pairs: keys in JSON are always texts.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::PartId;

    pub(super) fn serialize<S: Serializer>(places: &BTreeMap<PartId, usize>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(places)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<PartId, usize>, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}

fn id(scope: &Scope) -> PartId {
    match scope {
        Scope::Region { fleet_id, region_id, .. } => (fleet_id.clone(), region_id.clone()),
        Scope::Fleet { fleet_id } => (fleet_id.clone(), String::new()),
        Scope::Total | Scope::Selection | Scope::Unaccounted | Scope::Missing(_) => PartId::default(),
    }
}
