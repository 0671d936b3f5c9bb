//! What is shown while waiting: a picture on a terminal, lines elsewhere.

use std::time::{Duration, Instant};

use clanforge::ImageRef;
use clanforge::core::text::one_line;
use clanforge::monitor::{Changes, Freshness, ReadFailed, ReadingTaken, Update};

use crate::exit::Failure;
use crate::reports::status::{counts_line, lagging_first};
use crate::terminal::columns;
use crate::terminal::live_view::Picture;
use crate::terminal::paint::Paint;
use crate::terminal::streams::Streams;

/// What is shown of a wait, on standard error.
pub(crate) struct Progress {
    kind: Kind,
    began: Instant,
    last_reading: Option<(Instant, Box<ReadingTaken>)>,
    last_failure: Option<ReadFailed>,
}

enum Kind {
    None,
    Drawn { image: ImageRef, picture: Picture },
    Lines { gap: Duration, heartbeat: Duration, last: Option<Instant>, is_due: bool },
}

/// How many regions a picture shows.
const MOST_REGIONS: usize = 12;

/// How many columns of a region's name a picture shows.
const MOST_NAME: usize = 24;

/// How many characters long a bar is.
const BAR: usize = 30;

impl Progress {
    pub(crate) fn none() -> Self {
        Self::of(Kind::None)
    }

    /// Returns a picture that is drawn anew.
    pub(crate) fn drawn(image: ImageRef) -> Self {
        Self::of(Kind::Drawn { image, picture: Picture::default() })
    }

    /// Returns lines, one after a change but at most every `gap`, and one after each `heartbeat` without any.
    pub(crate) fn lines(gap: Duration, heartbeat: Duration) -> Self {
        Self::of(Kind::Lines { gap, heartbeat, last: None, is_due: false })
    }

    fn of(kind: Kind) -> Self {
        Self { kind, began: Instant::now(), last_reading: None, last_failure: None }
    }

    /// Returns true where regions are shown.
    pub(crate) const fn wants_detail(&self) -> bool {
        matches!(self.kind, Kind::Drawn { .. })
    }

    /// Takes an update, and shows what it changes.
    pub(crate) fn show(&mut self, update: &Update, streams: &mut Streams<'_>) -> Result<(), Failure> {
        let has_changed = match update {
            Update::Reading(reading) => {
                let is_same = reading.changes.is_some_and(Changes::is_none);
                let before = self.last_reading.replace((Instant::now(), Box::new(reading.clone())));
                let was_failing = self.last_failure.take().is_some();
                !is_same || was_failing || before.is_none_or(|(_, before)| before.freshness != reading.freshness)
            }
            Update::ReadFailed(failed) => self.last_failure.replace(failed.clone()).is_none(),
            Update::Outcome(_) => return self.end(streams),
        };
        if let Kind::Lines { is_due, .. } = &mut self.kind {
            *is_due |= has_changed;
        }
        self.refresh(streams)
    }

    /// Shows what time alone changes.
    pub(crate) fn refresh(&mut self, streams: &mut Streams<'_>) -> Result<(), Failure> {
        let now = Instant::now();
        match &mut self.kind {
            Kind::None => Ok(()),
            Kind::Drawn { image, picture } => {
                let lines =
                    lines_of_picture(*image, self.began, self.last_reading.as_ref(), self.last_failure.as_ref());
                let paint = streams.message_paint();
                Ok(picture.draw(&lines, paint, streams)?)
            }
            Kind::Lines { gap, heartbeat, last, is_due } => {
                let since = last.map_or(Duration::MAX, |last| now - last);
                if since >= *heartbeat || (*is_due && since >= *gap) {
                    let line = line(self.began, self.last_reading.as_ref(), self.last_failure.as_ref());
                    (*last, *is_due) = (Some(now), false);
                    streams.message(&format!("{line}\n"))?;
                }
                Ok(())
            }
        }
    }

    /// Shows the last reading for good.
    fn end(&mut self, streams: &mut Streams<'_>) -> Result<(), Failure> {
        if let Kind::Lines { gap, is_due: true, .. } = &mut self.kind {
            *gap = Duration::ZERO;
        }
        self.refresh(streams)
    }
}

/// A line of a picture: its text, and how it is painted.
pub(crate) enum Line {
    Plain(String),
    Strong(String),
    Bad(String),
    /// A bar of so many filled characters between a name and numbers.
    Bar {
        name: String,
        filled: usize,
        numbers: String,
    },
}

impl Line {
    /// Returns the line, cut to a width and painted.
    pub(crate) fn text(&self, width: usize, paint: Paint) -> String {
        let cut = |text: &str| columns::cut(text, width);
        match self {
            Self::Plain(text) => cut(text),
            Self::Strong(text) => paint.strong(&cut(text)),
            Self::Bad(text) => paint.bad(&cut(text)),
            Self::Bar { name, filled, numbers } => {
                let (full, empty) = ("█".repeat(*filled), "░".repeat(BAR - filled));
                let plain = format!("  {name}  {full}{empty}  {numbers}");
                match columns::width(&plain) <= width {
                    true => format!("  {name}  {}{empty}  {numbers}", paint.good(&full)),
                    false => cut(&format!("  {name}  {numbers}")),
                }
            }
        }
    }
}

fn lines_of_picture(
    image: ImageRef,
    began: Instant,
    reading: Option<&(Instant, Box<ReadingTaken>)>,
    failure: Option<&ReadFailed>,
) -> Vec<Line> {
    let mut lines = vec![Line::Strong(format!("{image}, {} waited", clock(began.elapsed())))];
    match reading {
        None => lines.push(Line::Plain("no reading yet".to_owned())),
        Some((at, reading)) => {
            lines.push(Line::Plain(counts_line(&reading.status)));
            lines.push(Line::Plain(format!("read {} ago{}", clock(at.elapsed()), time_left(reading))));
            lines.push(Line::Plain(missing(reading)));
            lines.extend(bars(reading));
        }
    }
    lines.extend(failure.map(|failed| Line::Bad(format!("no reading: {}", one_line(&failed.error.message)))));
    lines
}

/// Returns what is still missing for the gate.
fn missing(reading: &ReadingTaken) -> String {
    match reading.freshness {
        Freshness::Unknown => "not known to be the new version: its rollout was not seen to start".to_owned(),
        Freshness::Observed => reading.verdict.reason().to_owned(),
        Freshness::Assumed => format!("{}; assumed to be the new version", reading.verdict.reason()),
    }
}

/// Returns a bar for each region, the region that lags most first.
fn bars(reading: &ReadingTaken) -> Vec<Line> {
    let rows = lagging_first(&reading.status).unwrap_or_default();
    let names: Vec<String> = rows.iter().map(|row| columns::cut(&one_line(row.name), MOST_NAME)).collect();
    let width = names.iter().map(|name| columns::width(name)).max().unwrap_or(0);
    let bar = |(row, name): (&clanforge::RegionRow<'_>, &String)| {
        let (completed, total) = (row.counts.completed_machines(), row.counts.total_machines());
        let filled = (u128::from(completed) * BAR as u128).checked_div(total.into()).unwrap_or(0);
        let failed = match row.counts.failed_machines() {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        let name = columns::to_the_left(name, width);
        let numbers = format!("{completed}/{total}{failed}");
        Line::Bar { name, filled: usize::try_from(filled).unwrap_or(BAR).min(BAR), numbers }
    };
    let mut lines: Vec<_> = rows.iter().zip(&names).take(MOST_REGIONS).map(bar).collect();
    if rows.len() > MOST_REGIONS {
        lines.push(Line::Plain(format!("  and {} more regions", rows.len() - MOST_REGIONS)));
    }
    lines
}

/// Returns one line about all of it.
fn line(began: Instant, reading: Option<&(Instant, Box<ReadingTaken>)>, failure: Option<&ReadFailed>) -> String {
    let waited = clock(began.elapsed());
    let read = match reading {
        None => "no reading yet".to_owned(),
        Some((_, reading)) => {
            let fresh = match reading.freshness {
                Freshness::Observed => "",
                Freshness::Assumed => ", assumed to be the new version",
                Freshness::Unknown => ", not known to be the new version",
            };
            format!("{}{fresh}{}", counts_line(&reading.status), time_left(reading))
        }
    };
    match failure {
        None => format!("{waited}  {read}"),
        Some(failed) => format!("{waited}  no reading: {} (before: {read})", one_line(&failed.error.message)),
    }
}

/// Returns the estimate as a range, after a comma; nothing where there is none.
fn time_left(reading: &ReadingTaken) -> String {
    let left = reading.estimate.map(|left| format!(", {} to {} left", clock(left.low), clock(left.high)));
    left.unwrap_or_default()
}

/// Returns a duration as a clock shows it: `3:07`, or `1:03:07` from an hour on.
fn clock(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds % 3600 / 60, seconds % 60),
    }
}
