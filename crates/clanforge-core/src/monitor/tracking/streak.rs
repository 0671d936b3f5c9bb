//! Consecutive readings that agree on how the wait ends.

use serde::{Deserialize, Serialize};

use crate::monitor::OutcomeKind;

/// How many consecutive readings agree that the wait ends as ready, or as failed.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Streak {
    pub(crate) kind: Option<OutcomeKind>,
    pub(crate) readings: u32,
}

impl Streak {
    pub(crate) fn count(&mut self, kind: Option<OutcomeKind>) {
        let readings = if self.kind == kind { self.readings.saturating_add(1) } else { 1 };
        *self = Self { kind, readings };
    }
}
