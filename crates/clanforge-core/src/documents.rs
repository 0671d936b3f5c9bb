//! Documents that are written around models: what `status`, `check` and `wait --once` report.

use std::time::Duration;

use serde::Serialize;

use crate::gate::Verdict;
use crate::monitor::Update;
use crate::request::ImageRef;
use crate::seconds;
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

/// Where a wait stands that goes on.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Pending", extend("x-handle" = true)))]
pub struct PendingDocument<'a> {
    version: Version,
    /// The image.
    image: ImageRef,
    /// Null: the wait has no outcome yet.
    outcome: (),
    /// What the wait waits for, or why the last reading failed.
    pub message: &'a str,
    /// The pause before the next reading.
    #[serde(rename = "next_reading_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    pub next: Duration,
}

impl<'a> PendingDocument<'a> {
    /// Returns the document of a reading; `None` if it was the last.
    pub fn new(update: &'a Update) -> Option<Self> {
        let (image, message, next) = match update {
            Update::Reading(reading) => (reading.image, &reading.message, reading.next?),
            Update::ReadFailed(failed) => (failed.image, &failed.error.message, failed.next?),
            Update::Outcome(_) => return None,
        };
        Some(Self { version: Version, image, outcome: (), message, next })
    }
}
