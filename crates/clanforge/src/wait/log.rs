//! What a wait logs: what the rollout does, and what goes wrong. A program that does not look at the updates sees it there.

use clanforge_core::monitor::{Freshness, Next, Outcome, ReadingTaken, Update};
use clanforge_core::{ImageRef, MachineCounts};

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

/// The log of a wait, and what it has said.
pub(crate) struct WaitLog {
    image: ImageRef,
    warnings: Vec<String>,
    has_started: bool,
    /// Fewer than half of the machines were completed.
    was_below_half: bool,
}

impl WaitLog {
    pub(crate) const fn new(image: ImageRef) -> Self {
        Self { image, warnings: Vec::new(), has_started: false, was_below_half: false }
    }

    /// Logs what is new in an update, and in the outcome if it is the last reading.
    pub(crate) fn observe(&mut self, update: &Update, next: &Next) {
        match update {
            Update::Reading(reading) => self.observe_reading(reading),
            Update::ReadFailed(failed) => log!(warn, self, "a reading failed: {}", failed.error.message),
            _ => {}
        }
        if let Next::Finished(outcome) = next {
            self.observe_outcome(outcome);
        }
    }

    fn observe_reading(&mut self, reading: &ReadingTaken) {
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
                let reason = outcome.reason.strip_prefix("failed: ").unwrap_or(&outcome.reason);
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

fn completed(counts: MachineCounts) -> String {
    format!("{} of {} machines completed", counts.completed_machines(), counts.total_machines())
}
