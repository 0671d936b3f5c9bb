//! The progress of a wait as lines, for logs.

use std::time::{Duration, Instant};

use clanforge::ImageRef;
use clanforge::core::text::one_line;
use clanforge::monitor::Freshness;

use crate::options::image::label;
use crate::terminal::status_text::{bare_counts, counts_line};
use crate::terminal::streams::Streams;
use crate::terminal::wait_state::{WaitState, clock};

/// Decides when a line is due, and writes it.
pub(super) struct PlainProgress {
    /// The image that lines name, if there are several.
    image: Option<ImageRef>,
    gap: Duration,
    heartbeat: Duration,
    /// How long the wait had lasted at the last line.
    last_line: Option<Duration>,
    has_changes: bool,
    has_ended: bool,
}

impl PlainProgress {
    pub(super) const fn new(image: Option<ImageRef>, gap: Duration, heartbeat: Duration) -> Self {
        Self { image, gap, heartbeat, last_line: None, has_changes: false, has_ended: false }
    }

    /// Records that something changed, or that the wait has ended: the last change is then shown even within the gap.
    pub(super) fn note(&mut self, has_changed: bool, has_ended: bool) {
        self.has_changes |= has_changed;
        self.has_ended |= has_ended;
    }

    /// Writes a line if one is due.
    pub(super) fn write(&mut self, state: &WaitState, now: Instant, streams: &mut Streams<'_>) {
        if let Some(line) = self.line(state, now) {
            streams.write_message(&format!("{line}\n"));
        }
    }

    /// Returns a line if one is due.
    fn line(&mut self, state: &WaitState, now: Instant) -> Option<String> {
        let elapsed = state.elapsed(now);
        let since = self.last_line.map_or(Duration::MAX, |last| elapsed.saturating_sub(last));
        let is_over = state.outcome.is_some() && !self.has_changes;
        let is_due =
            (since >= self.heartbeat && !is_over) || (self.has_changes && (since >= self.gap || self.has_ended));
        is_due.then(|| {
            (self.last_line, self.has_changes) = (Some(elapsed), false);
            line(self.image, state, now)
        })
    }
}

/// What a line says before the first status was read.
const NO_READING: &str = "no reading yet";

fn line(image: Option<ImageRef>, state: &WaitState, now: Instant) -> String {
    let image = image.map_or_else(String::new, |image| format!("  {}", label(image)));
    let elapsed = format!("{}{image}", clock(state.elapsed(now)));
    let last = state.last_reading.as_ref().map(|last| {
        let reading = &last.reading;
        let counts = match reading.freshness {
            Freshness::Observed => counts_line(&reading.status),
            Freshness::Assumed => format!("{}, assumed to be the new version", counts_line(&reading.status)),
            Freshness::Unknown => format!("{} ({})", reading.message, bare_counts(&reading.status)),
        };
        format!("{counts}{}{}", last.quality(), last.time_left())
    });
    match &state.last_failure {
        None => format!("{elapsed}  {}", last.as_deref().unwrap_or(NO_READING)),
        Some(failed) => {
            let last = last.map_or_else(|| NO_READING.to_owned(), |last| format!("last reading: {last}"));
            format!("{elapsed}  reading failed: {} ({last})", one_line(&failed.error.message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GAP: Duration = Duration::from_secs(10);
    const HEARTBEAT: Duration = Duration::from_secs(60);

    /// Returns which of these seconds write a line; each says whether something changed at it, and whether the wait ended.
    fn seconds_with_a_line(moments: &[(u64, bool, bool)]) -> Vec<u64> {
        let start = Instant::now();
        let (state, mut progress) = (WaitState::new(start), PlainProgress::new(None, GAP, HEARTBEAT));
        let mut has_line = |(second, has_changed, has_ended): &(u64, bool, bool)| {
            progress.note(*has_changed, *has_ended);
            progress.line(&state, start + Duration::from_secs(*second)).map(|_| *second)
        };
        moments.iter().filter_map(&mut has_line).collect()
    }

    #[test]
    fn a_change_within_the_gap_is_shown_after_it() {
        let moments = [(0, true, false), (4, true, false), (9, false, false), (10, false, false), (20, false, false)];
        assert_eq!(seconds_with_a_line(&moments), [0, 10]);
    }

    #[test]
    fn a_heartbeat_is_shown_where_nothing_changes() {
        let moments = [(0, false, false), (59, false, false), (60, false, false), (119, false, false)];
        assert_eq!(seconds_with_a_line(&moments), [0, 60]);
    }

    #[test]
    fn the_end_shows_the_last_change_within_the_gap() {
        assert_eq!(seconds_with_a_line(&[(0, true, false), (3, true, false), (4, false, true)]), [0, 4]);
        assert_eq!(seconds_with_a_line(&[(0, true, false), (4, false, true)]), [0]);
    }

    #[test]
    fn a_line_begins_with_the_elapsed_time() {
        let start = Instant::now();
        let state = WaitState::new(start);
        let now = start + Duration::from_secs(3787);
        assert_eq!(line(None, &state, now), "1:03:07  no reading yet");
        assert_eq!(line(Some(ImageRef::new(12, 5)), &state, now), "1:03:07  12/5  no reading yet");
    }
}
