//! A status from before the rollout.

use serde::{Deserialize, Serialize};

use super::policy::InvalidPolicy;
use crate::gate::Gate;
use crate::request::ImageRef;
use crate::status::{ImageStatus, MachineCounts};
use crate::version::Version;

/// A status taken before a rollout was started, to tell the new version's counts from the old one's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: Version,
    /// The image that the status is of.
    image: ImageRef,
    /// The status before the rollout.
    status: ImageStatus,
}

impl Baseline {
    /// Returns a baseline of an image.
    pub const fn new(image: ImageRef, status: ImageStatus) -> Self {
        Self { version: Version, image, status }
    }

    /// Returns the image that it is of.
    pub const fn image(&self) -> ImageRef {
        self.image
    }

    /// Returns the status before the rollout.
    pub const fn status(&self) -> &ImageStatus {
        &self.status
    }

    /// Returns the counts that a gate judges.
    pub(super) fn judged_by(&self, image: ImageRef, gate: &Gate) -> Result<MachineCounts, InvalidPolicy> {
        if self.image != image {
            return Err(InvalidPolicy(format!("the baseline is of {}, not of {image}", self.image)));
        }
        let counts =
            gate.judged_counts(&self.status).filter(|_| !gate.needs_detail() || self.status.fleets().is_some());
        counts.ok_or_else(|| {
            InvalidPolicy("the gate needs fleets and regions, but the baseline was taken without detail".to_owned())
        })
    }
}
