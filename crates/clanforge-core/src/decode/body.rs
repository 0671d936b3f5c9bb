//! The shape of a response body, and the models that are built from it.

use serde::de::{self, Deserialize, Deserializer};
use serde_json::Value;

use super::envelope::Envelope;
use super::error::{ApiError, ResponseError};
use super::fields::{Entries, Text, count, from_object, some_count};
use crate::status::{CountOverflow, FleetStatus, ImageStatus, MachineCounts, RegionStatus, sort_by_unique_id};

impl<'de> Deserialize<'de> for ImageStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Root::deserialize(deserializer)?.into_status().map_err(de::Error::custom)
    }
}

/// The root of a body: a status, or the older API's error envelope.
pub(super) enum Root {
    Status(ImageStatus),
    Refusal(ApiError),
}

impl Root {
    pub(super) fn into_status(self) -> Result<ImageStatus, ResponseError> {
        match self {
            Self::Status(status) => Ok(status),
            Self::Refusal(error) => Err(error.into()),
        }
    }
}

impl<'de> Deserialize<'de> for Root {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_object::<RootFields, D>(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

#[derive(serde::Deserialize)]
struct RootFields {
    #[serde(default, deserialize_with = "some_count")]
    pending_machines: Option<u64>,
    #[serde(default, deserialize_with = "count")]
    failed_machines: u64,
    #[serde(default, deserialize_with = "some_count")]
    completed_machines: Option<u64>,
    #[serde(default, deserialize_with = "some_fleets")]
    fleets: Option<Vec<FleetStatus>>,
    success: Option<Value>,
    error: Option<Value>,
    error_code: Option<Value>,
    error_message: Option<Value>,
}

impl TryFrom<RootFields> for Root {
    type Error = String;

    fn try_from(fields: RootFields) -> Result<Self, String> {
        let RootFields { success, error, error_code, error_message, .. } = fields;
        let has_counts = fields.pending_machines.is_some();
        if let Some(refusal) = (Envelope { success, error, error_code, error_message }).refusal(has_counts) {
            return Ok(Self::Refusal(refusal));
        }
        let absent = |name| format!("missing field `{name}`");
        let pending = fields.pending_machines.ok_or_else(|| absent("pending_machines"))?;
        let completed = fields.completed_machines.ok_or_else(|| absent("completed_machines"))?;
        let counts =
            MachineCounts::new(pending, fields.failed_machines, completed).map_err(|error| error.to_string())?;
        match fields.fleets {
            None => Ok(Self::Status(ImageStatus::new(counts))),
            Some(fleets) => {
                ImageStatus::with_fleets(counts, fleets).map(Self::Status).map_err(|error| error.to_string())
            }
        }
    }
}

struct FleetBody {
    counts: MachineCounts,
    regions: Vec<RegionStatus>,
}

impl<'de> Deserialize<'de> for FleetBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_object::<FleetFields, D>(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

#[derive(serde::Deserialize)]
struct FleetFields {
    #[serde(deserialize_with = "count")]
    pending_machines: u64,
    #[serde(default, deserialize_with = "count")]
    failed_machines: u64,
    #[serde(deserialize_with = "count")]
    completed_machines: u64,
    #[serde(deserialize_with = "regions")]
    regions: Vec<RegionStatus>,
}

impl TryFrom<FleetFields> for FleetBody {
    type Error = CountOverflow;

    fn try_from(fields: FleetFields) -> Result<Self, Self::Error> {
        let counts = MachineCounts::new(fields.pending_machines, fields.failed_machines, fields.completed_machines)?;
        Ok(Self { counts, regions: fields.regions })
    }
}

struct RegionBody<'a> {
    name: Text<'a>,
    counts: MachineCounts,
}

impl<'de> Deserialize<'de> for RegionBody<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_object::<RegionFields<'de>, D>(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

#[derive(serde::Deserialize)]
struct RegionFields<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(deserialize_with = "count")]
    pending_machines: u64,
    #[serde(default, deserialize_with = "count")]
    failed_machines: u64,
    #[serde(deserialize_with = "count")]
    completed_machines: u64,
}

impl<'a> TryFrom<RegionFields<'a>> for RegionBody<'a> {
    type Error = CountOverflow;

    fn try_from(fields: RegionFields<'a>) -> Result<Self, Self::Error> {
        let counts = MachineCounts::new(fields.pending_machines, fields.failed_machines, fields.completed_machines)?;
        Ok(Self { name: fields.name, counts })
    }
}

fn some_fleets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<FleetStatus>>, D::Error> {
    let fleet = |id: Text<'de>, body: FleetBody| FleetStatus::new(id.0, body.counts, body.regions);
    let mut fleets = deserializer.deserialize_any(Entries::of("fleets", fleet))?;
    sort_by_unique_id(&mut fleets, "fleet", FleetStatus::id).map_err(de::Error::custom)?;
    Ok(Some(fleets))
}

fn regions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RegionStatus>, D::Error> {
    let region = |id: Text<'de>, body: RegionBody<'de>| Ok(RegionStatus::new(id.0, body.name.0, body.counts));
    let mut regions = deserializer.deserialize_any(Entries::of("regions", region))?;
    sort_by_unique_id(&mut regions, "region", RegionStatus::id).map_err(de::Error::custom)?;
    Ok(regions)
}
