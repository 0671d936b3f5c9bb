//! What a wait logs: what the rollout does, and what goes wrong, for programs that do not read the updates.

use std::time::Duration;

use clanforge_core::monitor::{Freshness, Next, Outcome, OutcomeKind, ReadFailed, ReadingTaken, Update};
use clanforge_core::{ErrorKind, ImageRef, MachineCounts};

/// How long an outage lasts before its next warning; each one after that takes twice as long.
const FIRST_REMINDER: Duration = Duration::from_secs(60);

/// Logs an event with the image of a wait.
macro_rules! log {
    ($level:ident, $wait:expr, $($message:tt)+) => {
        tracing::$level!(
            account_service_id = $wait.image.account_service_id,
            image_id = $wait.image.image_id,
            $($message)+
        )
    };
}

/// The log of a wait, and what it has logged so far.
pub(crate) struct WaitLog {
    image: ImageRef,
    warnings: Vec<String>,
    has_started: bool,
    /// Fewer than half of the machines were completed.
    was_below_half: bool,
    outage: Option<Outage>,
}

/// Consecutive failed readings, and what was logged about them.
struct Outage {
    began: Duration,
    failed_readings: u32,
    /// The errors that a warning has reported.
    errors: Vec<(ErrorKind, Option<u16>)>,
    /// How long after the beginning of the outage the next warning is due.
    reminder: Duration,
}

impl WaitLog {
    pub(crate) const fn new(image: ImageRef) -> Self {
        Self { image, warnings: Vec::new(), has_started: false, was_below_half: false, outage: None }
    }

    /// Logs what is new in an update, and in the outcome if it is the last reading.
    pub(crate) fn observe(&mut self, update: &Update, next: &Next) {
        match update {
            Update::Reading(reading) => self.observe_reading(reading),
            Update::ReadFailed(failed) => self.observe_failure(failed),
            _ => {}
        }
        if let Next::Finished(outcome) = next {
            self.observe_outcome(outcome);
        }
    }

    /// Warns at the beginning of an outage, of each error that is new in it, and at growing intervals.
    fn observe_failure(&mut self, failed: &ReadFailed) {
        let outage = self.outage.get_or_insert_with(|| Outage {
            began: failed.elapsed,
            failed_readings: 0,
            errors: Vec::new(),
            reminder: FIRST_REMINDER,
        });
        outage.failed_readings += 1;
        let error = (failed.error.kind, failed.error.status);
        let is_new = !outage.errors.contains(&error);
        let lasted = failed.elapsed.saturating_sub(outage.began);
        if is_new {
            outage.errors.push(error);
            log!(warn, self, "a reading failed: {}", failed.error.message);
        } else if lasted >= outage.reminder {
            outage.reminder = lasted * 2;
            let (readings, seconds) = (outage.failed_readings, lasted.as_secs());
            log!(warn, self, "{readings} readings failed within {seconds} s; the last: {}", failed.error.message);
        }
    }

    fn observe_reading(&mut self, reading: &ReadingTaken) {
        if let Some(outage) = self.outage.take() {
            let seconds = reading.elapsed.saturating_sub(outage.began).as_secs();
            log!(info, self, "readings succeed again after {seconds} s");
        }
        self.warn(&reading.warnings);
        let counts = reading.status.counts();
        if reading.freshness != Freshness::Observed {
            return;
        }
        if !self.has_started {
            self.has_started = true;
            log!(info, self, "the rollout has started: {}", completed(counts));
        }
        let is_below_half = counts.completed_machines() < counts.total_machines().div_ceil(2);
        if self.was_below_half && !is_below_half {
            log!(info, self, "the rollout is half done: {}", completed(counts));
        }
        self.was_below_half = is_below_half;
    }

    fn observe_outcome(&mut self, outcome: &Outcome) {
        // An outcome has every warning of its wait, also those that another process has shown.
        self.warn(&outcome.warnings);
        match outcome.is_ready() {
            true => log!(info, self, "confirmed {}", outcome.reason),
            false => {
                let reason = without_kind(outcome.kind, &outcome.reason);
                log!(warn, self, "the wait ended as {}: {reason}", outcome.kind);
            }
        }
    }

    fn warn(&mut self, warnings: &[String]) {
        for warning in warnings {
            if !self.warnings.contains(warning) {
                self.warnings.push(warning.clone());
                log!(warn, self, "{warning}");
            }
        }
    }
}

/// Returns a reason without the kind of the outcome, with which most reasons begin.
fn without_kind(kind: OutcomeKind, reason: &str) -> &str {
    let kind = kind.as_str().replace('_', " ");
    reason.strip_prefix(&kind).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(reason)
}

fn completed(counts: MachineCounts) -> String {
    format!("{} of {} machines completed", counts.completed_machines(), counts.total_machines())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_names_the_kind_of_an_outcome_once() {
        for (kind, reason, expected) in [
            (OutcomeKind::Failed, "failed: the image has 3 failed machines", "the image has 3 failed machines"),
            (OutcomeKind::Stalled, "stalled: no progress for 20 min", "no progress for 20 min"),
            (OutcomeKind::NotStarted, "not started: no evidence", "no evidence"),
            (OutcomeKind::TimedOut, "timed out after 1 h", "timed out after 1 h"),
        ] {
            assert_eq!(without_kind(kind, reason), expected);
        }
    }
}
