//! The JSON of a status: the shape of the service's own response, with `failed_machines` always present.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::counts::MachineCounts;
use super::image::{FleetStatus, ImageStatus, RegionStatus};

impl Serialize for ImageStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        serialize_counts(&mut object, self.counts())?;
        if let Some(fleets) = self.fleets() {
            object.serialize_entry("fleets", &ById(fleets, FleetStatus::id))?;
        }
        object.end()
    }
}

impl Serialize for FleetStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        serialize_counts(&mut object, self.counts())?;
        object.serialize_entry("regions", &ById(self.regions(), RegionStatus::id))?;
        object.end()
    }
}

impl Serialize for RegionStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("name", self.name())?;
        serialize_counts(&mut object, self.counts())?;
        object.end()
    }
}

/// Parts that are written as one object, keyed by their IDs.
struct ById<'a, T>(&'a [T], fn(&T) -> &str);

impl<T: Serialize> Serialize for ById<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(parts, id) = self;
        serializer.collect_map(parts.iter().map(|part| (id(part), part)))
    }
}

fn serialize_counts<M: SerializeMap>(object: &mut M, counts: MachineCounts) -> Result<(), M::Error> {
    object.serialize_entry("pending_machines", &counts.pending_machines())?;
    object.serialize_entry("failed_machines", &counts.failed_machines())?;
    object.serialize_entry("completed_machines", &counts.completed_machines())
}
