//! The parts of a status that a gate judges, and how people name them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::status::RegionRow;
use crate::text::one_line;

/// A part of a status to which a gate applies its limits.
///
/// As JSON: `kind` and the fields that identify the part; `{"kind": "missing", "missing": …}` for one that the reading
/// lacks.
///
/// Exhaustive on purpose: each scope is identified by fields of its own, which whoever shows a verdict must handle.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(transform = crate::schema::describe("kind", "The part: the whole image (`total`), the selected fleets and regions together (`selection`), a `fleet`, a `region`, the pending and failed machines by which totals differ from the sum of their parts (`unaccounted`), or something that the gate names and the reading lacks (`missing`)."))
)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Scope {
    /// The whole image, by its own counts.
    Total,
    /// The selected fleets and regions taken together.
    Selection,
    /// One fleet, or its selected regions taken together.
    Fleet {
        /// The fleet's ID.
        fleet_id: String,
    },
    /// One region of one fleet.
    Region {
        /// The fleet's ID.
        fleet_id: String,
        /// The region's ID.
        region_id: String,
        /// The region's display name.
        name: String,
    },
    /// The pending and failed machines by which totals differ from the sum of their parts.
    Unaccounted,
    /// Something that the gate names and the reading lacks.
    Missing(Missing),
}

impl Scope {
    pub(super) fn region(row: &RegionRow<'_>) -> Self {
        Self::Region {
            fleet_id: row.fleet_id.to_owned(),
            region_id: row.region_id.to_owned(),
            name: row.name.to_owned(),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Total => f.write_str("the image"),
            Self::Selection => f.write_str("the selection"),
            Self::Unaccounted => f.write_str("the mismatch between totals and their parts"),
            Self::Fleet { fleet_id } => write!(f, "fleet {}", short_id(fleet_id)),
            Self::Region { region_id, name, .. } if name.is_empty() => write!(f, "region {}", short_id(region_id)),
            Self::Region { region_id, name, .. } => write!(f, "region {} ({})", one_line(name), short_id(region_id)),
            Self::Missing(missing) => missing.fmt(f),
        }
    }
}

/// Something that a gate names and a reading lacks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(
        transform = crate::schema::describe("missing", "What the reading lacks: all fleets and regions, because it was requested without detail (`detail`), any fleet (`any_fleet`), any region (`any_region`), the regions of a fleet that has machines (`regions_of`), or a selected `fleet` or `region`."),
        transform = crate::schema::describe("name", "If something is missing, the ID of the fleet, or the ID or name of the region.")
    )
)]
#[serde(tag = "missing", content = "name", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Missing {
    /// Fleets and regions altogether: the status was requested without detail.
    Detail,
    /// Any fleet.
    AnyFleet,
    /// Any region.
    AnyRegion,
    /// The regions of this fleet, which has machines.
    RegionsOf(String),
    /// The selected fleet with this ID.
    Fleet(String),
    /// The selected region with this ID or name.
    Region(String),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Detail => f.write_str("the gate needs fleets and regions, but the status has no detail"),
            Self::AnyFleet => f.write_str("the status has no fleets"),
            Self::AnyRegion => f.write_str("the status has no regions"),
            Self::RegionsOf(fleet_id) => write!(f, "fleet {} has machines but no regions", short_id(fleet_id)),
            Self::Fleet(id) => write!(f, "the status has no fleet `{}`", one_line(id)),
            Self::Region(id_or_name) => write!(f, "the status has no region `{}`", one_line(id_or_name)),
        }
    }
}

/// Shortens an opaque ID to its first characters, which distinguish it from a few others.
fn short_id(id: &str) -> String {
    match id.char_indices().nth(4) {
        Some((end, _)) if id.chars().nth(8).is_some() => one_line(&id[..end]) + "…",
        _ => one_line(id),
    }
}
