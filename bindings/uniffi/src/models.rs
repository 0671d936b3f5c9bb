//! The image status and its parts.

use std::sync::Arc;

use clanforge::core::decode_image_status;
use clanforge_bindings::json;
use serde::{Deserialize, Serialize};

use crate::error::{Result, configuration};
use crate::generated::{ImageRef, Readiness};

impl From<ImageRef> for clanforge::ImageRef {
    fn from(image: ImageRef) -> Self {
        Self::new(image.account_service_id, image.image_id)
    }
}

impl From<clanforge::ImageRef> for ImageRef {
    fn from(image: clanforge::ImageRef) -> Self {
        Self { account_service_id: image.account_service_id, image_id: image.image_id }
    }
}

/// The number of machines in each state. The total is at most 2^64 - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record, Serialize, Deserialize)]
pub struct MachineCounts {
    /// Running machines with a pending install.
    pub pending_machines: u64,
    /// Disabled machines whose install failed.
    pub failed_machines: u64,
    /// Running machines that are fully installed.
    pub completed_machines: u64,
}

impl From<clanforge::MachineCounts> for MachineCounts {
    fn from(counts: clanforge::MachineCounts) -> Self {
        Self {
            pending_machines: counts.pending_machines(),
            failed_machines: counts.failed_machines(),
            completed_machines: counts.completed_machines(),
        }
    }
}

#[uniffi::export]
impl MachineCounts {
    /// Returns the number of machines in all three states.
    pub fn total_machines(&self) -> Result<u64> {
        Ok(self.to_core()?.total_machines())
    }

    /// Returns the percentage of completed machines, 100 only when all are completed; `None` without machines.
    pub fn percent_complete(&self) -> Result<Option<f64>> {
        Ok(self.to_core()?.percent_complete())
    }

    /// Returns the percentage as text for people: `97.5 %`, never rounded up to `100 %`.
    pub fn percent_text(&self) -> Result<String> {
        Ok(self.to_core()?.percent_text())
    }

    /// Returns the readiness.
    pub fn readiness(&self) -> Result<Readiness> {
        Ok(self.to_core()?.readiness().into())
    }

    /// Returns whether there are machines, and all are completed.
    pub fn is_ready(&self) -> Result<bool> {
        Ok(self.to_core()?.is_ready())
    }
}

impl MachineCounts {
    fn to_core(self) -> Result<clanforge::MachineCounts> {
        clanforge::MachineCounts::new(self.pending_machines, self.failed_machines, self.completed_machines)
            .map_err(configuration)
    }
}

impl From<clanforge::Readiness> for Readiness {
    fn from(readiness: clanforge::Readiness) -> Self {
        match readiness {
            clanforge::Readiness::Empty => Self::Empty,
            clanforge::Readiness::Installing => Self::Installing,
            clanforge::Readiness::Degraded => Self::Degraded,
            clanforge::Readiness::Ready => Self::Ready,
        }
    }
}

/// One region of a fleet.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RegionStatus {
    /// The ID of the region.
    pub region_id: String,
    /// The display name of the region. It need not be unique.
    pub name: String,
    /// Its machines.
    pub counts: MachineCounts,
}

/// One fleet.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FleetStatus {
    /// The ID of the fleet.
    pub fleet_id: String,
    /// The machines of the fleet, as the service reports them.
    pub counts: MachineCounts,
    /// The regions, sorted by ID.
    pub regions: Vec<RegionStatus>,
}

/// One region of one fleet as a flat row.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RegionRow {
    /// The ID of the fleet.
    pub fleet_id: String,
    /// The ID of the region.
    pub region_id: String,
    /// The display name of the region. It need not be unique.
    pub name: String,
    /// Its machines.
    pub counts: MachineCounts,
}

impl From<clanforge::RegionRow<'_>> for RegionRow {
    fn from(row: clanforge::RegionRow<'_>) -> Self {
        Self {
            fleet_id: row.fleet_id.to_owned(),
            region_id: row.region_id.to_owned(),
            name: row.name.to_owned(),
            counts: row.counts.into(),
        }
    }
}

/// A total that differs from the sum of its parts, as happens while machines change state.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Mismatch {
    /// The ID of the fleet; `None` for the image.
    pub fleet_id: Option<String>,
    /// The reported total.
    pub stated: MachineCounts,
    /// The sum of the parts.
    pub summed: MachineCounts,
}

/// The status of an image: the number of machines in each state, and with detail those of each fleet and region.
#[derive(Debug, uniffi::Object)]
#[uniffi::export(Eq)]
pub struct ImageStatus(pub(crate) Arc<clanforge::ImageStatus>);

/// A status without machines, in the place of one that is not decoded yet.
impl Default for ImageStatus {
    fn default() -> Self {
        Self(Arc::new(clanforge::ImageStatus::new(clanforge::MachineCounts::default())))
    }
}

impl PartialEq for ImageStatus {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

#[uniffi::export]
impl ImageStatus {
    /// Creates a status from counts, and with detail from fleets.
    #[uniffi::constructor(default(fleets = None))]
    pub fn new(counts: MachineCounts, fleets: Option<Vec<FleetStatus>>) -> Result<Arc<Self>> {
        let counts = counts.to_core()?;
        let Some(fleets) = fleets else { return Ok(into_handle(clanforge::ImageStatus::new(counts))) };
        let fleets = fleets.into_iter().map(fleet_to_core).collect::<Result<_>>()?;
        Ok(into_handle(clanforge::ImageStatus::with_fleets(counts, fleets).map_err(configuration)?))
    }

    /// Decodes the status in a response body, as the client does.
    #[uniffi::constructor]
    pub fn from_json(body: &str) -> Result<Arc<Self>> {
        Ok(into_handle(decode_image_status(body.as_bytes())?))
    }

    /// Decodes the status in the bytes of a response body, as the client does.
    #[uniffi::constructor]
    pub fn from_bytes(body: Vec<u8>) -> Result<Arc<Self>> {
        Ok(into_handle(decode_image_status(&body)?))
    }

    /// Returns the machines of the whole image, as the service reports them.
    pub fn counts(&self) -> MachineCounts {
        self.0.counts().into()
    }

    /// Returns the number of running machines with a pending install.
    pub fn pending_machines(&self) -> u64 {
        self.0.pending_machines()
    }

    /// Returns the number of disabled machines whose install failed.
    pub fn failed_machines(&self) -> u64 {
        self.0.failed_machines()
    }

    /// Returns the number of running machines that are fully installed.
    pub fn completed_machines(&self) -> u64 {
        self.0.completed_machines()
    }

    /// Returns the number of machines in all three states.
    pub fn total_machines(&self) -> u64 {
        self.0.total_machines()
    }

    /// Returns the percentage of completed machines, 100 only when all are completed; `None` without machines.
    pub fn percent_complete(&self) -> Option<f64> {
        self.0.percent_complete()
    }

    /// Returns the percentage as text for people: `97.5 %`, never rounded up to `100 %`.
    pub fn percent_text(&self) -> String {
        self.0.counts().percent_text()
    }

    /// Returns the readiness.
    pub fn readiness(&self) -> Readiness {
        self.0.readiness().into()
    }

    /// Returns whether there are machines, and all are completed. Only a wait can tell whether they run the new version.
    pub fn is_ready(&self) -> bool {
        self.0.is_ready()
    }

    /// Returns whether the status has the counts of each fleet and region.
    pub fn has_detail(&self) -> bool {
        self.0.fleets().is_some()
    }

    /// Returns the fleets sorted by ID; `None` without detail.
    pub fn fleets(&self) -> Option<Vec<FleetStatus>> {
        let fleets = self.0.fleets()?.iter().map(|fleet| FleetStatus {
            fleet_id: fleet.id().to_owned(),
            counts: fleet.counts().into(),
            regions: fleet
                .regions()
                .iter()
                .map(|region| RegionStatus {
                    region_id: region.id().to_owned(),
                    name: region.name().to_owned(),
                    counts: region.counts().into(),
                })
                .collect(),
        });
        Some(fleets.collect())
    }

    /// Returns every region of every fleet as a flat row; `None` without detail.
    pub fn regions(&self) -> Option<Vec<RegionRow>> {
        Some(self.0.regions()?.map(RegionRow::from).collect())
    }

    /// Returns the regions with failed machines, most failed first; `None` without detail.
    pub fn failed_regions(&self) -> Option<Vec<RegionRow>> {
        Some(self.0.failed_regions()?.into_iter().map(RegionRow::from).collect())
    }

    /// Returns the regions with pending machines, most pending first; `None` without detail.
    pub fn pending_regions(&self) -> Option<Vec<RegionRow>> {
        Some(self.0.pending_regions()?.into_iter().map(RegionRow::from).collect())
    }

    /// Returns the totals that differ from the sum of their parts; `None` without detail.
    pub fn mismatches(&self) -> Option<Vec<Mismatch>> {
        let mismatches = self.0.mismatches()?.into_iter().map(|each| Mismatch {
            fleet_id: each.fleet_id.map(str::to_owned),
            stated: each.stated.into(),
            summed: each.summed.into(),
        });
        Some(mismatches.collect())
    }

    /// Returns the summary in JSON: the `summary` of the `-o json` output.
    pub fn summary(&self) -> String {
        json(&self.0.summary())
    }

    /// Returns the status in JSON, in the format of the service.
    pub fn to_json(&self) -> String {
        json(&*self.0)
    }
}

pub(crate) fn into_handle(status: clanforge::ImageStatus) -> Arc<ImageStatus> {
    Arc::new(ImageStatus(Arc::new(status)))
}

fn fleet_to_core(fleet: FleetStatus) -> Result<clanforge::FleetStatus> {
    let region = |region: RegionStatus| {
        Ok(clanforge::RegionStatus::new(region.region_id, region.name, region.counts.to_core()?))
    };
    let regions = fleet.regions.into_iter().map(region).collect::<Result<_>>()?;
    clanforge::FleetStatus::new(fleet.fleet_id, fleet.counts.to_core()?, regions).map_err(configuration)
}
