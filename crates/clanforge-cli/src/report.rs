//! What a status and a verdict look like, to programs and to people.

use clanforge::core::text::one_line;
use clanforge::{ImageRef, ImageStatus, RegionRow, Summary, Verdict};
use serde::Serialize;

use crate::paint::Paint;
use crate::table::Table;

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
        let readiness = paint.readiness(self.status.readiness());
        let mut lines = vec![format!("{}: {readiness}", self.image), counts_line(self.status)];
        if let Some(verdict) = self.verdict {
            let reason = verdict.reason();
            lines.push(if verdict.is_ready() { paint.good(reason) } else { paint.bad(reason) });
        }
        if let Some(rows) = lagging_first(self.status) {
            lines.push(String::new());
            lines.push(region_table(&rows, paint));
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

fn region_table(rows: &[RegionRow<'_>], paint: Paint) -> String {
    let mut table = Table::new(["REGION", "ID", "FLEET", "PENDING", "FAILED", "COMPLETED", "COMPLETE"], 3);
    for row in rows {
        let counts = row.counts;
        table.row([
            row.name.to_owned(),
            row.region_id.to_owned(),
            row.fleet_id.to_owned(),
            counts.pending_machines().to_string(),
            counts.failed_machines().to_string(),
            counts.completed_machines().to_string(),
            counts.percent_text(),
        ]);
    }
    match rows {
        [] => "no regions".to_owned(),
        _ => table.text(paint),
    }
}
