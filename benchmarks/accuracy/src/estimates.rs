//! How accurate the estimate of the time left is, compared with a plain average rate.

use std::time::Duration;

use clanforge_core::monitor::ReadingTaken;

use crate::numbers::{float, median};

/// Every estimate that was made, compared with the time that was really left.
#[derive(Debug, Default)]
pub(crate) struct Estimates {
    within: u64,
    below: u64,
    above: u64,
    widths: Vec<f64>,
    errors: Vec<f64>,
    plain_errors: Vec<f64>,
}

impl Estimates {
    /// Adds the estimate of a reading and the time that was really left.
    pub(crate) fn add(&mut self, reading: &ReadingTaken, left: Duration) {
        let (Some(estimate), false) = (reading.estimate, left.is_zero()) else { return };
        if left < estimate.low {
            self.below += 1;
        } else if left > estimate.high {
            self.above += 1;
        } else {
            self.within += 1;
        }
        let (low, high, left) = (estimate.low.as_secs_f64(), estimate.high.as_secs_f64(), left.as_secs_f64());
        self.widths.push(high / low.max(1e-3));
        self.errors.push(((low * high).sqrt() / left).ln().abs());
        // What many scripts compute: the time so far, times what is left, divided by what is done.
        let counts = reading.status.counts();
        if counts.completed_machines() > 0 {
            let rate = float(counts.completed_machines()) / reading.elapsed.as_secs_f64().max(1.0);
            self.plain_errors.push((float(counts.pending_machines()) / rate / left).ln().abs());
        }
    }

    pub(crate) fn report(mut self) -> String {
        let all = (self.within + self.below + self.above).max(1);
        let percent = |count: u64| 100.0 * float(count) / float(all);
        format!(
            "\nestimates of the time left: {all} made\n  \
             within the range {:.0} % (goal: 80 %), below {:.0} %, above {:.0} %; median width: high = {:.1} × low\n  \
             median error of the middle: a factor of {:.2}; of a plain average rate: {:.2}",
            percent(self.within),
            percent(self.below),
            percent(self.above),
            median(&mut self.widths),
            median(&mut self.errors).exp(),
            median(&mut self.plain_errors).exp(),
        )
    }
}
