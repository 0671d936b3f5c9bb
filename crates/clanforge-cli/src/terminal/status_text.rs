//! A status as text for people.

use clanforge::{ImageStatus, MachineCounts, RegionRow};

use crate::terminal::paint::Paint;
use crate::terminal::table::table;
use crate::terminal::terminal_kind::TerminalKind;

/// Returns the counts: `25 of 40 machines completed (62.5 %), 15 pending, 0 failed`.
pub(crate) fn counts_line(status: &ImageStatus) -> String {
    let counts = status.counts();
    format!(
        "{} of {} machines completed ({}), {} pending, {} failed",
        counts.completed_machines(),
        counts.total_machines(),
        counts.percent_text(),
        counts.pending_machines(),
        counts.failed_machines(),
    )
}

/// Returns the counts without a percentage, which would look like progress: `40 completed, 0 pending, 0 failed`.
pub(crate) fn bare_counts(status: &ImageStatus) -> String {
    let counts = status.counts();
    format!(
        "{} completed, {} pending, {} failed",
        counts.completed_machines(),
        counts.pending_machines(),
        counts.failed_machines(),
    )
}

/// Returns the regions, those with most incomplete machines first; `None` for a status without detail.
pub(super) fn lagging_first(status: &ImageStatus) -> Option<Vec<RegionRow<'_>>> {
    let mut rows: Vec<_> = status.regions()?.collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.counts.total_machines() - row.counts.completed_machines()));
    Some(rows)
}

/// Returns a table of the regions, and of the fleets that have none; `None` for a status without detail.
pub(crate) fn region_table(status: &ImageStatus, paint: Paint, terminal: TerminalKind) -> Option<String> {
    let row = |name: &str, region_id: &str, fleet_id: &str, counts: MachineCounts| {
        [
            name.to_owned(),
            region_id.to_owned(),
            fleet_id.to_owned(),
            counts.pending_machines().to_string(),
            counts.failed_machines().to_string(),
            counts.completed_machines().to_string(),
            counts.percent_text(),
        ]
    };
    let regions = lagging_first(status)?;
    let regions = regions.iter().map(|region| row(region.name, region.region_id, region.fleet_id, region.counts));
    let fleets = status.fleets().unwrap_or_default().iter().filter(|fleet| fleet.regions().is_empty());
    let fleets = fleets.map(|fleet| row("(no regions)", "-", fleet.id(), fleet.counts()));
    let rows: Vec<_> = regions.chain(fleets).collect();
    Some(match rows.is_empty() {
        true => "no fleets".to_owned(),
        false => {
            table(["REGION", "ID", "FLEET", "PENDING", "FAILED", "COMPLETED", "COMPLETE"], rows, 3, paint, terminal)
        }
    })
}
