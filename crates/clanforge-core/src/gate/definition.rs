//! The gate as data: its limits, and what they apply to.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::limit::Limit;

/// The caller's own definition of ready: three limits, one for each count, and where they apply.
///
/// A status passes if every scope of [`per`](Self::per) has at most `max_pending` pending and `max_failed` failed
/// machines, and at least `min_completed` completed ones, all in one reading. The default is strict: nothing pending,
/// nothing failed, at least one machine completed, by the counts of the whole image.
///
/// A scope that the reading lacks is never ready: a selected fleet or region that is absent, detail that was not
/// requested, a fleet whose machines are in no region. If a total differs from the sum of its parts, the pending and failed
/// machines of the difference are a scope of their own. `min_completed = 0` allows an image without machines.
///
/// As JSON it is an object of its fields, each of them optional; an unknown field is an error.
///
/// ```
/// use clanforge_core::{Gate, ImageStatus, Limit, MachineCounts, Per};
///
/// let gate = Gate::default().max_failed(Limit::percent(5)?).min_completed(40);
/// let status = ImageStatus::new(MachineCounts::new(0, 2, 40)?);
/// assert!(gate.evaluate(&status).is_ready());
///
/// let gate = gate.per(Per::Region);
/// assert!(gate.needs_detail() && !gate.evaluate(&status).is_ready());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Gate {
    /// The most machines with installs pending that a scope may have: a number, or a percentage of its machines such as `5%`, rounded
    /// down.
    pub max_pending: Limit,
    /// The most failed machines that a scope may have: a number, or a percentage of its machines such as `5%`, rounded down.
    pub max_failed: Limit,
    /// The fewest completed machines that a scope must have.
    pub min_completed: u64,
    /// The scopes that the limits apply to.
    pub per: Per,
    /// The IDs of the fleets to evaluate. Empty means all.
    pub fleets: BTreeSet<String>,
    /// The IDs or names of the regions to evaluate. Empty means all. A name selects every region that has it.
    pub regions: BTreeSet<String>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            max_pending: Limit::NONE,
            max_failed: Limit::NONE,
            min_completed: 1,
            per: Per::Total,
            fleets: BTreeSet::new(),
            regions: BTreeSet::new(),
        }
    }
}

impl Gate {
    /// Sets the most machines with installs pending that a scope may have.
    #[must_use]
    pub fn max_pending(mut self, limit: impl Into<Limit>) -> Self {
        self.max_pending = limit.into();
        self
    }

    /// Sets the most failed machines that a scope may have.
    #[must_use]
    pub fn max_failed(mut self, limit: impl Into<Limit>) -> Self {
        self.max_failed = limit.into();
        self
    }

    /// Sets the fewest completed machines that a scope must have; 0 allows an image without machines.
    #[must_use]
    pub const fn min_completed(mut self, machines: u64) -> Self {
        self.min_completed = machines;
        self
    }

    /// Sets the scopes that the limits apply to.
    #[must_use]
    pub const fn per(mut self, per: Per) -> Self {
        self.per = per;
        self
    }

    /// Selects a fleet by ID, besides those already selected.
    #[must_use]
    pub fn fleet(mut self, id: impl Into<String>) -> Self {
        self.fleets.insert(id.into());
        self
    }

    /// Selects a region by ID or by name, besides those already selected.
    #[must_use]
    pub fn region(mut self, id_or_name: impl Into<String>) -> Self {
        self.regions.insert(id_or_name.into());
        self
    }

    /// Returns true if the gate cannot judge a status without detail.
    pub fn needs_detail(&self) -> bool {
        self.per != Per::Total || !self.fleets.is_empty() || !self.regions.is_empty()
    }
}

/// The scopes that the limits of a gate apply to.
///
/// Exhaustive on purpose: these are the levels of the service's response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Per {
    /// The whole image, or everything that is selected, taken together.
    #[default]
    Total,
    /// Each fleet, or the selected regions of each fleet, taken together.
    Fleet,
    /// Each region of each fleet.
    Region,
}

impl Per {
    /// Returns the name that JSON and the command line use: `total`, `fleet` or `region`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Fleet => "fleet",
            Self::Region => "region",
        }
    }
}

impl fmt::Display for Per {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Per {
    type Err = InvalidPer;

    fn from_str(text: &str) -> Result<Self, InvalidPer> {
        [Self::Total, Self::Fleet, Self::Region]
            .into_iter()
            .find(|per| per.as_str() == text)
            .ok_or_else(|| InvalidPer(text.to_owned()))
    }
}

/// A text that is not the name of a [`Per`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid scope `{0}`: use total, fleet or region")]
pub struct InvalidPer(String);
