//! The caller's own definition of ready.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::counts::MachineCounts;
use crate::limit::Limit;
use crate::status::{FleetStatus, ImageStatus, RegionRow};
use crate::summary::sum_of_parts;
use crate::verdict::{Missing, Scope, ScopeVerdict, Verdict};

/// The caller's own definition of ready: three limits, one for each count, and where they apply.
///
/// A status passes when in every scope that [`per`](Self::per) names the pending and the failed machines are no more,
/// and the completed machines no fewer, than the gate says, all in one reading. The default is strict: nothing pending,
/// nothing failed, at least one machine completed, judged by the counts of the whole image.
///
/// What the gate names and the reading does not have is never ready: a selected fleet or region that is absent, detail
/// that was not asked for, a fleet whose machines are in no region. Pending and failed machines that a whole states and
/// its parts do not are judged as a scope of their own. `min_completed = 0` is how a caller allows an image
/// without machines.
///
/// As JSON it is an object of its fields, each of which may be left out; an unknown one is an error.
///
/// ```
/// use clanforge_core::{Gate, ImageStatus, Limit, MachineCounts, Per};
///
/// let gate = Gate::default().max_failed(Limit::percent(5)?).min_completed(40);
/// let status = ImageStatus::new(MachineCounts::new(0, 2, 40)?);
/// assert!(gate.evaluate(&status).is_ready());
///
/// let gate = gate.per(Per::Region);
/// assert!(gate.needs_detail() && !gate.evaluate(&status).is_ready());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Gate {
    /// The most machines with installs pending that a scope may have.
    pub max_pending: Limit,
    /// The most failed machines that a scope may have.
    pub max_failed: Limit,
    /// The fewest completed machines that a scope must have.
    pub min_completed: u64,
    /// What the limits apply to.
    pub per: Per,
    /// The ids of the fleets to judge; empty for all.
    pub fleets: BTreeSet<String>,
    /// The ids or names of the regions to judge; empty for all. A name selects every region that has it.
    pub regions: BTreeSet<String>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            max_pending: Limit::NONE,
            max_failed: Limit::NONE,
            min_completed: 1,
            per: Per::Total,
            fleets: BTreeSet::new(),
            regions: BTreeSet::new(),
        }
    }
}

impl Gate {
    /// Sets the most machines with installs pending that a scope may have.
    #[must_use]
    pub fn max_pending(mut self, limit: impl Into<Limit>) -> Self {
        self.max_pending = limit.into();
        self
    }

    /// Sets the most failed machines that a scope may have.
    #[must_use]
    pub fn max_failed(mut self, limit: impl Into<Limit>) -> Self {
        self.max_failed = limit.into();
        self
    }

    /// Sets the fewest completed machines that a scope must have; 0 lets an image without machines pass.
    #[must_use]
    pub const fn min_completed(mut self, machines: u64) -> Self {
        self.min_completed = machines;
        self
    }

    /// Sets what the limits apply to.
    #[must_use]
    pub const fn per(mut self, per: Per) -> Self {
        self.per = per;
        self
    }

    /// Adds a fleet, by id, to those that are judged.
    #[must_use]
    pub fn fleet(mut self, id: impl Into<String>) -> Self {
        self.fleets.insert(id.into());
        self
    }

    /// Adds a region, by id or by name, to those that are judged.
    #[must_use]
    pub fn region(mut self, id_or_name: impl Into<String>) -> Self {
        self.regions.insert(id_or_name.into());
        self
    }

    /// Returns true where the gate cannot judge a status without detail.
    pub fn needs_detail(&self) -> bool {
        self.per != Per::Total || !self.fleets.is_empty() || !self.regions.is_empty()
    }

    /// Judges one status.
    pub fn evaluate(&self, status: &ImageStatus) -> Verdict {
        let image = || self.judge(Scope::Total, status.counts());
        let scopes = match status.fleets() {
            _ if !self.needs_detail() => vec![image()],
            None => vec![ScopeVerdict::missing(Missing::Detail)],
            Some(fleets) => {
                let mut scopes = self.scopes(fleets);
                if scopes.is_empty() {
                    // Nothing to judge is not ready, unless the caller allows an image without machines.
                    scopes.push(if self.min_completed == 0 { image() } else { ScopeVerdict::missing(self.absent()) });
                } else {
                    scopes.extend(self.unaccounted(status, fleets));
                }
                scopes
            }
        };
        Verdict::of(scopes)
    }

    /// Returns the counts of all that the gate selects, taken together; `None` where it selects something and the status
    /// has no detail.
    pub fn judged_counts(&self, status: &ImageStatus) -> Option<MachineCounts> {
        if self.fleets.is_empty() && self.regions.is_empty() {
            return Some(status.counts());
        }
        let selected = status.fleets()?.iter().filter(|fleet| self.selects_fleet(fleet));
        Some(sum_of_parts(selected.filter_map(|fleet| self.selected_counts(fleet))))
    }

    /// Returns the scopes that the gate names, then what it names and the reading does not have.
    fn scopes(&self, fleets: &[FleetStatus]) -> Vec<ScopeVerdict> {
        let selected: Vec<_> = fleets.iter().filter(|fleet| self.selects_fleet(fleet)).collect();
        let mut scopes = match self.per {
            Per::Total => self.total_of(&selected).into_iter().collect(),
            Per::Fleet => selected.iter().filter_map(|fleet| self.fleet_scope(fleet)).collect(),
            Per::Region => selected.iter().flat_map(|fleet| self.region_scopes(fleet)).collect::<Vec<_>>(),
        };
        if self.per == Per::Region || !self.regions.is_empty() {
            // Its machines may be in any region, in a selected one as well.
            let hidden = selected.iter().filter(|fleet| fleet.regions().is_empty() && fleet.total_machines() > 0);
            scopes.extend(hidden.map(|fleet| ScopeVerdict::missing(Missing::RegionsOf(fleet.id().to_owned()))));
        }
        let has_fleet = |id: &&String| selected.iter().any(|fleet| fleet.id() == **id);
        let absent_fleets = self.fleets.iter().filter(|id| !has_fleet(id)).cloned().map(Missing::Fleet);
        scopes.extend(absent_fleets.map(ScopeVerdict::missing));
        let has_region =
            |text: &&String| selected.iter().flat_map(|fleet| fleet.rows()).any(|row| is_called(&row, text));
        let absent_regions = self.regions.iter().filter(|text| !has_region(text)).cloned().map(Missing::Region);
        scopes.extend(absent_regions.map(ScopeVerdict::missing));
        scopes
    }

    /// Judges the pending and failed machines that a whole states and its parts do not, or the other way round: a live
    /// system counts both, and what one of them shows may be in any scope.
    fn unaccounted(&self, status: &ImageStatus, fleets: &[FleetStatus]) -> Option<ScopeVerdict> {
        let judges_regions = self.per == Per::Region || !self.regions.is_empty();
        let in_no_fleet = self
            .fleets
            .is_empty()
            .then(|| excess(status.counts(), sum_of_parts(fleets.iter().map(FleetStatus::counts))));
        let in_no_scope = fleets.iter().filter(|fleet| self.selects_fleet(fleet)).map(|fleet| {
            let regions = sum_of_parts(fleet.rows().map(|row| row.counts));
            match (judges_regions, fleet.regions().is_empty()) {
                // A fleet without regions is missing them, which says enough.
                (true, true) => (0, 0),
                (true, false) => excess(fleet.counts(), regions),
                (false, _) => excess(regions, fleet.counts()),
            }
        });
        let sum = |(pending, failed): (u64, u64), (more_pending, more_failed): (u64, u64)| {
            (pending.saturating_add(more_pending), failed.saturating_add(more_failed))
        };
        let (pending, failed) = in_no_fleet.into_iter().chain(in_no_scope).fold((0, 0), sum);
        // More than can be counted is judged as half of that each, which is too much as well.
        let most = MachineCounts::new(pending.min(u64::MAX / 2), failed.min(u64::MAX / 2), 0);
        let counts =
            MachineCounts::new(pending, failed, 0).or(most).ok().filter(|counts| counts.total_machines() > 0)?;
        // Nothing is completed there, and nothing has to be. What passes needs no mention.
        let verdict = ScopeVerdict::judged(&self.clone().min_completed(0), Scope::Unaccounted, counts);
        (!verdict.is_ready()).then_some(verdict)
    }

    /// Judges the sum of all that is selected; nothing where nothing is.
    fn total_of(&self, selected: &[&FleetStatus]) -> Option<ScopeVerdict> {
        let parts: Vec<_> = selected.iter().filter_map(|fleet| self.selected_counts(fleet)).collect();
        (!parts.is_empty()).then(|| self.judge(Scope::Selection, sum_of_parts(parts.into_iter())))
    }

    fn fleet_scope(&self, fleet: &FleetStatus) -> Option<ScopeVerdict> {
        let counts = self.selected_counts(fleet)?;
        Some(self.judge(Scope::Fleet { fleet_id: fleet.id().to_owned() }, counts))
    }

    fn region_scopes<'a>(&'a self, fleet: &'a FleetStatus) -> impl Iterator<Item = ScopeVerdict> + 'a {
        let selected = fleet.rows().filter(|row| self.selects_region(row));
        selected.map(|row| self.judge(Scope::region(&row), row.counts))
    }

    /// Returns the counts of a fleet, or of its selected regions; `None` where it has none of these.
    fn selected_counts(&self, fleet: &FleetStatus) -> Option<MachineCounts> {
        if self.regions.is_empty() {
            return Some(fleet.counts());
        }
        let mut rows = fleet.rows().filter(|row| self.selects_region(row)).peekable();
        rows.peek()?;
        Some(sum_of_parts(rows.map(|row| row.counts)))
    }

    fn selects_fleet(&self, fleet: &FleetStatus) -> bool {
        self.fleets.is_empty() || self.fleets.contains(fleet.id())
    }

    fn selects_region(&self, row: &RegionRow<'_>) -> bool {
        self.regions.is_empty() || self.regions.contains(row.region_id) || self.regions.contains(row.name)
    }

    fn absent(&self) -> Missing {
        match self.per {
            Per::Total | Per::Fleet => Missing::AnyFleet,
            Per::Region => Missing::AnyRegion,
        }
    }

    fn judge(&self, scope: Scope, counts: MachineCounts) -> ScopeVerdict {
        ScopeVerdict::judged(self, scope, counts)
    }
}

/// What the limits of a gate apply to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// The whole image; where fleets or regions are selected, all that is selected taken together.
    #[default]
    Total,
    /// Each fleet; where regions are selected, the selected regions of each fleet taken together.
    Fleet,
    /// Each region of each fleet.
    Region,
}

impl Per {
    /// Returns the name that JSON and the command line use: `total`, `fleet` or `region`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Fleet => "fleet",
            Self::Region => "region",
        }
    }
}

impl fmt::Display for Per {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Per {
    type Err = InvalidPer;

    fn from_str(text: &str) -> Result<Self, InvalidPer> {
        [Self::Total, Self::Fleet, Self::Region]
            .into_iter()
            .find(|per| per.as_str() == text)
            .ok_or_else(|| InvalidPer(text.to_owned()))
    }
}

/// A text that names no scope of a gate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid scope `{0}`: a gate judges per total, fleet or region")]
pub struct InvalidPer(String);

/// Returns how many more machines are pending and failed here than there.
fn excess(here: MachineCounts, there: MachineCounts) -> (u64, u64) {
    let pending = here.pending_machines().saturating_sub(there.pending_machines());
    (pending, here.failed_machines().saturating_sub(there.failed_machines()))
}

fn is_called(row: &RegionRow<'_>, text: &str) -> bool {
    row.region_id == text || row.name == text
}
