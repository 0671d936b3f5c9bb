//! What one replica of the service says, reading by reading.
//!
//! Responses may come from replicas or caches that lag behind each other. Each reading continues the view that it is
//! nearest to, so that counts which go back and forth do not add up.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::part::{Moves, Part};
use crate::status::MachineCounts;

/// The longest time between two readings that show a burst: in a longer one, as many machines may leave one by one.
const LONGEST_STEP: Duration = Duration::from_secs(5 * 60);

/// The same while the counts are only assumed to be the new version's.
const LONGEST_STEP_ASSUMED: Duration = Duration::from_secs(30);

/// The fewest machines of a burst, unless they are half of those completed.
const SMALLEST_BURST: u64 = 3;

/// The smallest share of all machines that is a burst, in percent.
const SMALLEST_BURST_PERCENT: u128 = 4;

/// A burst has at least this many times the machines that would leave one by one in the same time.
const ABOVE_STRAYS: u128 = 4;

/// The counts of a reading: of all that is judged, and of each part, by its place in a view. A part that is absent has
/// no machines.
#[derive(Debug)]
pub(crate) struct Counted {
    pub(crate) whole: MachineCounts,
    /// Empty if the reading has no parts.
    pub(crate) parts: Vec<MachineCounts>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct View {
    pub(crate) whole: Part,
    pub(crate) parts: Vec<Part>,
    /// Whether the last reading had parts.
    pub(crate) had_parts: bool,
    /// When the last reading was made; a baseline counts as made at the beginning of the wait.
    pub(crate) last_reading: Duration,
    /// Machines that left the completed state outside of bursts.
    strays: u64,
    /// Machines of bursts that have not completed since.
    outstanding: u64,
    pub(crate) last_burst: Option<Duration>,
    pub(crate) longest_gap: Duration,
}

/// What a reading shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Machines left the completed state together.
    pub(crate) is_burst: bool,
    /// Anything that only a rollout does: a burst, a part that appeared, machines of a burst that completed.
    pub(crate) is_activity: bool,
}

impl View {
    /// Returns the view that begins with these counts.
    pub(crate) fn new(now: Duration, counted: &Counted) -> Self {
        Self {
            whole: Part::new(counted.whole, false),
            parts: counted.parts.iter().map(|counts| Part::new(*counts, true)).collect(),
            had_parts: !counted.parts.is_empty(),
            last_reading: now,
            strays: 0,
            outstanding: 0,
            last_burst: None,
            longest_gap: Duration::ZERO,
        }
    }

    /// Returns by how many machines the counts of a reading differ from the last of this view.
    pub(crate) fn distance(&self, counted: &Counted) -> u64 {
        if counted.parts.is_empty() || !self.had_parts {
            return self.whole.distance(counted.whole);
        }
        let parts = self.parts.iter().zip(&counted.parts);
        parts.fold(0, |sum: u64, (part, counts)| sum.saturating_add(part.distance(*counts)))
    }

    /// Takes the counts of a reading.
    pub(crate) fn observe(&mut self, now: Duration, counted: &Counted, is_assumed: bool) -> Shown {
        let step = now.saturating_sub(self.last_reading);
        self.last_reading = self.last_reading.max(now);
        let mut moves = vec![self.whole.observe(counted.whole)];
        let had_parts = std::mem::replace(&mut self.had_parts, !counted.parts.is_empty());
        let new_parts = counted.parts.get(self.parts.len()..).unwrap_or_default();
        if self.had_parts {
            let of_parts = self.parts.iter_mut().zip(&counted.parts).map(|(part, counts)| part.observe(*counts));
            let of_parts: Vec<_> = of_parts.collect();
            if had_parts {
                moves = of_parts;
            }
        }
        let returned = moves.iter().fold(0, |sum: u64, moves| sum.saturating_add(moves.returned));
        let completes = returned.min(self.outstanding) > 0;
        self.outstanding = self.outstanding.saturating_sub(returned);
        let longest = if is_assumed { LONGEST_STEP_ASSUMED } else { LONGEST_STEP };
        let is_burst = step <= longest && self.add_bursts(now, step, had_parts && self.had_parts, &moves);
        let is_activity = is_burst || completes || !new_parts.is_empty();
        self.parts.extend(new_parts.iter().map(|counts| Part::new_arrival(*counts)));
        let has_started = self.has_started();
        for part in self.parts.iter_mut().chain([&mut self.whole]) {
            part.follow_completed(has_started);
        }
        Shown { is_burst, is_activity }
    }

    /// Adds machines that left the completed state together to their parts, or to the whole; returns true if there are
    /// any.
    fn add_bursts(&mut self, now: Duration, step: Duration, by_part: bool, moves: &[Moves]) -> bool {
        let all = moves.iter().fold(Moves::default(), |sum, moves| sum.and(*moves));
        // The number of machines that would have left one by one in this time.
        let strays = u128::from(self.strays) * step.as_millis() / now.as_millis().max(1);
        let is_clear =
            all.is_half() || (is_clear(all.departed, all.total) && u128::from(all.departed) >= strays * ABOVE_STRAYS);
        let parts = if by_part { self.parts.as_mut_slice() } else { std::slice::from_mut(&mut self.whole) };
        let mut added: u64 = 0;
        for (part, moves) in parts.iter_mut().zip(moves) {
            let of_part = moves.is_half() && moves.departed >= moves.completed.min(SMALLEST_BURST);
            if is_clear || of_part {
                part.started = part.started.saturating_add(moves.departed);
                added = added.saturating_add(moves.departed);
            } else {
                self.strays = self.strays.saturating_add(moves.departed);
            }
        }
        if added > 0 {
            let gap = self.last_burst.replace(now).map_or(Duration::ZERO, |before| now.saturating_sub(before));
            self.longest_gap = self.longest_gap.max(gap);
            self.outstanding = self.outstanding.saturating_add(added);
        }
        added > 0
    }

    pub(crate) fn has_started(&self) -> bool {
        self.parts.iter().chain([&self.whole]).any(|part| part.started > 0)
    }

    /// Returns how many machines were completed before, and are still there.
    pub(crate) fn needed(&self) -> u64 {
        match self.had_parts {
            true => self.parts.iter().fold(0, |sum: u64, part| sum.saturating_add(part.needed())),
            false => self.whole.needed(),
        }
    }
}

/// Returns true if this many of all machines are more than stray ones.
pub(crate) fn is_clear(machines: u64, total: u64) -> bool {
    let fewest = SMALLEST_BURST.min(total.div_ceil(2));
    machines >= fewest && u128::from(machines) * 100 >= u128::from(total) * SMALLEST_BURST_PERCENT
}
