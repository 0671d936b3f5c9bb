//! What `status` and `check` print.

use clanforge::core::documents::{CheckDocument, CombinedDocument, ImageDocument, StatusDocument};
use clanforge::core::text::one_line;
use clanforge::{ExitCode, Gate, ImageRef, ImageStatus, Verdict};
use serde::Serialize;

use crate::failure::Failure;
use crate::options::connection::Readings;
use crate::options::output::Format;
use crate::terminal::ci::Ci;
use crate::terminal::paint::Paint;
use crate::terminal::status_text::{counts_line, region_table};
use crate::terminal::streams::Streams;
use crate::terminal::terminal_kind::TerminalKind;

/// The statuses of images, and the verdicts of a gate on them.
pub(crate) struct StatusReport {
    images: Vec<(ImageRef, Result<ImageVerdict, Failed>)>,
}

/// A status, and the verdict on it if there is a gate.
pub(crate) struct ImageVerdict {
    pub(crate) image: ImageRef,
    pub(crate) status: ImageStatus,
    pub(crate) verdict: Option<Verdict>,
}

type Failed = clanforge::ErrorReport;

impl StatusReport {
    /// Returns the report of what was read.
    ///
    /// # Errors
    /// The error of the only image.
    pub(crate) fn new(readings: Readings, gate: Option<&Gate>) -> Result<Self, Failure> {
        let is_single = readings.len() == 1;
        let mut images = Vec::new();
        for (image, reading) in readings {
            let found = match reading {
                Ok(status) => Ok(ImageVerdict { image, verdict: gate.map(|gate| gate.evaluate(&status)), status }),
                Err(error) if is_single => return Err(error.into()),
                Err(error) => Err(error.into_report()),
            };
            images.push((image, found));
        }
        Ok(Self { images })
    }

    /// Returns the exit code: of several images the one that comes first in the order of precedence.
    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::first(self.images.iter().map(|(_, found)| match found {
            Ok(found) => found.verdict.as_ref().map_or(ExitCode::Ready, |verdict| verdict.exit_code(&found.status)),
            Err(error) => error.kind.exit_code(),
        }))
    }

    /// Returns what was read, with its image if there are several.
    pub(crate) fn found(&self) -> impl Iterator<Item = (Option<ImageRef>, &ImageVerdict)> {
        let found = self.images.iter().filter_map(|(_, found)| found.as_ref().ok());
        found.map(|found| ((self.images.len() > 1).then_some(found.image), found))
    }

    /// Tells a CI system what was found.
    pub(crate) fn tell(&self, ci: &mut Ci) {
        for (image, found) in &self.images {
            match found {
                Ok(ImageVerdict { status, verdict, .. }) => {
                    ci.found(*image, status, verdict.as_ref().map(Verdict::reason).unwrap_or_default());
                }
                Err(error) => ci.failed(Failure::from(error.clone()).of_image(*image).message()),
            }
        }
    }

    /// Writes which of several images could not be read.
    pub(crate) fn write_errors(&self, streams: &mut Streams<'_>) {
        for (image, found) in &self.images {
            if let Err(error) = found {
                streams.write_error(&Failure::from(error.clone()).of_image(*image));
            }
        }
    }

    pub(crate) fn write(&self, format: Format, streams: &mut Streams<'_>) -> Result<(), Failure> {
        self.write_errors(streams);
        match format {
            Format::Text => {
                let (paint, terminal) = (streams.stdout_paint(), streams.stdout_kind());
                let texts: Vec<_> = self.found().map(|(_, found)| found.text(paint, terminal)).collect();
                streams.write_data(&texts.join("\n"))
            }
            Format::Json
                if self.images.iter().any(|(_, found)| matches!(found, Ok(found) if found.verdict.is_some())) =>
            {
                self.write_json(streams, |ImageVerdict { image, status, verdict }| {
                    verdict.as_ref().map(|verdict| CheckDocument::new(*image, status, verdict))
                })
            }
            Format::Json => self.write_json(streams, |found| Some(StatusDocument::new(found.image, &found.status))),
        }
    }

    fn write_json<'a, T: Serialize>(
        &'a self,
        streams: &mut Streams<'_>,
        document: impl Fn(&'a ImageVerdict) -> Option<T>,
    ) -> Result<(), Failure> {
        if let [(_, Ok(found))] = &self.images[..] {
            return streams.write_json(&document(found));
        }
        let of_image = |(image, found): &'a (ImageRef, Result<ImageVerdict, Failed>)| match found {
            Ok(found) => document(found).map(|document| ImageDocument::new(*image, Ok(document))),
            Err(error) => Some(ImageDocument::new(*image, Err(error.clone()))),
        };
        let is_ready =
            |(_, found): &(ImageRef, Result<ImageVerdict, Failed>)| found.as_ref().is_ok_and(ImageVerdict::is_ready);
        let documents = self.images.iter().filter_map(of_image).collect();
        streams.write_json(&CombinedDocument::new(self.images.iter().all(is_ready), self.exit_code(), documents))
    }
}

impl ImageVerdict {
    fn is_ready(&self) -> bool {
        self.verdict.as_ref().map_or_else(|| self.status.is_ready(), Verdict::is_ready)
    }

    /// Returns a headline, the counts, a table of the regions if there is detail, and what does not add up.
    fn text(&self, paint: Paint, terminal: TerminalKind) -> String {
        let counts = counts_line(&self.status);
        let mut lines = match &self.verdict {
            // The verdict comes first: the readiness of the counts alone could be mistaken for it.
            Some(verdict) if verdict.is_ready() => {
                vec![paint.green(verdict.reason()), format!("{}: {counts}", self.image)]
            }
            Some(verdict) => vec![paint.red(verdict.reason()), format!("{}: {counts}", self.image)],
            None => vec![format!("{}: {}", self.image, paint.readiness(self.status.readiness())), counts],
        };
        if let Some(table) = region_table(&self.status, paint, terminal) {
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
