//! What the service tells.

use std::sync::Arc;

use clanforge::core::decode_image_status;
use clanforge_bindings::json;

use crate::error::{Result, configuration};

/// An image of an account service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ImageRef {
    /// The id of the account service.
    pub account_service_id: u64,
    /// The id of the image.
    pub image_id: u64,
}

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

/// Machines in each state; all three together are at most 2^64 - 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct MachineCounts {
    /// Running machines with an install pending.
    pub pending_machines: u64,
    /// Disabled machines that were unable to install.
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

impl MachineCounts {
    fn checked(self) -> Result<clanforge::MachineCounts> {
        clanforge::MachineCounts::new(self.pending_machines, self.failed_machines, self.completed_machines)
            .map_err(configuration)
    }
}

/// What the counts say of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Readiness {
    /// There are no machines.
    Empty,
    /// Machines have an install pending.
    Installing,
    /// None is pending, and some failed.
    Degraded,
    /// All are completed.
    Ready,
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
    /// The region's id.
    pub region_id: String,
    /// The region's name for people; two regions may share one.
    pub name: String,
    /// Its machines.
    pub counts: MachineCounts,
}

/// One fleet.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FleetStatus {
    /// The fleet's id.
    pub fleet_id: String,
    /// Its machines, as the service states them.
    pub counts: MachineCounts,
    /// Its regions, in the order of their ids.
    pub regions: Vec<RegionStatus>,
}

/// One region of one fleet as a flat row.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct RegionRow {
    /// The fleet's id.
    pub fleet_id: String,
    /// The region's id.
    pub region_id: String,
    /// The region's name for people; two regions may share one.
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

/// Where the counts of a whole are not the sum of its parts, as happens in a live system.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Mismatch {
    /// The fleet; none for the image.
    pub fleet_id: Option<String>,
    /// The counts of the whole.
    pub stated: MachineCounts,
    /// The sum of its parts.
    pub summed: MachineCounts,
}

/// How far an image is: machines in each state, and with detail those of each fleet and region.
#[derive(Debug, uniffi::Object)]
#[uniffi::export(Eq)]
pub struct ImageStatus(pub(crate) Arc<clanforge::ImageStatus>);

impl PartialEq for ImageStatus {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

#[uniffi::export]
impl ImageStatus {
    /// Returns a status of counts, and of fleets where it has detail.
    #[uniffi::constructor(default(fleets = None))]
    pub fn new(counts: MachineCounts, fleets: Option<Vec<FleetStatus>>) -> Result<Arc<Self>> {
        let counts = counts.checked()?;
        let Some(fleets) = fleets else { return Ok(made(clanforge::ImageStatus::new(counts))) };
        let fleets = fleets.into_iter().map(fleet).collect::<Result<_>>()?;
        Ok(made(clanforge::ImageStatus::with_fleets(counts, fleets).map_err(configuration)?))
    }

    /// Returns the status of a response's body, decoded as a client does.
    #[uniffi::constructor]
    pub fn from_json(body: &str) -> Result<Arc<Self>> {
        Ok(made(decode_image_status(body.as_bytes())?))
    }

    /// Returns the status of a response's body in bytes, decoded as a client does.
    #[uniffi::constructor]
    pub fn from_bytes(body: Vec<u8>) -> Result<Arc<Self>> {
        Ok(made(decode_image_status(&body)?))
    }

    /// Returns the machines of the whole image, as the service states them.
    pub fn counts(&self) -> MachineCounts {
        self.0.counts().into()
    }

    /// Returns running machines with an install pending.
    pub fn pending_machines(&self) -> u64 {
        self.0.pending_machines()
    }

    /// Returns disabled machines that were unable to install.
    pub fn failed_machines(&self) -> u64 {
        self.0.failed_machines()
    }

    /// Returns running machines that are fully installed.
    pub fn completed_machines(&self) -> u64 {
        self.0.completed_machines()
    }

    /// Returns the machines of all three states.
    pub fn total_machines(&self) -> u64 {
        self.0.total_machines()
    }

    /// Returns the completed machines in percent of all, 100 only where all are; nothing without machines.
    pub fn percent_complete(&self) -> Option<f64> {
        self.0.percent_complete()
    }

    /// Returns the same for people: `97.5 %`, never rounded up to `100 %`.
    pub fn percent_text(&self) -> String {
        self.0.counts().percent_text()
    }

    /// Returns what the counts say.
    pub fn readiness(&self) -> Readiness {
        self.0.readiness().into()
    }

    /// Returns whether there are machines, and all are completed. That they are of the new version only a wait can tell.
    pub fn is_ready(&self) -> bool {
        self.0.is_ready()
    }

    /// Returns whether the status has the counts of each fleet and region.
    pub fn has_detail(&self) -> bool {
        self.0.fleets().is_some()
    }

    /// Returns the fleets in the order of their ids; nothing without detail.
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

    /// Returns every region of every fleet as a flat row; nothing without detail.
    pub fn regions(&self) -> Option<Vec<RegionRow>> {
        Some(self.0.regions()?.map(RegionRow::from).collect())
    }

    /// Returns the regions with failed machines, most failed first; nothing without detail.
    pub fn failed_regions(&self) -> Option<Vec<RegionRow>> {
        Some(self.0.failed_regions()?.into_iter().map(RegionRow::from).collect())
    }

    /// Returns the regions with pending machines, most pending first; nothing without detail.
    pub fn pending_regions(&self) -> Option<Vec<RegionRow>> {
        Some(self.0.pending_regions()?.into_iter().map(RegionRow::from).collect())
    }

    /// Returns where a whole is not the sum of its parts; nothing without detail.
    pub fn mismatches(&self) -> Option<Vec<Mismatch>> {
        let mismatches = self.0.mismatches()?.into_iter().map(|each| Mismatch {
            fleet_id: each.fleet_id.map(str::to_owned),
            stated: each.stated.into(),
            summed: each.summed.into(),
        });
        Some(mismatches.collect())
    }

    /// Returns all that the counts say as JSON: what the command's `-o json` has as `summary`.
    pub fn summary(&self) -> String {
        json(&self.0.summary())
    }

    /// Returns the status as JSON, as the service writes it.
    pub fn to_json(&self) -> String {
        json(&*self.0)
    }
}

pub(crate) fn made(status: clanforge::ImageStatus) -> Arc<ImageStatus> {
    Arc::new(ImageStatus(Arc::new(status)))
}

fn fleet(fleet: FleetStatus) -> Result<clanforge::FleetStatus> {
    let region = |region: RegionStatus| {
        Ok(clanforge::RegionStatus::new(region.region_id, region.name, region.counts.checked()?))
    };
    let regions = fleet.regions.into_iter().map(region).collect::<Result<_>>()?;
    clanforge::FleetStatus::new(fleet.fleet_id, fleet.counts.checked()?, regions).map_err(configuration)
}

/// Returns the machines of all three states.
#[uniffi::export]
pub fn total_machines(counts: MachineCounts) -> Result<u64> {
    Ok(counts.checked()?.total_machines())
}

/// Returns the completed machines in percent of all, 100 only where all are; nothing without machines.
#[uniffi::export]
pub fn percent_complete(counts: MachineCounts) -> Result<Option<f64>> {
    Ok(counts.checked()?.percent_complete())
}

/// Returns the same for people: `97.5 %`, never rounded up to `100 %`.
#[uniffi::export]
pub fn percent_text(counts: MachineCounts) -> Result<String> {
    Ok(counts.checked()?.percent_text())
}

/// Returns what counts say of a whole.
#[uniffi::export]
pub fn readiness(counts: MachineCounts) -> Result<Readiness> {
    Ok(counts.checked()?.readiness().into())
}

/// Returns whether there are machines, and all are completed.
#[uniffi::export]
pub fn is_ready(counts: MachineCounts) -> Result<bool> {
    Ok(counts.checked()?.is_ready())
}
