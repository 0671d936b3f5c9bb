//! How a gate judges a status.

use super::definition::{Gate, Per};
use super::limit::Limit;
use super::scope::{Missing, Scope};
use super::verdict::{CountName, ScopeVerdict, Shortfall, Verdict};
use crate::status::{FleetStatus, ImageStatus, MachineCounts, RegionRow};

impl Gate {
    /// Returns the verdict on a status.
    pub fn evaluate(&self, status: &ImageStatus) -> Verdict {
        let image = || self.judge(Scope::Total, status.counts());
        let scopes = match status.fleets() {
            _ if !self.needs_detail() => vec![image()],
            None => vec![ScopeVerdict::missing(Missing::Detail)],
            Some(fleets) => {
                let mut scopes = self.scopes(fleets);
                if scopes.is_empty() {
                    // An image without scopes is not ready, unless the caller allows an image without machines.
                    scopes.push(if self.min_completed == 0 { image() } else { ScopeVerdict::missing(self.absent()) });
                } else {
                    scopes.extend(self.unaccounted(status, fleets));
                }
                scopes
            }
        };
        Verdict::of(scopes)
    }

    /// Returns the counts of all that the gate selects, taken together; `None` if it selects something and the status
    /// has no detail.
    pub fn judged_counts(&self, status: &ImageStatus) -> Option<MachineCounts> {
        if self.fleets.is_empty() && self.regions.is_empty() {
            return Some(status.counts());
        }
        let selected = status.fleets()?.iter().filter(|fleet| self.selects_fleet(fleet));
        Some(MachineCounts::sum_of_parts(selected.filter_map(|fleet| self.selected_counts(fleet))))
    }

    /// Returns the regions that the gate selects, and the selected fleets without regions, with their counts; none if the
    /// status has no detail.
    pub(crate) fn selected_parts(&self, status: &ImageStatus) -> Vec<(Scope, MachineCounts)> {
        let selected = status.fleets().unwrap_or_default().iter().filter(|fleet| self.selects_fleet(fleet));
        let parts = selected.flat_map(|fleet| {
            let regions =
                fleet.rows().filter(|row| self.selects_region(row)).map(|row| (Scope::region(&row), row.counts));
            let is_whole = fleet.regions().is_empty() && self.regions.is_empty();
            let whole = is_whole.then(|| (Scope::Fleet { fleet_id: fleet.id().to_owned() }, fleet.counts()));
            regions.chain(whole)
        });
        parts.collect()
    }

    /// Returns the scopes that the gate names, then those that the reading lacks.
    fn scopes(&self, fleets: &[FleetStatus]) -> Vec<ScopeVerdict> {
        let selected: Vec<_> = fleets.iter().filter(|fleet| self.selects_fleet(fleet)).collect();
        let mut scopes = match self.per {
            Per::Total => self.total_of(&selected).into_iter().collect(),
            Per::Fleet => selected.iter().filter_map(|fleet| self.fleet_scope(fleet)).collect(),
            Per::Region => selected.iter().flat_map(|fleet| self.region_scopes(fleet)).collect::<Vec<_>>(),
        };
        if self.per == Per::Region || !self.regions.is_empty() {
            // Its machines may be in any region, also in a selected one.
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

    /// Judges the pending and failed machines by which totals differ from their parts: the service counts a live
    /// system, so such machines may be in any scope.
    fn unaccounted(&self, status: &ImageStatus, fleets: &[FleetStatus]) -> Option<ScopeVerdict> {
        let judges_regions = self.per == Per::Region || !self.regions.is_empty();
        let in_no_fleet = self
            .fleets
            .is_empty()
            .then(|| excess(status.counts(), MachineCounts::sum_of_parts(fleets.iter().map(FleetStatus::counts))));
        let in_no_scope = fleets.iter().filter(|fleet| self.selects_fleet(fleet)).map(|fleet| {
            let regions = MachineCounts::sum_of_parts(fleet.rows().map(|row| row.counts));
            match (judges_regions, fleet.regions().is_empty()) {
                // A fleet without regions is a missing scope already.
                (true, true) => (0, 0),
                (true, false) => excess(fleet.counts(), regions),
                (false, _) => excess(regions, fleet.counts()),
            }
        });
        let sum = |(pending, failed): (u64, u64), (more_pending, more_failed): (u64, u64)| {
            (pending.saturating_add(more_pending), failed.saturating_add(more_failed))
        };
        let (pending, failed) = in_no_fleet.into_iter().chain(in_no_scope).fold((0, 0), sum);
        // A sum beyond 64 bits is judged as half of the maximum each, which exceeds every limit as well.
        let most = MachineCounts::new(pending.min(u64::MAX / 2), failed.min(u64::MAX / 2), 0);
        let counts =
            MachineCounts::new(pending, failed, 0).or(most).ok().filter(|counts| counts.total_machines() > 0)?;
        // Nothing has to be completed there. A scope that passes is left out.
        let verdict = self.clone().min_completed(0).judge(Scope::Unaccounted, counts);
        (!verdict.is_ready()).then_some(verdict)
    }

    /// Judges the sum of all that is selected; `None` if nothing is.
    fn total_of(&self, selected: &[&FleetStatus]) -> Option<ScopeVerdict> {
        let parts: Vec<_> = selected.iter().filter_map(|fleet| self.selected_counts(fleet)).collect();
        (!parts.is_empty()).then(|| self.judge(Scope::Selection, MachineCounts::sum_of_parts(parts)))
    }

    fn fleet_scope(&self, fleet: &FleetStatus) -> Option<ScopeVerdict> {
        let counts = self.selected_counts(fleet)?;
        Some(self.judge(Scope::Fleet { fleet_id: fleet.id().to_owned() }, counts))
    }

    fn region_scopes<'a>(&'a self, fleet: &'a FleetStatus) -> impl Iterator<Item = ScopeVerdict> + 'a {
        let selected = fleet.rows().filter(|row| self.selects_region(row));
        selected.map(|row| self.judge(Scope::region(&row), row.counts))
    }

    /// Returns the counts of a fleet, or of its selected regions; `None` if it has none of them.
    fn selected_counts(&self, fleet: &FleetStatus) -> Option<MachineCounts> {
        if self.regions.is_empty() {
            return Some(fleet.counts());
        }
        let mut rows = fleet.rows().filter(|row| self.selects_region(row)).peekable();
        rows.peek()?;
        Some(MachineCounts::sum_of_parts(rows.map(|row| row.counts)))
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
        let total = counts.total_machines();
        let most = |count, have, most: Limit| {
            let limit = most.machines(total);
            (have > limit).then_some(Shortfall { count, have, limit, share: most.share() })
        };
        let pending = most(CountName::Pending, counts.pending_machines(), self.max_pending);
        let failed = most(CountName::Failed, counts.failed_machines(), self.max_failed);
        let completed = counts.completed_machines();
        let completed = (completed < self.min_completed).then_some(Shortfall {
            count: CountName::Completed,
            have: completed,
            limit: self.min_completed,
            share: None,
        });
        ScopeVerdict::judged(scope, counts, [pending, failed, completed].into_iter().flatten().collect())
    }
}

/// Returns how many more machines are pending, and failed, here than there.
fn excess(here: MachineCounts, there: MachineCounts) -> (u64, u64) {
    let pending = here.pending_machines().saturating_sub(there.pending_machines());
    (pending, here.failed_machines().saturating_sub(there.failed_machines()))
}

fn is_called(row: &RegionRow<'_>, text: &str) -> bool {
    row.region_id == text || row.name == text
}
