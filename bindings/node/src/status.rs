//! The handle of an image status, which holds it as the core decoded it.

use std::sync::Arc;

use clanforge::core::decode_image_status;
use clanforge::{FleetStatus, ImageStatus, MachineCounts, RegionRow, RegionStatus};
use clanforge_bindings::json;
use napi::bindgen_prelude::Either;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use serde::Serialize;

use crate::error::catch;
use crate::number;

/// An image status. Fleets and regions are converted to JavaScript objects when they are read.
#[napi]
pub struct Status(pub(crate) Arc<ImageStatus>);

#[napi]
impl Status {
    /// Decodes a response body as the client does.
    #[napi(factory)]
    pub fn from_json(body: Either<String, Uint8Array>) -> napi::Result<Self> {
        catch(|| {
            let status = match &body {
                Either::A(text) => decode_image_status(text.as_bytes()),
                Either::B(bytes) => decode_image_status(bytes),
            }?;
            number::check(&status)?;
            Ok(Self(Arc::new(status)))
        })
    }

    /// Returns a status without detail.
    #[napi(factory)]
    pub fn of_counts(pending: f64, failed: f64, completed: f64) -> napi::Result<Self> {
        catch(|| {
            let counts = MachineCounts::new(number::to_u64(pending), number::to_u64(failed), number::to_u64(completed));
            let status = ImageStatus::new(counts.map_err(clanforge_bindings::BindingError::configuration)?);
            number::check(&status)?;
            Ok(Self(Arc::new(status)))
        })
    }

    /// Returns pending, failed and completed machines.
    #[napi]
    pub fn counts(&self) -> Vec<f64> {
        number::counts(self.0.counts())
    }

    #[napi(getter)]
    pub fn has_detail(&self) -> bool {
        self.0.fleets().is_some()
    }

    #[napi(getter)]
    pub fn percent_complete(&self) -> Option<f64> {
        self.0.percent_complete()
    }

    #[napi(getter)]
    pub fn percent_text(&self) -> String {
        self.0.counts().percent_text()
    }

    #[napi(getter)]
    pub fn readiness(&self) -> &'static str {
        self.0.readiness().as_str()
    }

    #[napi(getter)]
    pub fn is_ready(&self) -> bool {
        self.0.is_ready()
    }

    /// Returns the fleets in JSON with camelCase names; `null` without detail.
    #[napi]
    pub fn fleets(&self) -> napi::Result<Option<String>> {
        self.read(|status| {
            let fleets = status.fleets()?.iter().map(Fleet::from);
            Some(json(&fleets.collect::<Vec<_>>()))
        })
    }

    /// Returns every region as a flat row, in JSON with camelCase names; `null` without detail.
    #[napi]
    pub fn regions(&self) -> napi::Result<Option<String>> {
        self.read(|status| Some(rows(status.regions()?)))
    }

    #[napi]
    pub fn failed_regions(&self) -> napi::Result<Option<String>> {
        self.read(|status| Some(rows(status.failed_regions()?)))
    }

    #[napi]
    pub fn pending_regions(&self) -> napi::Result<Option<String>> {
        self.read(|status| Some(rows(status.pending_regions()?)))
    }

    /// Returns the totals that differ from the sum of their parts, in JSON with camelCase names; `null` without detail.
    #[napi]
    pub fn mismatches(&self) -> napi::Result<Option<String>> {
        self.read(|status| {
            let mismatches = status.mismatches()?.into_iter().map(|each| Mismatch {
                fleet_id: each.fleet_id,
                stated: each.stated.into(),
                summed: each.summed.into(),
            });
            Some(json(&mismatches.collect::<Vec<_>>()))
        })
    }

    /// Returns the `summary` of the `-o json` output, in JSON.
    #[napi]
    pub fn summary(&self) -> napi::Result<String> {
        self.read(|status| json(&status.summary()))
    }

    /// Returns the status in JSON, in the format of the service.
    #[napi]
    pub fn json(&self) -> napi::Result<String> {
        self.read(json)
    }

    #[napi]
    pub fn equals(&self, other: &Status) -> bool {
        self.0 == other.0
    }
}

impl Status {
    fn read<T>(&self, read: impl FnOnce(&ImageStatus) -> T) -> napi::Result<T> {
        catch(|| Ok(read(&self.0)))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Counts {
    pending_machines: u64,
    failed_machines: u64,
    completed_machines: u64,
}

impl From<MachineCounts> for Counts {
    fn from(counts: MachineCounts) -> Self {
        Self {
            pending_machines: counts.pending_machines(),
            failed_machines: counts.failed_machines(),
            completed_machines: counts.completed_machines(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fleet<'a> {
    fleet_id: &'a str,
    counts: Counts,
    regions: Vec<Region<'a>>,
}

impl<'a> From<&'a FleetStatus> for Fleet<'a> {
    fn from(fleet: &'a FleetStatus) -> Self {
        let regions = fleet.regions().iter().map(Region::from).collect();
        Self { fleet_id: fleet.id(), counts: fleet.counts().into(), regions }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region<'a> {
    region_id: &'a str,
    name: &'a str,
    counts: Counts,
}

impl<'a> From<&'a RegionStatus> for Region<'a> {
    fn from(region: &'a RegionStatus) -> Self {
        Self { region_id: region.id(), name: region.name(), counts: region.counts().into() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    fleet_id: &'a str,
    region_id: &'a str,
    name: &'a str,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mismatch<'a> {
    fleet_id: Option<&'a str>,
    stated: Counts,
    summed: Counts,
}

fn rows<'a>(rows: impl IntoIterator<Item = RegionRow<'a>>) -> String {
    let rows = rows.into_iter().map(|row| Row {
        fleet_id: row.fleet_id,
        region_id: row.region_id,
        name: row.name,
        counts: row.counts.into(),
    });
    json(&rows.collect::<Vec<_>>())
}
