//! Aggregates: readiness, percent complete, failed and pending regions, mismatches.

use std::cmp::Reverse;
use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::counts::MachineCounts;
use super::image::{FleetStatus, ImageStatus, RegionRow, RegionStatus};

/// The readiness of an image, a fleet or a region, by its counts alone.
///
/// It ignores the caller's own limits (see [`Gate`](crate::Gate)) and the version that the counts belong to: the
/// service's response does not name it.
///
/// Exhaustive on purpose: every set of counts has exactly one of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Readiness {
    /// There are machines, and all of them are completed.
    Ready,
    /// Some machines are pending.
    Installing,
    /// No machine is pending and some have failed.
    Degraded,
    /// There are no machines.
    Empty,
}

impl Readiness {
    /// Returns the name that JSON and text use: `ready`, `installing`, `degraded` or `empty`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Installing => "installing",
            Self::Degraded => "degraded",
            Self::Empty => "empty",
        }
    }
}

impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl MachineCounts {
    /// Returns the readiness by these counts.
    pub const fn readiness(self) -> Readiness {
        if self.total_machines() == 0 {
            Readiness::Empty
        } else if self.pending_machines() > 0 {
            Readiness::Installing
        } else if self.failed_machines() > 0 {
            Readiness::Degraded
        } else {
            Readiness::Ready
        }
    }

    /// Returns true if there are machines and all of them are completed.
    pub const fn is_ready(self) -> bool {
        matches!(self.readiness(), Readiness::Ready)
    }

    /// Returns the share of completed machines in percent, from 0.0 to 100.0; `None` if there are no machines.
    ///
    /// It is 100.0 only if every machine is completed, however many there are.
    #[allow(clippy::cast_precision_loss)] // Above 2^53 a count loses digits that no percentage shows.
    pub fn percent_complete(self) -> Option<f64> {
        let (completed, total) = (self.completed_machines(), self.total_machines());
        match total {
            0 => None,
            _ if completed == total => Some(100.0),
            _ => Some((100.0 * completed as f64 / total as f64).min(100.0_f64.next_down())),
        }
    }

    /// Returns [`percent_complete`](Self::percent_complete) as text, truncated (not rounded) to one decimal: `99.9 %`.
    ///
    /// `100 %` means that every machine is completed; `-` means that there are no machines.
    pub fn percent_text(self) -> String {
        let (completed, total) = (u128::from(self.completed_machines()), u128::from(self.total_machines()));
        match (completed * 1000).checked_div(total) {
            None => "-".to_owned(),
            Some(1000) => "100 %".to_owned(),
            Some(permille) => format!("{}.{} %", permille / 10, permille % 10),
        }
    }
}

/// Adds the methods of its counts to a status.
macro_rules! forward_to_counts {
    ($status:ident, $of:literal) => {
        impl $status {
            #[doc = concat!("Returns the number of running machines ", $of, " with installs pending.")]
            pub const fn pending_machines(&self) -> u64 {
                self.counts().pending_machines()
            }

            #[doc = concat!("Returns the number of disabled machines ", $of, " that are unable to install.")]
            pub const fn failed_machines(&self) -> u64 {
                self.counts().failed_machines()
            }

            #[doc = concat!("Returns the number of running machines ", $of, " that are fully installed.")]
            pub const fn completed_machines(&self) -> u64 {
                self.counts().completed_machines()
            }

            #[doc = concat!("Returns the number of all machines ", $of, ": pending, failed and completed.")]
            pub const fn total_machines(&self) -> u64 {
                self.counts().total_machines()
            }

            /// Returns the readiness by the counts alone.
            pub const fn readiness(&self) -> Readiness {
                self.counts().readiness()
            }

            /// Returns true if there are machines and all of them are completed.
            pub const fn is_ready(&self) -> bool {
                self.counts().is_ready()
            }

            /// Returns the share of completed machines in percent, from 0.0 to 100.0; `None` if there are no machines.
            ///
            /// It is 100.0 only if every machine is completed, however many there are.
            pub fn percent_complete(&self) -> Option<f64> {
                self.counts().percent_complete()
            }

            /// Returns the same as text: `97.5 %`, never rounded up to `100 %`; `-` if there are no machines.
            pub fn percent_text(&self) -> String {
                self.counts().percent_text()
            }
        }
    };
}

forward_to_counts!(ImageStatus, "of the image");
forward_to_counts!(FleetStatus, "of the fleet");
forward_to_counts!(RegionStatus, "of the region");

impl ImageStatus {
    /// Returns the regions with failed machines: most failed first, then by fleet ID and region ID.
    ///
    /// `None` if the status has no detail: an empty list would claim that nothing failed.
    pub fn failed_regions(&self) -> Option<Vec<RegionRow<'_>>> {
        Some(most_first(self.regions()?, MachineCounts::failed_machines))
    }

    /// Returns the regions with pending machines: most pending first, then by fleet ID and region ID.
    ///
    /// `None` if the status has no detail: an empty list would claim that nothing is pending.
    pub fn pending_regions(&self) -> Option<Vec<RegionRow<'_>>> {
        Some(most_first(self.regions()?, MachineCounts::pending_machines))
    }

    /// Returns where reported totals differ from the sum of their parts: the image first, then its fleets by ID.
    ///
    /// The service counts a live system, so a mismatch is information, not an error. `None` if the status has no detail
    /// to compare with.
    pub fn mismatches(&self) -> Option<Vec<Mismatch<'_>>> {
        let fleets = self.fleets()?;
        let image = Mismatch::between(None, self.counts(), fleets.iter().map(FleetStatus::counts));
        Some(image.into_iter().chain(fleets.iter().filter_map(FleetStatus::mismatch)).collect())
    }

    /// Returns the aggregates that a report shows, ready to serialize.
    pub fn summary(&self) -> Summary<'_> {
        Summary(self)
    }
}

impl FleetStatus {
    /// Returns the regions with failed machines: most failed first, then by region ID.
    pub fn failed_regions(&self) -> Vec<RegionRow<'_>> {
        most_first(self.rows(), MachineCounts::failed_machines)
    }

    /// Returns the regions with pending machines: most pending first, then by region ID.
    pub fn pending_regions(&self) -> Vec<RegionRow<'_>> {
        most_first(self.rows(), MachineCounts::pending_machines)
    }

    /// Returns how the fleet's total differs from the sum of its regions; `None` if they agree.
    pub fn mismatch(&self) -> Option<Mismatch<'_>> {
        Mismatch::between(Some(self.id()), self.counts(), self.regions().iter().map(RegionStatus::counts))
    }
}

/// A reported total that differs from the sum of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Mismatch<'a> {
    /// The fleet whose regions do not add up; `None` for the image and its fleets.
    pub fleet_id: Option<&'a str>,
    /// The total that the service reported.
    pub stated: MachineCounts,
    /// The sum of the counts of the parts.
    pub summed: MachineCounts,
}

impl<'a> Mismatch<'a> {
    fn between(
        fleet_id: Option<&'a str>,
        stated: MachineCounts,
        parts: impl Iterator<Item = MachineCounts>,
    ) -> Option<Self> {
        let summed = MachineCounts::sum_of_parts(parts);
        (stated != summed).then_some(Self { fleet_id, stated, summed })
    }
}

/// The aggregates of a status, in the order of a report.
///
/// As JSON: `readiness`, `is_ready`, `total_machines`, `percent_complete` (a number or null), `failed_regions` and
/// `pending_regions` (lists of flat rows, or null if the status has no detail).
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a>(&'a ImageStatus);

impl Serialize for Summary<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(status) = self;
        let mut object = serializer.serialize_struct("Summary", 6)?;
        object.serialize_field("readiness", &status.readiness())?;
        object.serialize_field("is_ready", &status.is_ready())?;
        object.serialize_field("total_machines", &status.total_machines())?;
        object.serialize_field("percent_complete", &status.percent_complete())?;
        object.serialize_field("failed_regions", &status.failed_regions())?;
        object.serialize_field("pending_regions", &status.pending_regions())?;
        object.end()
    }
}

fn most_first<'a>(
    rows: impl Iterator<Item = RegionRow<'a>>,
    machines: impl Fn(MachineCounts) -> u64,
) -> Vec<RegionRow<'a>> {
    let mut rows: Vec<_> = rows.filter(|row| machines(row.counts) > 0).collect();
    // The rows are sorted by ID; a stable sort keeps that order among equals.
    rows.sort_by_key(|row| Reverse(machines(row.counts)));
    rows
}
