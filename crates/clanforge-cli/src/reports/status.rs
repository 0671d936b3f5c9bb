//! What `status` and `check` print.

use clanforge::core::documents::{CheckDocument, StatusDocument};
use clanforge::core::text::one_line;
use clanforge::{ImageRef, ImageStatus, Verdict};

use crate::failure::Failure;
use crate::options::output::Format;
use crate::terminal::paint::Paint;
use crate::terminal::status_text::{counts_line, region_table};
use crate::terminal::streams::Streams;
use crate::terminal::terminal_kind::TerminalKind;

/// A status, and the verdict of a gate on it.
pub(crate) struct StatusReport<'a> {
    image: ImageRef,
    status: &'a ImageStatus,
    verdict: Option<&'a Verdict>,
}

impl<'a> StatusReport<'a> {
    pub(crate) const fn new(image: ImageRef, status: &'a ImageStatus, verdict: Option<&'a Verdict>) -> Self {
        Self { image, status, verdict }
    }

    pub(crate) fn write(&self, format: Format, streams: &mut Streams<'_>) -> Result<(), Failure> {
        let Self { image, status, verdict } = *self;
        match (format, verdict) {
            (Format::Text, _) => streams.write_data(&self.text(streams.stdout_paint(), streams.stdout_kind())),
            (Format::Json, None) => streams.write_json(&StatusDocument::new(image, status)),
            (Format::Json, Some(verdict)) => streams.write_json(&CheckDocument::new(image, status, verdict)),
        }
    }

    /// Returns a headline, the counts, a table of the regions if there is detail, and what does not add up.
    fn text(&self, paint: Paint, terminal: TerminalKind) -> String {
        let counts = counts_line(self.status);
        let mut lines = match self.verdict {
            // The verdict comes first: the readiness of the counts alone could be mistaken for it.
            Some(verdict) if verdict.is_ready() => {
                vec![paint.green(verdict.reason()), format!("{}: {counts}", self.image)]
            }
            Some(verdict) => vec![paint.red(verdict.reason()), format!("{}: {counts}", self.image)],
            None => vec![format!("{}: {}", self.image, paint.readiness(self.status.readiness())), counts],
        };
        if let Some(table) = region_table(self.status, paint, terminal) {
            lines.extend([String::new(), table]);
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
