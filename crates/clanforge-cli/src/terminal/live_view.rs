//! The progress of a wait as a view that is redrawn in place, without an alternate screen.

use std::io;
use std::time::Instant;

use clanforge::core::text::one_line;
use clanforge::monitor::{Freshness, ReadFailed, ReadingTaken};
use clanforge::{ImageRef, MachineCounts, RegionRow};
use terminal_size::terminal_size_of;

use crate::options::image::label;
use crate::terminal::paint::Paint;
use crate::terminal::status_text::{bare_counts, counts_line, lagging_first};
use crate::terminal::streams::Streams;
use crate::terminal::terminal_kind::TerminalKind;
use crate::terminal::text_width::{align_left, truncate, width};
use crate::terminal::wait_state::{WaitState, clock};

#[derive(Default)]
pub(super) struct LiveView {
    /// How many rows the last drawing took.
    drawn: usize,
}

/// The size of a terminal that does not report one.
const COLUMNS: usize = 80;
const ROWS: usize = 24;

const MAX_REGIONS: usize = 12;
const MAX_NAME_WIDTH: usize = 24;
const BAR_WIDTH: usize = 30;

impl LiveView {
    /// Draws over the last drawing. Each line takes one row of the terminal, and all of them fit on it.
    pub(super) fn draw(&mut self, waits: &[(ImageRef, WaitState)], now: Instant, streams: &mut Streams<'_>) {
        let (columns, rows) = terminal_size();
        let (paint, terminal) = (streams.stderr_paint(), streams.terminal());
        let lines = match waits {
            [(image, state)] => regions(*image, state, now, terminal),
            waits => images(waits, now),
        };
        let lines: Vec<_> =
            lines.iter().take(rows.saturating_sub(1).max(1)).map(|line| line.text(columns, paint, terminal)).collect();
        let erase = match self.drawn {
            0 => String::new(),
            drawn => format!("\u{1b}[{drawn}A\u{1b}[J"),
        };
        self.drawn = lines.len();
        streams.write_message(&format!("{erase}{}\n", lines.join("\n")));
    }
}

/// Returns the lines of a wait for one image.
fn regions(image: ImageRef, state: &WaitState, now: Instant, terminal: TerminalKind) -> Vec<Line> {
    let mut lines = vec![Line::Bold(format!("{image}, waiting for {}", clock(state.elapsed(now))))];
    match &state.last_reading {
        None => lines.push(Line::Plain("no reading yet".to_owned())),
        Some(last) => {
            let status = &last.reading.status;
            lines.push(Line::Plain(match last.reading.freshness {
                Freshness::Unknown => bare_counts(status),
                Freshness::Observed | Freshness::Assumed => counts_line(status),
            }));
            let age = clock(now - last.at);
            lines.push(Line::Plain(format!("read {age} ago{}{}", last.quality(), last.time_left())));
            lines.push(Line::Plain(last.reading.message.clone()));
            lines.extend(bars(&last.reading, terminal));
        }
    }
    lines.extend(state.last_failure.as_ref().map(|failed| Line::Red(read_failed(failed))));
    lines
}

/// Returns a line for each of several images.
fn images(waits: &[(ImageRef, WaitState)], now: Instant) -> Vec<Line> {
    let elapsed = waits.iter().map(|(_, state)| state.elapsed(now)).max().unwrap_or_default();
    let name_width = waits.iter().map(|(image, _)| label(*image).len()).max().unwrap_or(0);
    let row = |(image, state): &(ImageRef, WaitState)| {
        let name = align_left(&label(*image), name_width);
        match (&state.outcome, &state.last_failure, &state.last_reading) {
            (Some(outcome), _, _) if outcome.is_ready() => Line::Plain(format!("  {name}  {}", outcome.reason)),
            (Some(outcome), _, _) => Line::Red(format!("  {name}  {}", outcome.reason)),
            (None, Some(failed), _) => Line::Red(format!("  {name}  {}", read_failed(failed))),
            (None, None, None) => Line::Plain(format!("  {name}  no reading yet")),
            (None, None, Some(last)) => match last.reading.freshness {
                Freshness::Unknown => {
                    let counts = bare_counts(&last.reading.status);
                    Line::Plain(format!("  {name}  {} ({counts})", last.reading.message))
                }
                Freshness::Observed | Freshness::Assumed => bar(name, last.reading.status.counts(), &last.time_left()),
            },
        }
    };
    let count = waits.len();
    let heading = Line::Bold(format!("{count} images, waiting for {}", clock(elapsed)));
    [heading].into_iter().chain(waits.iter().map(row)).collect()
}

fn read_failed(failed: &ReadFailed) -> String {
    format!("reading failed: {}", one_line(&failed.error.message))
}

fn terminal_size() -> (usize, usize) {
    match terminal_size_of(io::stderr()) {
        Some((columns, rows)) if columns.0 > 0 && rows.0 > 0 => (columns.0.into(), rows.0.into()),
        _ => (COLUMNS, ROWS),
    }
}

/// Returns a bar for each region, the one that lags most first.
fn bars(reading: &ReadingTaken, terminal: TerminalKind) -> Vec<Line> {
    let rows = lagging_first(&reading.status).unwrap_or_default();
    let name = |row: &RegionRow<'_>| truncate(&terminal.shown(&one_line(row.name)), MAX_NAME_WIDTH);
    let shown = &rows[..rows.len().min(MAX_REGIONS)];
    let name_width = shown.iter().map(|row| width(&name(row))).max().unwrap_or(0);
    let bar = |row: &RegionRow<'_>| bar(align_left(&name(row), name_width), row.counts, "");
    let rest = rows.len() - shown.len();
    let rest = (rest > 0).then(|| Line::Plain(format!("  and {rest} more regions")));
    shown.iter().map(bar).chain(rest).collect()
}

/// Returns a bar of counts, with a note after its numbers.
fn bar(name: String, counts: MachineCounts, note: &str) -> Line {
    let (completed, total) = (counts.completed_machines(), counts.total_machines());
    let filled = (u128::from(completed) * BAR_WIDTH as u128).checked_div(total.into()).unwrap_or(0);
    let failed = match counts.failed_machines() {
        0 => String::new(),
        failed => format!(", {failed} failed"),
    };
    let filled = usize::try_from(filled).unwrap_or(BAR_WIDTH).min(BAR_WIDTH);
    Line::Bar { name, filled, numbers: format!("{completed}/{total}{failed}{note}") }
}

enum Line {
    Plain(String),
    Bold(String),
    Red(String),
    /// A region or an image: its name as the terminal shows it, the number of filled columns of its bar, and its counts.
    Bar {
        name: String,
        filled: usize,
        numbers: String,
    },
}

impl Line {
    /// Returns the line with colours, truncated to the width of the terminal; a bar that does not fit is left out.
    fn text(&self, columns: usize, paint: Paint, terminal: TerminalKind) -> String {
        match self {
            Self::Plain(text) => truncate(&terminal.shown(text), columns),
            Self::Bold(text) => paint.bold(&truncate(&terminal.shown(text), columns)),
            Self::Red(text) => paint.red(&truncate(&terminal.shown(text), columns)),
            Self::Bar { name, filled, numbers } => {
                let (full, empty) = if terminal.has_unicode { ("█", "░") } else { ("#", ".") };
                let (full, empty) = (full.repeat(*filled), empty.repeat(BAR_WIDTH - filled));
                match width(&format!("  {name}  {full}{empty}  {numbers}")) <= columns {
                    true => format!("  {name}  {}{empty}  {numbers}", paint.green(&full)),
                    false => truncate(&format!("  {name}  {numbers}"), columns),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clanforge::ImageStatus;
    use clanforge::monitor::{Baseline, Monitor, Next, Policy, Reading, Update};

    use super::*;

    const UNICODE: TerminalKind = TerminalKind::UNICODE;
    const ASCII: TerminalKind = TerminalKind { has_unicode: false, ..UNICODE };

    /// Returns the view of a first reading, a minute after it, of one completed machine in each of these regions.
    fn view(names: &[String], terminal: TerminalKind) -> Vec<String> {
        let places = names.iter().enumerate().map(|(id, name)| {
            let region = serde_json::json!({"name": name, "pending_machines": 0, "completed_machines": 1});
            (id.to_string(), region)
        });
        let counts = |field: &str, value: serde_json::Value| serde_json::json!({"pending_machines": 0, "completed_machines": names.len(), field: value});
        let fleet = counts("regions", places.collect::<serde_json::Map<_, _>>().into());
        let status: ImageStatus =
            serde_json::from_value(counts("fleets", serde_json::json!({"fleet": fleet}))).unwrap();
        let image = ImageRef::new(1234, 5678);
        let mut monitor = Monitor::new(image, Policy::default(), None).unwrap();
        let update = monitor.observe(Duration::ZERO, Reading::Status(status)).update;
        let start = Instant::now();
        let mut state = WaitState::new(start);
        assert!(state.apply(&update, start));
        let lines = regions(image, &state, start + Duration::from_secs(60), terminal);
        lines.iter().map(|line| line.text(80, Paint::of(false), terminal)).collect()
    }

    #[test]
    fn several_images_have_a_row_each() {
        let counts =
            |pending, failed, completed| ImageStatus::new(MachineCounts::new(pending, failed, completed).unwrap());
        let policy: Policy = serde_json::from_str(r#"{"settle_seconds": 0, "gate": {"max_failed": 1}}"#).unwrap();
        let start = Instant::now();
        let wait = |image_id, readings: &[ImageStatus]| {
            let image = ImageRef::new(1234, image_id);
            let baseline = Baseline::new(image, counts(0, 0, 40));
            let mut monitor = Monitor::new(image, policy.clone(), Some(&baseline)).unwrap();
            let mut state = WaitState::new(start);
            for (reading, seconds) in readings.iter().zip((0..).step_by(60)) {
                let step = monitor.observe(Duration::from_secs(seconds), Reading::Status(reading.clone()));
                state.apply(&step.update, start);
                if let Next::Finished(outcome) = step.next {
                    state.apply(&Update::Outcome(*outcome), start);
                }
            }
            (image, state)
        };
        let (before, started, done) = (counts(0, 0, 40), counts(40, 0, 0), counts(0, 0, 40));
        let half = counts(19, 1, 20);
        let waits = [
            wait(5, &[]),
            wait(6, &[before]),
            wait(7, &[started.clone(), started.clone(), half]),
            wait(5678, &[started.clone(), started, done.clone(), done]),
        ];
        let lines = images(&waits, start);
        let lines: Vec<_> = lines.iter().map(|line| line.text(100, Paint::of(false), UNICODE)).collect();
        let bar = format!("{}{}", "█".repeat(15), "░".repeat(15));
        assert_eq!(
            lines,
            [
                "4 images, waiting for 3:00".to_owned(),
                "  1234/5     no reading yet".to_owned(),
                "  1234/6     waiting for the rollout to start (40 completed, 0 pending, 0 failed)".to_owned(),
                format!("  1234/7     {bar}  20/40, 1 failed, 2:43 to 8:41 left"),
                "  1234/5678  ready: 40 of 40 machines completed, 0 pending, 0 failed".to_owned(),
            ]
        );
    }

    #[test]
    fn the_view_shows_the_age_of_the_reading() {
        let lines = view(&["Europe".to_owned()], UNICODE);
        assert_eq!(lines[0], "image 5678 of account service 1234, waiting for 1:00");
        assert_eq!(lines[2], "read 1:00 ago");
    }

    #[test]
    fn a_view_of_a_rollout_that_was_not_seen_to_start_shows_no_progress() {
        let lines = view(&["Europe".to_owned()], UNICODE);
        assert_eq!(lines[1], "1 completed, 0 pending, 0 failed");
        assert_eq!(lines[3], "waiting for the rollout to start");
    }

    #[test]
    fn a_region_name_stays_on_one_line_without_control_characters() {
        let lines = view(&["\u{1b}[2J\n東京".to_owned()], UNICODE);
        assert!(lines.last().unwrap().starts_with("  \\u{1b}[2J\\n東京  █"), "{lines:?}");
        assert!(lines.iter().all(|line| !line.contains(char::is_control)), "{lines:?}");
    }

    #[test]
    fn regions_beyond_the_twelfth_are_counted() {
        let names: Vec<_> = (0..15).map(|number| format!("Region {number}")).collect();
        let lines = view(&names, UNICODE);
        assert_eq!(lines.iter().filter(|line| line.contains('█')).count(), 12, "{lines:?}");
        assert_eq!(lines.last().unwrap(), "  and 3 more regions");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let bar = Line::Bar { name: "東京".to_owned(), filled: 10, numbers: "8/24, 2 failed".to_owned() };
        assert_eq!(
            bar.text(80, Paint::of(false), UNICODE),
            format!("  東京  {}{}  8/24, 2 failed", "█".repeat(10), "░".repeat(20))
        );
        assert_eq!(bar.text(40, Paint::of(false), UNICODE), "  東京  8/24, 2 failed");
        for columns in 1..80 {
            for line in [Line::Plain("東京".repeat(50)), Line::Bold("x".repeat(200)), Line::Red("é".repeat(99))] {
                assert!(width(&line.text(columns, Paint::of(false), UNICODE)) <= columns);
            }
            assert!(width(&bar.text(columns, Paint::of(false), UNICODE)) <= columns);
        }
    }

    #[test]
    fn bars_and_names_are_ascii_where_the_terminal_shows_nothing_else() {
        let lines = view(&["Köln".to_owned(), "Europe".to_owned()], ASCII);
        let expected = ["K\\u00f6ln", "Europe   "].map(|name| format!("  {name}  {}  1/1", "#".repeat(30)));
        assert_eq!(lines[4..], expected);
        assert_eq!(Line::Plain("é".repeat(9)).text(12, Paint::of(false), ASCII), "\\u00e9\\u00e9");
    }
}
