//! The image status and its parts.

use std::sync::Arc;

use clanforge::core::decode_image_status;
use clanforge_bindings::json;

use crate::error::{Result, configuration};
use crate::generated::{FleetStatus, ImageRef, MachineCounts, Mismatch, RegionRow, RegionStatus};

impl From<ImageRef> for clanforge::ImageRef {
    fn from(image: ImageRef) -> Self {
        Self::new(image.account_service_id, image.image_id)
    }
}

#[uniffi::export]
impl MachineCounts {
    /// Returns the percentage as text for people: `97.5 %`, never rounded up to `100 %`.
    pub fn percent_text(&self) -> Result<String> {
        Ok(self.to_core()?.percent_text())
    }
}

impl MachineCounts {
    pub(crate) fn to_core(&self) -> Result<clanforge::MachineCounts> {
        clanforge::MachineCounts::new(self.pending_machines, self.failed_machines, self.completed_machines)
            .map_err(configuration)
    }
}

/// The status of an image: the number of machines in each state, and with detail those of each fleet and region.
#[derive(Debug, PartialEq, uniffi::Object)]
#[uniffi::export(Eq)]
pub struct ImageStatus(pub(crate) Arc<clanforge::ImageStatus>);

/// A status without machines, in the place of one that is not decoded yet.
impl Default for ImageStatus {
    fn default() -> Self {
        Self(Arc::new(clanforge::ImageStatus::new(clanforge::MachineCounts::default())))
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

    /// Returns the percentage as text for people: `97.5 %`, never rounded up to `100 %`.
    pub fn percent_text(&self) -> String {
        self.0.counts().percent_text()
    }

    /// Returns whether the status has the counts of each fleet and region.
    pub fn has_detail(&self) -> bool {
        self.0.fleets().is_some()
    }

    /// Returns the fleets sorted by ID; `None` without detail.
    pub fn fleets(&self) -> Option<Vec<FleetStatus>> {
        Some(self.0.fleets()?.iter().map(FleetStatus::from).collect())
    }

    /// Returns every region of every fleet as a flat row; `None` without detail.
    pub fn regions(&self) -> Option<Vec<RegionRow>> {
        Some(self.0.regions()?.map(RegionRow::from).collect())
    }

    /// Returns the totals that differ from the sum of their parts; `None` without detail.
    pub fn mismatches(&self) -> Option<Vec<Mismatch>> {
        Some(self.0.mismatches()?.into_iter().map(Mismatch::from).collect())
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
