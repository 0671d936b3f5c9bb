//! How a wait for several images ended.

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::error_report::ErrorReport;
use crate::exit_code::ExitCode;
use crate::request::ImageRef;
use crate::version::Version;

/// How a wait for several images ended, or where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CombinedOutcome {
    version: Version,
    /// Whether every image is ready.
    pub ready: bool,
    /// The exit code of the command for all images.
    pub exit_code: u8,
    /// How each image ended, in the order in which they were named.
    pub outcomes: Vec<ImageOutcome>,
}

/// How one of several images ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ImageOutcome {
    /// The image.
    pub image: ImageRef,
    /// How its wait ended; absent if it is undecided, or ended with an error.
    pub outcome: Option<Outcome>,
    /// The error that ended its wait; absent if none did.
    pub error: Option<ErrorReport>,
}

impl CombinedOutcome {
    /// Returns the outcome of several images.
    pub fn new(outcomes: Vec<ImageOutcome>) -> Self {
        let ready = !outcomes.is_empty() && outcomes.iter().all(ImageOutcome::is_ready);
        let exit_code = ExitCode::first(outcomes.iter().map(ImageOutcome::exit_code)).code();
        Self { version: Version, ready, exit_code, outcomes }
    }

    /// Returns true if every image is ready.
    pub const fn is_ready(&self) -> bool {
        self.ready
    }

    /// Returns the outcome if every image is ready.
    ///
    /// # Errors
    /// [`NotAllReady`], which holds the outcome, if any is not.
    pub fn into_result(self) -> Result<Self, NotAllReady> {
        if self.is_ready() { Ok(self) } else { Err(NotAllReady(Box::new(self))) }
    }
}

impl ImageOutcome {
    /// Returns an image that is undecided.
    pub const fn undecided(image: ImageRef) -> Self {
        Self { image, outcome: None, error: None }
    }

    /// Returns true if the image is ready.
    pub const fn is_ready(&self) -> bool {
        matches!(&self.outcome, Some(outcome) if outcome.is_ready())
    }

    /// Returns true if it ended, with an outcome or an error.
    pub const fn is_decided(&self) -> bool {
        self.outcome.is_some() || self.error.is_some()
    }

    /// Returns the exit code of the command for this image.
    pub fn exit_code(&self) -> ExitCode {
        match (&self.error, &self.outcome) {
            (Some(error), _) => error.kind.exit_code(),
            (None, Some(outcome)) => outcome.kind.exit_code(),
            (None, None) => ExitCode::NotReady,
        }
    }

    /// Returns a sentence about how the image ended, without its name.
    pub fn reason(&self) -> &str {
        match (&self.error, &self.outcome) {
            (Some(error), _) => &error.message,
            (None, Some(outcome)) => &outcome.reason,
            (None, None) => "undecided: the wait ended before this image had an outcome",
        }
    }
}

/// A wait for several images, of which not all are ready.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", text(.0))]
pub struct NotAllReady(pub Box<CombinedOutcome>);

fn text(combined: &CombinedOutcome) -> String {
    let unready = combined.outcomes.iter().filter(|image| !image.is_ready());
    unready.map(|image| format!("{}: {}", image.image, image.reason())).collect::<Vec<_>>().join("; ")
}
