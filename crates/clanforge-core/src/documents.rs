//! Documents that are written around models: what `status` and `check` report.

use serde::Serialize;

use crate::gate::Verdict;
use crate::request::ImageRef;
use crate::status::{ImageStatus, Summary};
use crate::version::Version;

/// A status with its summary.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Status"))]
pub struct StatusDocument<'a> {
    version: Version,
    /// The image.
    image: ImageRef,
    /// The status.
    status: &'a ImageStatus,
    /// What its counts say.
    summary: Summary<'a>,
}

impl<'a> StatusDocument<'a> {
    /// Returns the document of a status.
    pub fn new(image: ImageRef, status: &'a ImageStatus) -> Self {
        Self { version: Version, image, status, summary: status.summary() }
    }
}

/// A status with its summary, and the verdict of a gate on it.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Check"))]
pub struct CheckDocument<'a> {
    #[serde(flatten)]
    status: StatusDocument<'a>,
    /// The verdict of the gate on the status.
    verdict: &'a Verdict,
}

impl<'a> CheckDocument<'a> {
    /// Returns the document of a status and the verdict on it.
    pub fn new(image: ImageRef, status: &'a ImageStatus, verdict: &'a Verdict) -> Self {
        Self { status: StatusDocument::new(image, status), verdict }
    }
}
