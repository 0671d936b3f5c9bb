//! What a status and a verdict look like, to programs and to people.

use clanforge::core::text::one_line;
use clanforge::{ImageRef, ImageStatus, MachineCounts, RegionRow, Summary, Verdict};
use serde::Serialize;

use crate::terminal::paint::Paint;
use crate::terminal::table::Table;

/// A status, and what a gate says of it, as one JSON document.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    image: ImageRef,
    status: &'a ImageStatus,
    summary: Summary<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'a Verdict>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(image: ImageRef, status: &'a ImageStatus, verdict: Option<&'a Verdict>) -> Self {
        Self { image, status, summary: status.summary(), verdict }
    }

    /// Returns the report for people: a headline, the counts, what a gate says, and each region where there is detail.
    pub(crate) fn text(&self, paint: Paint) -> String {
        let counts = counts_line(self.status);
        let mut lines = match self.verdict {
            // The gate has the first word: what the counts alone say could be taken for the answer.
            Some(verdict) if verdict.is_ready() => {
                vec![paint.good(verdict.reason()), format!("{}: {counts}", self.image)]
            }
            Some(verdict) => vec![paint.bad(verdict.reason()), format!("{}: {counts}", self.image)],
            None => vec![format!("{}: {}", self.image, paint.readiness(self.status.readiness())), counts],
        };
        if let Some(rows) = lagging_first(self.status) {
            lines.push(String::new());
            lines.push(region_table(&rows, self.status, paint));
        }
        for mismatch in self.status.mismatches().into_iter().flatten() {
            let (whole, parts) = mismatch
                .fleet_id
                .map_or(("the image".to_owned(), "fleets"), |id| (format!("fleet {}", one_line(id)), "regions"));
            lines.push(format!("note: the counts of {whole} are not the sum of its {parts}"));
        }
        lines.join("\n") + "\n"
    }
}

/// Returns the counts in a sentence: `25 of 40 machines completed (62.5 %), 15 pending, 0 failed`.
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

/// Returns the regions with most machines not completed first; `None` where the status has no detail.
pub(crate) fn lagging_first(status: &ImageStatus) -> Option<Vec<RegionRow<'_>>> {
    let mut rows: Vec<_> = status.regions()?.collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.counts.total_machines() - row.counts.completed_machines()));
    Some(rows)
}

fn region_table(rows: &[RegionRow<'_>], status: &ImageStatus, paint: Paint) -> String {
    let mut table = Table::new(["REGION", "ID", "FLEET", "PENDING", "FAILED", "COMPLETED", "COMPLETE"], 3);
    let mut row = |name: &str, region_id: &str, fleet_id: &str, counts: MachineCounts| {
        table.row([
            name.to_owned(),
            region_id.to_owned(),
            fleet_id.to_owned(),
            counts.pending_machines().to_string(),
            counts.failed_machines().to_string(),
            counts.completed_machines().to_string(),
            counts.percent_text(),
        ]);
    };
    for region in rows {
        row(region.name, region.region_id, region.fleet_id, region.counts);
    }
    let without_regions = status.fleets().unwrap_or_default().iter().filter(|fleet| fleet.regions().is_empty());
    for fleet in without_regions.clone() {
        row("(no regions)", "-", fleet.id(), fleet.counts());
    }
    match rows.is_empty() && without_regions.count() == 0 {
        true => "no fleets".to_owned(),
        false => table.text(paint),
    }
}
