//! Reports of waits for people: one self-contained file for a release ticket.
//!
//! A [`Report`] takes the updates of a wait one by one and keeps what it shows, so that a wait of any length fits into
//! memory. Its HTML page has no scripts and loads no other resources.

mod chart;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use askama::Template;
use serde_json::Value;

use self::chart::{Chart, Moment, Point, Span};
use crate::gate::Verdict;
use crate::monitor::{Freshness, Outcome, OutcomeKind, Update};
use crate::recording::{RecordedWait, RecordingHeader};
use crate::request::ImageRef;
use crate::seconds;
use crate::status::{ImageStatus, MachineCounts, RegionRow};
use crate::text::cut;
use crate::timestamp;

/// The most regions whose machines are shown over time.
const MOST_CHARTS: usize = 50;

/// The most regions in a table, those with failed and pending machines first.
const MOST_ROWS: usize = 200;

/// The points of a line in Markdown.
const MARKDOWN_POINTS: u32 = 40;

/// The most warnings that are listed.
const MOST_WARNINGS: usize = 50;

/// The most characters of an untrusted text.
const MOST_CHARS: usize = 200;

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// An HTML page without scripts or other resources, whose colours follow the reader's light or dark theme.
    Html,
    /// A chart of the machines over time.
    Svg,
    /// Markdown, as GitHub and GitLab show it.
    Markdown,
}

impl ReportFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Html, Self::Svg, Self::Markdown];

    /// Returns its name, which is also the extension of its files: `html`, `svg` or `md`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Svg => "svg",
            Self::Markdown => "md",
        }
    }

    /// Returns the format with this name; `None` if there is none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for ReportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What happened in a wait.
#[derive(Clone, Debug)]
pub struct Report {
    header: RecordingHeader,
    points: Vec<Point>,
    regions: BTreeMap<(String, String), Vec<Point>>,
    has_too_many_regions: bool,
    moments: Vec<Moment>,
    outages: Vec<Span>,
    warnings: Vec<String>,
    last: Option<ImageStatus>,
    verdict: Option<Verdict>,
    outcome: Option<Outcome>,
    end: Duration,
}

impl Report {
    /// Returns the report of a wait that has no updates yet.
    pub const fn new(header: RecordingHeader) -> Self {
        Self {
            header,
            points: Vec::new(),
            regions: BTreeMap::new(),
            has_too_many_regions: false,
            moments: Vec::new(),
            outages: Vec::new(),
            warnings: Vec::new(),
            last: None,
            verdict: None,
            outcome: None,
            end: Duration::ZERO,
        }
    }

    /// Takes the next update.
    pub fn add(&mut self, update: &Update) {
        self.end = self.end.max(update.elapsed());
        match update {
            Update::Reading(reading) => {
                let counts = reading.status.counts();
                if !self.has_moment(Moment::START) && self.departs(counts) {
                    self.moments.push(Moment::new(reading.elapsed, Moment::START));
                }
                if !self.has_moment(Moment::EVIDENCE) && reading.freshness == Freshness::Observed {
                    self.moments.push(Moment::new(reading.elapsed, Moment::EVIDENCE));
                }
                if let Some(outage) = self.outages.last_mut().filter(|outage| outage.is_open) {
                    *outage = Span { until: reading.elapsed, is_open: false, ..*outage };
                }
                self.warnings.extend(reading.warnings.iter().map(|warning| shown(warning)));
                self.points.push(Point { at: reading.elapsed, counts });
                self.add_regions(reading.elapsed, &reading.status);
                self.last = Some(reading.status.clone());
                self.verdict = Some(reading.verdict.clone());
            }
            Update::ReadFailed(failed) => match self.outages.last_mut().filter(|outage| outage.is_open) {
                Some(outage) => outage.until = failed.elapsed,
                None => self.outages.push(Span { from: failed.elapsed, until: failed.elapsed, is_open: true }),
            },
            Update::Outcome(outcome) => {
                self.moments.push(Moment::new(outcome.elapsed, outcome.kind.as_str()));
                self.outcome = Some(outcome.clone());
            }
        }
    }

    fn has_moment(&self, name: &str) -> bool {
        self.moments.iter().any(|moment| moment.name == name)
    }

    /// Returns true if machines have left the completed state since the reading before, or since the baseline.
    fn departs(&self, counts: MachineCounts) -> bool {
        let baseline = || self.header.baseline.as_ref().map(|baseline| baseline.status().counts());
        let before = self.points.last().map(|point| point.counts).or_else(baseline);
        before.is_some_and(|before| {
            counts.completed_machines() < before.completed_machines()
                && counts.pending_machines() > before.pending_machines()
        })
    }

    fn add_regions(&mut self, at: Duration, status: &ImageStatus) {
        self.has_too_many_regions |= status.regions().is_some_and(|regions| regions.count() > MOST_CHARTS);
        if self.has_too_many_regions {
            self.regions.clear();
            return;
        }
        for region in status.regions().into_iter().flatten() {
            let id = (region.fleet_id.to_owned(), region.region_id.to_owned());
            self.regions.entry(id).or_default().push(Point { at, counts: region.counts });
        }
    }

    fn sections(&self) -> Section<'_> {
        Section {
            report: self,
            chart: Chart::large(&self.points, self.end, &self.moments, &self.outages),
            regions: self.region_lines(),
        }
    }

    /// Returns the rows of the table of regions.
    fn region_lines(&self) -> Vec<RegionLine> {
        let line = |row: RegionRow<'_>| {
            let points = self.regions.get(&(row.fleet_id.to_owned(), row.region_id.to_owned()));
            RegionLine { chart: points.map(|points| Chart::small(points, self.end)), ..RegionLine::from(row) }
        };
        self.last.iter().flat_map(region_rows).map(line).collect()
    }
}

/// Returns the regions that a table shows: those with failed and pending machines first.
fn region_rows(status: &ImageStatus) -> Vec<RegionRow<'_>> {
    let mut rows: Vec<RegionRow<'_>> = status.regions().into_iter().flatten().collect();
    rows.sort_by_key(|row| {
        let counts = row.counts;
        (std::cmp::Reverse(counts.failed_machines()), std::cmp::Reverse(counts.pending_machines()))
    });
    rows.truncate(MOST_ROWS);
    rows
}

impl From<&RecordedWait> for Report {
    fn from(wait: &RecordedWait) -> Self {
        let mut report = Self::new(wait.header.clone());
        wait.updates.iter().for_each(|line| report.add(&line.update));
        report
    }
}

/// Returns the reports of waits as one document.
pub fn render(reports: &[Report], format: ReportFormat) -> String {
    let sections: Vec<Section<'_>> = reports.iter().map(Report::sections).collect();
    let rendered = match format {
        ReportFormat::Html => Page { sections: &sections }.render(),
        ReportFormat::Svg => Picture { height: Chart::HEIGHT * sections.len(), sections: &sections }.render(),
        ReportFormat::Markdown => Markdown { sections: &sections }.render(),
    };
    // Writing to a string does not fail.
    rendered.unwrap_or_default()
}

/// Returns the outcome of a wait as part of an HTML page, for notebooks.
pub fn outcome_html(outcome: &Outcome) -> String {
    let regions = outcome.status.as_ref().map(ImageStatus::failed_regions).unwrap_or_default();
    let regions = regions.into_iter().flatten().take(MOST_ROWS);
    let regions = regions.map(|row| (shown(row.fleet_id), shown(row.name), row.counts)).collect();
    let rendered = OutcomePart { outcome, reason: shown(&outcome.reason), regions }.render();
    rendered.unwrap_or_default()
}

/// Returns a Markdown summary of images that were read once each: a title, lines that explain the result, and the
/// statuses.
pub fn summary(title: &str, lines: &[String], statuses: &[(ImageRef, &ImageStatus)]) -> String {
    let statuses = statuses.iter().map(|(image, status)| {
        let regions = region_rows(status);
        let hidden = status.regions().map_or(0, Iterator::count) - regions.len();
        let (percent, machines) = (status.percent_text(), machines(status.counts()));
        StatusPart {
            image: *image,
            percent,
            machines,
            regions: regions.into_iter().map(RegionLine::from).collect(),
            hidden,
        }
    });
    SummaryPart { title, lines, statuses: statuses.collect() }.render().unwrap_or_default()
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    sections: &'a [Section<'a>],
}

#[derive(Template)]
#[template(path = "report.svg", escape = "html")]
struct Picture<'a> {
    height: usize,
    sections: &'a [Section<'a>],
}

#[derive(Template)]
#[template(path = "report.md", escape = "none")]
struct Markdown<'a> {
    sections: &'a [Section<'a>],
}

#[derive(Template)]
#[template(path = "outcome.html")]
struct OutcomePart<'a> {
    outcome: &'a Outcome,
    reason: String,
    regions: Vec<(String, String, MachineCounts)>,
}

#[derive(Template)]
#[template(path = "summary.md", escape = "none")]
struct SummaryPart<'a> {
    title: &'a str,
    lines: &'a [String],
    statuses: Vec<StatusPart>,
}

/// What the summary shows of one image.
struct StatusPart {
    image: ImageRef,
    percent: String,
    machines: String,
    regions: Vec<RegionLine>,
    hidden: usize,
}

/// What the templates show of one wait.
struct Section<'a> {
    report: &'a Report,
    chart: Chart,
    regions: Vec<RegionLine>,
}

struct RegionLine {
    fleet: String,
    name: String,
    chart: Option<Chart>,
    counts: MachineCounts,
}

impl From<RegionRow<'_>> for RegionLine {
    fn from(row: RegionRow<'_>) -> Self {
        Self { fleet: shown(row.fleet_id), name: shown(row.name), chart: None, counts: row.counts }
    }
}

impl Section<'_> {
    fn image(&self) -> String {
        let image = self.report.header.image;
        format!("image {} of account service {}", image.image_id, image.account_service_id)
    }

    fn kind(&self) -> &'static str {
        self.report.outcome.as_ref().map_or("undecided", |outcome| outcome.kind.as_str())
    }

    fn title(&self) -> String {
        let what = match self.report.outcome.as_ref().map(|outcome| outcome.kind) {
            Some(OutcomeKind::Ready) => "Ready",
            Some(OutcomeKind::Failed) => "Failed",
            Some(OutcomeKind::Stalled) => "Stalled",
            Some(OutcomeKind::TimedOut) => "Timed out",
            Some(OutcomeKind::NotStarted) => "Not started",
            Some(OutcomeKind::Unreachable) => "Unreachable",
            None => "Undecided",
        };
        format!("{what} after {}", duration(self.report.end))
    }

    fn reason(&self) -> String {
        match &self.report.outcome {
            Some(outcome) => shown(&outcome.reason),
            None => "The recording ends before the wait does.".to_owned(),
        }
    }

    /// Returns what a reader wants to know first, as names and values.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let report = self.report;
        let mut facts = vec![("Image", self.image()), ("Began", timestamp::text(report.header.time))];
        if let Some(ended) = report.header.time.checked_add(report.end) {
            facts.push(("Ended", timestamp::text(ended)));
        }
        if let Some(last) = &report.last {
            facts.push(("Complete", last.percent_text()));
            facts.push(("Machines", machines(last.counts())));
        }
        if let Some(baseline) = &report.header.baseline {
            facts.push(("Baseline", machines(baseline.status().counts())));
        }
        if let Some(outcome) = &report.outcome {
            facts.push(("Counts of the new version", outcome.freshness.to_string()));
            facts.push(("Readings", outcome.readings.to_string()));
            facts.push(("Failed readings", outcome.errors.to_string()));
            facts.push(("Inconsistent readings", outcome.inconsistent.to_string()));
        }
        facts
    }

    fn minutes(&self) -> String {
        format!("{:.1}", (self.report.end.as_secs_f64() / 60.0).max(0.1))
    }

    fn most(&self) -> u64 {
        chart::most(&self.report.points).max(1)
    }

    /// Returns a count over time, at equal distances.
    fn line(&self, count: fn(MachineCounts) -> u64) -> String {
        let at = |index: u32| self.report.end * index / (MARKDOWN_POINTS - 1);
        let last_until = |at| self.report.points.iter().take_while(|point| point.at <= at).last();
        let counts = (0..MARKDOWN_POINTS).map(|index| last_until(at(index)).map_or(0, |point| count(point.counts)));
        counts.map(|count| count.to_string()).collect::<Vec<_>>().join(", ")
    }

    /// Returns the moments and outages in their order, each with its time.
    fn events(&self) -> Vec<(String, String)> {
        let report = self.report;
        let moments = report.moments.iter().map(|moment| (moment.at, moment.text()));
        let outages = report.outages.iter().map(|outage| {
            let end =
                if outage.is_open { "to the end".to_owned() } else { format!("until {}", duration(outage.until)) };
            (outage.from, format!("outage: the service could not be read {end}"))
        });
        let mut events: Vec<(Duration, String)> = moments.chain(outages).collect();
        events.sort();
        events.into_iter().map(|(at, text)| (duration(at), text)).collect()
    }

    /// Returns why the last verdict is not ready, a line for each scope.
    fn not_ready(&self) -> Vec<String> {
        let scopes = self.report.verdict.iter().flat_map(Verdict::scopes).filter(|scope| !scope.is_ready());
        scopes.take(MOST_ROWS).map(|scope| shown(&scope.to_string())).collect()
    }

    fn warnings(&self) -> &[String] {
        let warnings = &self.report.warnings;
        &warnings[..warnings.len().min(MOST_WARNINGS)]
    }

    /// Returns the number of regions that the table leaves out.
    fn hidden_regions(&self) -> usize {
        let regions = self.report.last.as_ref().and_then(ImageStatus::regions).map_or(0, Iterator::count);
        regions - self.regions.len()
    }

    /// Returns the options of the policy and the gate, and their values.
    fn policy(&self) -> Vec<(String, String)> {
        let mut options = Vec::new();
        flatten("", &serde_json::to_value(&self.report.header.policy).unwrap_or_default(), &mut options);
        options
    }
}

fn flatten(name: &str, value: &Value, options: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                flatten(&name, value, options);
            }
        }
        Value::Null => options.push((name.to_owned(), "-".to_owned())),
        Value::Array(values) => {
            let texts: Vec<_> = values.iter().map(|value| value.as_str().map_or(value.to_string(), shown)).collect();
            options.push((name.to_owned(), if texts.is_empty() { "-".to_owned() } else { texts.join(", ") }));
        }
        Value::String(text) => options.push((name.to_owned(), shown(text))),
        other => options.push((name.to_owned(), shown(&other.to_string()))),
    }
}

fn machines(counts: MachineCounts) -> String {
    let (pending, failed, completed) =
        (counts.pending_machines(), counts.failed_machines(), counts.completed_machines());
    format!("{completed} completed, {pending} pending, {failed} failed")
}

fn duration(duration: Duration) -> String {
    seconds::text(Duration::from_secs(duration.as_secs()))
}

/// Returns an untrusted text on one line, truncated.
fn shown(text: &str) -> String {
    cut(text, MOST_CHARS)
}

#[allow(unreachable_pub, clippy::inline_always, clippy::unused_self)] // What the macro makes of a filter.
mod filters {
    use std::fmt::Write as _;

    /// Writes a text so that Markdown shows it as it is: each character with a meaning there as a character reference.
    #[askama::filter_fn]
    pub(super) fn markdown(text: impl std::fmt::Display, _: &dyn askama::Values) -> askama::Result<String> {
        let mut escaped = String::new();
        for character in text.to_string().chars() {
            if character.is_ascii_punctuation() && !matches!(character, '.' | ',' | ':' | '%' | '-' | '/' | '\'') {
                write!(escaped, "&#{};", u32::from(character))?;
            } else {
                escaped.push(character);
            }
        }
        Ok(escaped)
    }
}
