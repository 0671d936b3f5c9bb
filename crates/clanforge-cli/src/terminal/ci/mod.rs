//! Reports a command to a CI system, in the commands of that system: groups of lines, progress, the result and values
//! for later steps; and writes files with the result.
//!
//! Each text of the service becomes one line that a CI system cannot take for a command, and is then escaped by the
//! rules of the system.

mod system;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clanforge::core::recording::RecordingHeader;
use clanforge::core::report::{Report, ReportFormat, render, summary};
use clanforge::core::text::cut;
use clanforge::monitor::{Freshness, Update};
use clanforge::{ExitCode, ImageRef, ImageStatus, MachineCounts};

use crate::failure::Failure;
use crate::options::image::label;
use crate::terminal::ci::system::Level;
use crate::terminal::status_text::counts_line;
use crate::terminal::streams::Streams;

pub(crate) use system::System;

/// The most characters of a line, and of a value.
const MOST_CHARS: usize = 1000;

/// The most failed regions of an image that are named.
const MOST_REGIONS: usize = 10;

/// The report of a command to a CI system, and what was found of its images.
#[derive(Default)]
pub(crate) struct Ci {
    system: Option<System>,
    /// Whether standard output has text rather than data: `TeamCity` then reads commands from there.
    stdout_is_text: bool,
    files: Vec<(FileKind, PathBuf, File)>,
    /// The title and the beginning of the open group.
    group: Option<(String, u64)>,
    /// The last progress.
    progress: String,
    images: Vec<ImageReport>,
    errors: Vec<String>,
}

/// The files to write.
pub(crate) struct Files {
    pub(crate) step_outputs: Option<PathBuf>,
    pub(crate) step_summary: Option<PathBuf>,
    pub(crate) outputs: Option<PathBuf>,
    pub(crate) summary: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FileKind {
    /// The file from which GitHub reads the outputs of a step.
    StepOutputs,
    /// Variables, as GitLab reads them.
    Outputs,
    Summary,
}

/// What the CI system shows of an image.
struct ImageReport {
    id: ImageRef,
    status: Option<ImageStatus>,
    freshness: Freshness,
    reason: String,
    report: Option<Report>,
}

impl Ci {
    /// Returns a reporter to this system, if there is one, and to these files.
    pub(crate) fn new(system: Option<System>, stdout_is_text: bool, files: Files) -> Result<Self, Failure> {
        let mut opened = Vec::new();
        for (kind, path, appends) in [
            (FileKind::StepOutputs, files.step_outputs, true),
            (FileKind::Summary, files.step_summary, true),
            (FileKind::Outputs, files.outputs, false),
            (FileKind::Summary, files.summary, false),
        ] {
            if let Some(path) = path {
                let file = OpenOptions::new().create(true).write(true).append(appends).truncate(!appends).open(&path);
                let file = file.map_err(|error| Failure::system(format!("write {}", path.display()), &error))?;
                opened.push((kind, path, file));
            }
        }
        Ok(Self { system, stdout_is_text, files: opened, ..Self::default() })
    }

    /// Returns true if the report needs the regions.
    pub(crate) fn wants_detail(&self) -> bool {
        self.system.is_some() || self.has_summary()
    }

    fn has_summary(&self) -> bool {
        self.files.iter().any(|(kind, ..)| *kind == FileKind::Summary)
    }

    /// Begins the wait for images: a group of lines.
    pub(crate) fn begin(&mut self, headers: &[RecordingHeader], streams: &mut Streams<'_>) {
        let has_summary = self.has_summary();
        self.images = headers
            .iter()
            .map(|header| ImageReport {
                report: has_summary.then(|| Report::new(header.clone())),
                ..ImageReport::new(header.image)
            })
            .collect();
        let title = match headers {
            [header] => format!("clanforge: waiting for {}", header.image),
            headers => format!("clanforge: waiting for {} images", headers.len()),
        };
        let began = seconds();
        self.write(|system| system.begin(&title, began), streams);
        self.group = Some((title, began));
    }

    /// Takes an update of a wait, and reports the progress.
    pub(crate) fn update(&mut self, update: &Update, streams: &mut Streams<'_>) {
        let Some(index) = self.images.iter().position(|image| image.id == update.image()) else { return };
        let image = &mut self.images[index];
        if let Some(report) = &mut image.report {
            report.add(update);
        }
        match update {
            Update::Reading(reading) => {
                image.status = Some(reading.status.clone());
                image.freshness = reading.freshness;
                image.reason.clone_from(&reading.message);
            }
            // A failed reading after which there is no other is the error of the wait, which is reported by itself.
            Update::ReadFailed(failed) if failed.next.is_none() => return image.reason.clear(),
            Update::ReadFailed(failed) => image.reason.clone_from(&failed.error.message),
            Update::Outcome(outcome) => {
                image.status.clone_from(&outcome.status);
                image.freshness = outcome.freshness;
                image.reason.clone_from(&outcome.reason);
                return;
            }
            _ => return,
        }
        self.tell_progress(index, streams);
    }

    /// Ends the group of the wait, so that its result is not within it.
    pub(crate) fn end_group(&mut self, streams: &mut Streams<'_>) {
        if let Some((title, began)) = self.group.take() {
            self.write(|system| system.end(&title, began, seconds()), streams);
        }
    }

    fn tell_progress(&mut self, index: usize, streams: &mut Streams<'_>) {
        // The counts of the previous version are no progress.
        let is_new = self.images.iter().all(|image| image.freshness != Freshness::Unknown);
        let percent = self.percent_complete().filter(|_| is_new);
        let image = &self.images[index];
        let text = match (&image.status, image.freshness) {
            (Some(status), Freshness::Observed | Freshness::Assumed) => counts_line(status),
            _ => image.reason.clone(),
        };
        let text = one_line(&image.text(text, self.images.len()));
        if self.progress != text {
            self.write(|system| system.progress(percent.as_deref(), &text), streams);
            self.progress = text;
        }
    }

    /// Takes what was found of an image by one reading.
    pub(crate) fn found(&mut self, image: ImageRef, status: &ImageStatus, reason: &str) {
        let image = ImageReport { status: Some(status.clone()), reason: reason.to_owned(), ..ImageReport::new(image) };
        self.images.push(image);
    }

    /// Takes why the command, or the wait for an image, failed.
    pub(crate) fn failed(&mut self, message: &str) {
        self.errors.push(message.to_owned());
    }

    /// Reports how the command ended, and returns that.
    pub(crate) fn conclude(
        &mut self,
        ended: Result<ExitCode, Failure>,
        streams: &mut Streams<'_>,
    ) -> Result<ExitCode, Failure> {
        let exit = match &ended {
            Ok(exit) => *exit,
            Err(failure) => {
                self.errors.push(failure.message().to_owned());
                failure.exit
            }
        };
        self.end_group(streams);
        let text = self.lines(exit).join("\n");
        self.write(|system| system.result(self.level(exit), &text), streams);
        let outputs = self.outputs(exit);
        for (name, value) in &outputs {
            self.write(|system| system.value(name, value), streams);
        }
        self.write_files(exit, &outputs, streams);
        ended
    }

    fn write(&self, lines: impl FnOnce(System) -> String, streams: &mut Streams<'_>) {
        let Some(system) = self.system else { return };
        let lines = lines(system);
        if system == System::TeamCity && self.stdout_is_text {
            // A failure to write it does not change the exit code.
            let _ = streams.write_data(&lines);
        } else {
            streams.write_message(&lines);
        }
    }

    fn write_files(&self, exit: ExitCode, outputs: &[(&'static str, String)], streams: &mut Streams<'_>) {
        for (kind, path, file) in &self.files {
            let mut file: &File = file;
            let text = match kind {
                FileKind::StepOutputs => pairs(outputs, str::to_owned),
                FileKind::Outputs => pairs(outputs, |name| format!("CLANFORGE_{}", name.to_ascii_uppercase())),
                FileKind::Summary => self.summary(exit),
            };
            if let Err(error) = file.write_all(text.as_bytes()) {
                streams.write_error(&Failure::system(format!("write {}", path.display()), &error));
            }
        }
    }

    fn level(&self, exit: ExitCode) -> Level {
        match exit {
            _ if !self.errors.is_empty() => Level::Error,
            ExitCode::Ready if self.images.iter().any(|image| image.freshness == Freshness::Assumed) => Level::Warning,
            ExitCode::Ready => Level::Notice,
            ExitCode::NotReady => Level::Warning,
            _ if is_signal(exit) => Level::Warning,
            _ => Level::Error,
        }
    }

    /// Returns the lines of the result: errors, why each image is ready or not, and its failed regions.
    fn lines(&self, exit: ExitCode) -> Vec<String> {
        let interrupted =
            is_signal(exit).then(|| format!("{}: stopped waiting; the rollout continues", exit.meaning()));
        let errors = self.errors.iter().map(|error| one_line(error));
        let mut lines: Vec<String> = interrupted.into_iter().chain(errors).collect();
        for image in self.images.iter().filter(|image| !image.reason.is_empty()) {
            lines.push(one_line(&image.text(image.reason.clone(), self.images.len())));
            let regions = image.status.as_ref().and_then(ImageStatus::failed_regions).unwrap_or_default();
            for region in regions.iter().take(MOST_REGIONS) {
                let (failed, total) = (region.counts.failed_machines(), region.counts.total_machines());
                let name = clanforge::core::text::one_line(region.name);
                lines.push(format!("region {name}: {failed} of {total} machines failed"));
            }
            if regions.len() > MOST_REGIONS {
                lines.push(format!("{} more regions with failed machines", regions.len() - MOST_REGIONS));
            }
        }
        lines
    }

    /// Returns the values for later steps, the outcome first.
    fn outputs(&self, exit: ExitCode) -> [(&'static str, String); 4] {
        let certainty = [Freshness::Unknown, Freshness::Assumed, Freshness::Observed];
        let least = certainty.into_iter().find(|one| self.images.iter().any(|image| image.freshness == *one));
        let reasons = self.images.iter().filter(|image| !image.reason.is_empty());
        let reasons = reasons.map(|image| image.text(image.reason.clone(), self.images.len()));
        let reason = self.errors.iter().cloned().chain(reasons).collect::<Vec<_>>().join("; ");
        [
            ("outcome", self.outcome(exit).to_owned()),
            ("reason", one_line(&reason)),
            ("freshness", least.unwrap_or(Freshness::Unknown).to_string()),
            ("percent_complete", self.percent_complete().unwrap_or_default()),
        ]
    }

    fn outcome(&self, exit: ExitCode) -> &'static str {
        match exit {
            ExitCode::DeployFailed => "deploy_failed",
            _ if is_signal(exit) => "interrupted",
            _ if !self.errors.is_empty() => "error",
            ExitCode::Ready => "ready",
            ExitCode::Failed => "failed",
            ExitCode::Stalled => "stalled",
            ExitCode::NotStarted => "not_started",
            ExitCode::Unreachable => "unreachable",
            ExitCode::NotReady => "not_ready",
            ExitCode::TimedOut => "timed_out",
            _ => "error",
        }
    }

    /// Returns the share of completed machines of all images, such as `62.5`.
    fn percent_complete(&self) -> Option<String> {
        let counts: Option<Vec<_>> =
            self.images.iter().map(|image| image.status.as_ref().map(ImageStatus::counts)).collect();
        let counts = MachineCounts::sum(counts?).ok()?;
        counts.percent_complete()?;
        Some(counts.percent_text().trim_end_matches([' ', '%']).to_owned())
    }

    /// Returns the summary as Markdown: reports of waits, or what one reading found.
    fn summary(&self, exit: ExitCode) -> String {
        let reports: Vec<Report> = self.images.iter().filter_map(|image| image.report.clone()).collect();
        let reported = render(&reports, ReportFormat::Markdown);
        if self.errors.is_empty() && !reports.is_empty() {
            return reported;
        }
        let statuses = self.images.iter().filter(|image| image.report.is_none());
        let statuses: Vec<_> =
            statuses.filter_map(|image| image.status.as_ref().map(|status| (image.id, status))).collect();
        summary(&self.outcome(exit).replace('_', " "), &self.lines(exit), &statuses) + &reported
    }
}

impl ImageReport {
    const fn new(id: ImageRef) -> Self {
        Self { id, status: None, freshness: Freshness::Unknown, reason: String::new(), report: None }
    }

    /// Returns a text about the image, with its name if there are several.
    fn text(&self, text: String, images: usize) -> String {
        if images > 1 { format!("{}: {text}", label(self.id)) } else { text }
    }
}

/// Returns a line for each value, with its name as the file has it.
fn pairs(values: &[(&str, String)], named: impl Fn(&str) -> String) -> String {
    let lines: Vec<_> = values.iter().map(|(name, value)| format!("{}={value}\n", named(name))).collect();
    lines.concat()
}

fn one_line(text: &str) -> String {
    cut(text, MOST_CHARS)
}

/// Returns the time in seconds since 1970.
fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

const fn is_signal(exit: ExitCode) -> bool {
    matches!(exit, ExitCode::HungUp | ExitCode::Interrupted | ExitCode::Terminated)
}
