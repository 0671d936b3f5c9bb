//! Documents that are written around models: what `status`, `check` and `wait --once` report.

use std::borrow::Cow;
use std::time::Duration;

use serde::Serialize;

use crate::error_report::ErrorReport;
use crate::exit_code::ExitCode;
use crate::gate::Verdict;
use crate::monitor::{CombinedOutcome, ImageOutcome, Update};
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
    /// What the counts of the status say.
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

/// Where an unfinished wait stands.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Pending", extend("x-handle" = true)))]
pub struct PendingDocument<'a> {
    version: Version,
    /// The image.
    image: ImageRef,
    /// Null: the wait has no outcome yet.
    outcome: (),
    /// What the wait waits for, or why the last reading failed.
    pub message: Cow<'a, str>,
    /// The time until the next reading.
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
        // One reading that passes the gate is no outcome yet: another one has to confirm it.
        let message = match message.strip_prefix("ready: ") {
            Some(counts) => Cow::Owned(format!("not confirmed yet: {counts}")),
            None => Cow::Borrowed(message.as_str()),
        };
        Some(Self { version: Version, image, outcome: (), message, next })
    }
}

/// Why a command failed.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Failure"))]
pub struct FailureDocument<'a> {
    #[serde(flatten)]
    error: &'a ErrorReport,
    /// The exit code of the command.
    exit_code: u8,
}

impl<'a> FailureDocument<'a> {
    /// Returns the document of a command that an error ended.
    pub const fn new(error: &'a ErrorReport, exit: ExitCode) -> Self {
        Self { error, exit_code: exit.code() }
    }
}

/// What `status` or `check` found for each of several images.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(
        rename = "Combined{T}",
        extend("description" = format!("What `{}` found for each of several images.", T::schema_name().to_lowercase()))
    )
)]
pub struct CombinedDocument<T> {
    version: Version,
    /// Whether every image is ready.
    ready: bool,
    /// The exit code of the command.
    exit_code: u8,
    /// What was found, under the same names as the outcomes of a wait, in the order in which the images were named.
    outcomes: Vec<ImageDocument<T>>,
}

/// What a command found for one of several images.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "{T}OfImage"))]
pub struct ImageDocument<T> {
    /// The image.
    image: ImageRef,
    /// What was found; absent if it could not be read.
    outcome: Option<T>,
    /// Why it could not be read; absent if it was.
    error: Option<ErrorReport>,
}

impl<T> CombinedDocument<T> {
    /// Returns the document of what was found for each image.
    pub fn new(ready: bool, exit: ExitCode, outcomes: Vec<ImageDocument<T>>) -> Self {
        Self { version: Version, ready, exit_code: exit.code(), outcomes }
    }
}

impl<T> ImageDocument<T> {
    /// Returns the document of an image.
    pub fn new(image: ImageRef, found: Result<T, ErrorReport>) -> Self {
        match found {
            Ok(outcome) => Self { image, outcome: Some(outcome), error: None },
            Err(error) => Self { image, outcome: None, error: Some(error) },
        }
    }
}

/// Where an unfinished wait for several images stands.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "CombinedPending"))]
pub struct CombinedPendingDocument<'a> {
    version: Version,
    /// False: some images have no outcome yet.
    ready: bool,
    /// The exit code of the command: 8.
    exit_code: u8,
    /// How each wait ended, in the order in which the images were named; one that goes on has neither outcome nor error.
    outcomes: &'a [ImageOutcome],
    /// The time until the next reading of an image.
    #[serde(rename = "next_reading_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "crate::seconds::Schema"))]
    next: Duration,
}

impl<'a> CombinedPendingDocument<'a> {
    /// Returns the document of a wait whose next reading is due after `next`.
    pub const fn new(outcomes: &'a [ImageOutcome], next: Duration) -> Self {
        Self { version: Version, ready: false, exit_code: ExitCode::NotReady.code(), outcomes, next }
    }
}

/// A rollout whose start command failed, so that there was no wait.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Rollout"))]
pub struct RolloutDocument {
    #[serde(flatten)]
    combined: CombinedOutcome,
    /// The exit code of the command that starts the rollout, as a shell reports it.
    command_exit_code: i32,
}

impl RolloutDocument {
    /// Returns the document of a command that failed.
    pub const fn failed(mut undecided: CombinedOutcome, exit: ExitCode, command_exit_code: i32) -> Self {
        undecided.exit_code = exit.code();
        Self { combined: undecided, command_exit_code }
    }
}
