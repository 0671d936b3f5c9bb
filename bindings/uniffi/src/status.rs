//! The image status, a handle that records contain.

use std::sync::Arc;

use clanforge::core::decode_image_status;
use clanforge_bindings::{BindingError, json};
use serde::{Deserialize, Serialize};

use crate::generated::{FleetStatus, ImageRef, MachineCounts, Result};

/// The status of an image: machine counts in total and, with detail, for each fleet and region.
#[derive(Debug, PartialEq, uniffi::Object, Serialize, Deserialize)]
#[serde(transparent)]
#[uniffi::export(Eq)]
pub struct ImageStatus(pub(crate) Arc<clanforge::ImageStatus>);

impl ImageStatus {
    pub(crate) fn handle(status: clanforge::ImageStatus) -> Arc<Self> {
        Arc::new(Self(Arc::new(status)))
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
        Self::from_bytes(body.into())
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

    /// Returns whether the status has the counts of each fleet and region.
    pub fn has_detail(&self) -> bool {
        self.0.fleets().is_some()
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

impl From<ImageRef> for clanforge::ImageRef {
    fn from(image: ImageRef) -> Self {
        Self::new(image.account_service_id, image.image_id)
    }
}
