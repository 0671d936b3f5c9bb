//! The monitor of a wait, its policy, and the baseline that it compares with.

use std::sync::Arc;

use clanforge::monitor;
use clanforge_bindings::{BaselineParts, BindingError, json};

use crate::checks::{Options, check_seconds, of_arguments};
use crate::generated::{Baseline, ImageRef, Policy, ReadFailure, Result, Step, Update};
use crate::status::ImageStatus;

#[uniffi::export]
impl Baseline {
    /// Returns the baseline in JSON, as `clanforge wait --since` reads it.
    ///
    /// # Errors
    /// `configuration` if `takenAt` is not a time in RFC 3339 format.
    pub fn to_json(&self) -> Result<String> {
        Ok(json(&clanforge_bindings::baseline(self.clone().into_parts())?))
    }
}

impl Baseline {
    pub(crate) fn of(baseline: &monitor::Baseline) -> Self {
        let (image, status, taken_at) = clanforge_bindings::baseline_parts(baseline);
        Self { image: image.into(), status: Arc::new(ImageStatus(status)), taken_at }
    }

    pub(crate) fn into_parts(self) -> BaselineParts {
        (self.image.into(), Arc::clone(&self.status.0), self.taken_at)
    }
}

/// Parses a baseline from JSON, as `toJson` and `clanforge baseline` write it.
#[uniffi::export]
pub fn baseline_from_json(text: &str) -> Result<Baseline> {
    let baseline: monitor::Baseline = serde_json::from_str(text)
        .map_err(|problem| BindingError::configuration(format!("invalid baseline: {problem}")))?;
    Ok(Baseline::of(&baseline))
}

impl Step {
    fn decode(step: clanforge_bindings::Step) -> Result<Self> {
        let outcome = match step.outcome.map(Update::decode).transpose()? {
            Some(Update::Outcome { outcome }) => Some(outcome),
            _ => None,
        };
        Ok(Self { update: Update::decode(step.update)?, next_reading_seconds: step.next_reading_seconds, outcome })
    }
}

/// The state machine of a wait, without a clock and without I/O, for tests and for a loop of your own.
#[derive(uniffi::Object)]
pub struct Monitor(clanforge_bindings::Monitor);

#[uniffi::export]
impl Monitor {
    /// Creates a monitor for an image.
    #[uniffi::constructor(default(policy = None, baseline = None))]
    pub fn new(image: ImageRef, policy: Option<Policy>, baseline: Option<Baseline>) -> Result<Arc<Self>> {
        let baseline = baseline.map(Baseline::into_parts);
        let create = |policy: &str| clanforge_bindings::Monitor::new(image.into(), policy, baseline);
        Ok(Arc::new(Self(policy.unwrap_or_default().pass(create)?)))
    }

    /// Returns whether the gate needs the counts of each fleet and region.
    pub fn needs_detail(&self) -> bool {
        self.0.needs_detail()
    }

    /// Returns whether there is evidence that the counts describe the new version.
    pub fn has_started(&self) -> bool {
        self.0.has_started()
    }

    /// Processes a status that was received `elapsedSeconds` after the start of the wait, and returns its update and when to read
    /// next. Pass readings in the order of time. `ageSeconds` is how old the status was then, by the `Age` header of a cache.
    #[uniffi::method(default(age_seconds = 0.0))]
    pub fn observe_status(&self, elapsed_seconds: f64, status: Arc<ImageStatus>, age_seconds: f64) -> Result<Step> {
        let step = self.0.observe_status(elapsed_seconds, &status.0, age_seconds);
        Step::decode(step.map_err(of_arguments)?)
    }

    /// Processes a failed reading, as `observeStatus` does a status.
    pub fn observe_failure(&self, elapsed_seconds: f64, failure: ReadFailure) -> Result<Step> {
        check_seconds("retryAfterSeconds", failure.retry_after_seconds)?;
        Step::decode(self.0.observe_failure(elapsed_seconds, &json(&failure)).map_err(of_arguments)?)
    }
}
