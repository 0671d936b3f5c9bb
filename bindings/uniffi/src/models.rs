//! The image status and its parts.

use std::sync::Arc;

use clanforge::core::decode_image_status;
use clanforge_bindings::{BindingError, json};

use crate::generated::{FleetStatus, ImageRef, MachineCounts, Mismatch, RegionRow, Result};
use crate::status::ImageStatus;

impl From<ImageRef> for clanforge::ImageRef {
    fn from(image: ImageRef) -> Self {
        Self::new(image.account_service_id, image.image_id)
    }
}

#[uniffi::export]
impl MachineCounts {
    /// Returns the percentage as text, such as `97.5 %`: never rounded up to `100 %`, and `-` if there are no machines.
    pub fn percent_text(&self) -> Result<String> {
        Ok(clanforge::MachineCounts::try_from(self.clone())?.percent_text())
    }
}

#[uniffi::export]
impl ImageStatus {
    /// Creates a status from the counts of the image and, with detail, from its fleets.
    #[uniffi::constructor(default(fleets = None))]
    pub fn new(counts: MachineCounts, fleets: Option<Vec<FleetStatus>>) -> Result<Arc<Self>> {
        let counts = counts.try_into()?;
        let Some(fleets) = fleets else { return Ok(Self::handle(clanforge::ImageStatus::new(counts))) };
        let fleets = fleets.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
        Ok(Self::handle(clanforge::ImageStatus::with_fleets(counts, fleets).map_err(BindingError::configuration)?))
    }

    /// Decodes the status in a response body, as the client does.
    #[uniffi::constructor]
    pub fn from_json(body: &str) -> Result<Arc<Self>> {
        Ok(Self::handle(decode_image_status(body.as_bytes()).map_err(BindingError::from)?))
    }

    /// Decodes the status in the bytes of a response body, as the client does.
    #[uniffi::constructor]
    pub fn from_bytes(body: Vec<u8>) -> Result<Arc<Self>> {
        Ok(Self::handle(decode_image_status(&body).map_err(BindingError::from)?))
    }

    /// Returns the machine counts of the whole image, as the service states them.
    pub fn counts(&self) -> MachineCounts {
        self.0.counts().into()
    }

    /// Returns the percentage as text, such as `97.5 %`: never rounded up to `100 %`, and `-` if there are no machines.
    pub fn percent_text(&self) -> String {
        self.0.counts().percent_text()
    }

    /// Returns whether the status has the counts of each fleet and region.
    pub fn has_detail(&self) -> bool {
        self.0.fleets().is_some()
    }

    /// Returns the fleets, ordered by ID; absent without detail.
    pub fn fleets(&self) -> Option<Vec<FleetStatus>> {
        Some(self.0.fleets()?.iter().map(FleetStatus::from).collect())
    }

    /// Returns every region of every fleet as a flat row; absent without detail.
    pub fn regions(&self) -> Option<Vec<RegionRow>> {
        Some(self.0.regions()?.map(RegionRow::from).collect())
    }

    /// Returns where the counts of the image or of a fleet differ from the sum of its parts; absent without detail.
    pub fn mismatches(&self) -> Option<Vec<Mismatch>> {
        Some(self.0.mismatches()?.into_iter().map(Mismatch::from).collect())
    }

    /// Returns what the counts say, in JSON: the `summary` that `clanforge status -o json` writes.
    pub fn summary(&self) -> String {
        json(&self.0.summary())
    }

    /// Returns the status in JSON, in the format of the service.
    pub fn to_json(&self) -> String {
        json(&*self.0)
    }
}
