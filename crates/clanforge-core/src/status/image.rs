//! One response of the service: an image, its fleets and their regions.

use std::fmt;

use super::counts::{CountOverflow, MachineCounts};

/// The status of one image at one moment, as the service reported it.
///
/// The counts of the image, of its fleets and of their regions come from a live system and need not agree with each
/// other: [`mismatches`](Self::mismatches) returns where they do not. Statuses compare by value; fleets and regions are
/// sorted by ID, so the order of the response does not matter.
///
/// As JSON it has the shape of the service's own response, with `failed_machines` always present.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageStatus {
    counts: MachineCounts,
    fleets: Option<Vec<FleetStatus>>,
}

impl ImageStatus {
    /// Returns a status without detail.
    pub const fn new(counts: MachineCounts) -> Self {
        Self { counts, fleets: None }
    }

    /// Returns a status with detail: `fleets` may be empty.
    ///
    /// # Errors
    /// [`InvalidStatus`] if two fleets share an ID, or if all fleets or all regions together hold more machines
    /// than 64 bits can count.
    pub fn with_fleets(counts: MachineCounts, mut fleets: Vec<FleetStatus>) -> Result<Self, InvalidStatus> {
        sort_by_unique_id(&mut fleets, "fleet", FleetStatus::id)?;
        MachineCounts::sum(fleets.iter().map(FleetStatus::counts))?;
        MachineCounts::sum(fleets.iter().flat_map(|fleet| &fleet.regions).map(RegionStatus::counts))?;
        Ok(Self { counts, fleets: Some(fleets) })
    }

    /// Returns the three counts of the whole image, as the service reported them.
    pub const fn counts(&self) -> MachineCounts {
        self.counts
    }

    /// Returns the fleets in the order of their IDs; `None` if the status has no detail.
    pub fn fleets(&self) -> Option<&[FleetStatus]> {
        self.fleets.as_deref()
    }

    /// Returns the fleet with this ID; `None` if it is not in the status or the status has no detail.
    pub fn fleet(&self, id: &str) -> Option<&FleetStatus> {
        let fleets = self.fleets.as_deref()?;
        fleets.binary_search_by(|fleet| fleet.id.as_str().cmp(id)).ok().map(|index| &fleets[index])
    }

    /// Returns every region as a flat row, by fleet ID, then by region ID; `None` if the status has no detail.
    pub fn regions(&self) -> Option<impl Iterator<Item = RegionRow<'_>>> {
        self.fleets.as_deref().map(|fleets| fleets.iter().flat_map(FleetStatus::rows))
    }
}

/// One fleet in an [`ImageStatus`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FleetStatus {
    id: String,
    counts: MachineCounts,
    regions: Vec<RegionStatus>,
}

impl FleetStatus {
    /// Returns the status of the fleet `id`, an opaque string.
    ///
    /// # Errors
    /// [`InvalidStatus`] if two regions share an ID, or if all regions together hold more machines than 64 bits
    /// can count.
    pub fn new(
        id: impl Into<String>,
        counts: MachineCounts,
        mut regions: Vec<RegionStatus>,
    ) -> Result<Self, InvalidStatus> {
        sort_by_unique_id(&mut regions, "region", RegionStatus::id)?;
        MachineCounts::sum(regions.iter().map(RegionStatus::counts))?;
        Ok(Self { id: id.into(), counts, regions })
    }

    /// Returns the fleet's ID.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the three counts of the whole fleet, as the service reported them.
    pub const fn counts(&self) -> MachineCounts {
        self.counts
    }

    /// Returns the fleet's regions in the order of their IDs.
    pub fn regions(&self) -> &[RegionStatus] {
        &self.regions
    }

    /// Returns the region with this ID, if the fleet has it.
    pub fn region(&self, id: &str) -> Option<&RegionStatus> {
        self.regions.binary_search_by(|region| region.id().cmp(id)).ok().map(|index| &self.regions[index])
    }

    /// Returns every region of the fleet as a flat row, by region ID.
    pub fn rows(&self) -> impl Iterator<Item = RegionRow<'_>> {
        self.regions.iter().map(|region| RegionRow {
            fleet_id: &self.id,
            region_id: region.id(),
            name: region.name(),
            counts: region.counts,
        })
    }
}

/// One region of a [`FleetStatus`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RegionStatus {
    /// The ID, followed by the name: one allocation for both, because a large status has thousands of regions.
    texts: Box<str>,
    id_length: usize,
    counts: MachineCounts,
}

impl RegionStatus {
    /// Returns the status of the region `id`, an opaque string, with its `name` for people, which need not be unique.
    pub fn new(id: impl AsRef<str>, name: impl AsRef<str>, counts: MachineCounts) -> Self {
        let (id, name) = (id.as_ref(), name.as_ref());
        Self { texts: [id, name].concat().into(), id_length: id.len(), counts }
    }

    /// Returns the region's ID.
    pub fn id(&self) -> &str {
        &self.texts[..self.id_length]
    }

    /// Returns the region's display name, such as `North America`. Two regions may share one.
    pub fn name(&self) -> &str {
        &self.texts[self.id_length..]
    }

    /// Returns the three counts of the region.
    pub const fn counts(&self) -> MachineCounts {
        self.counts
    }
}

#[allow(clippy::missing_fields_in_debug)] // Their parts are shown.
impl fmt::Debug for RegionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut region = f.debug_struct("RegionStatus");
        region.field("id", &self.id()).field("name", &self.name()).field("counts", &self.counts).finish()
    }
}

/// One region with the fleet that it belongs to: a row of a table.
///
/// As JSON it is one flat object: `fleet_id`, `region_id`, `name` and the three counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct RegionRow<'a> {
    /// The ID of the fleet.
    pub fleet_id: &'a str,
    /// The ID of the region.
    pub region_id: &'a str,
    /// The region's display name. Two regions may share one.
    pub name: &'a str,
    /// The three counts of the region.
    #[serde(flatten)]
    pub counts: MachineCounts,
}

/// Why parts do not form a status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidStatus {
    /// Two fleets of an image, or two regions of a fleet, have the same ID, so one would hide the other.
    #[error("duplicate {part} id `{id}`")]
    DuplicateId {
        /// `fleet` or `region`.
        part: &'static str,
        /// The duplicate ID.
        id: String,
    },
    /// The parts hold more machines than 64 bits can count.
    #[error(transparent)]
    Overflow(#[from] CountOverflow),
}

/// Sorts parts by their IDs.
///
/// # Errors
/// [`InvalidStatus::DuplicateId`] if two parts share an ID.
pub(crate) fn sort_by_unique_id<T>(
    parts: &mut [T],
    part: &'static str,
    id: fn(&T) -> &str,
) -> Result<(), InvalidStatus> {
    // The service usually sends them in order, so checking each pair is enough.
    if parts.windows(2).all(|pair| id(&pair[0]) < id(&pair[1])) {
        return Ok(());
    }
    parts.sort_unstable_by(|a, b| id(a).cmp(id(b)));
    match parts.windows(2).find(|pair| id(&pair[0]) == id(&pair[1])) {
        Some(pair) => Err(InvalidStatus::DuplicateId { part, id: id(&pair[0]).to_owned() }),
        None => Ok(()),
    }
}
