//! The gate, the policy and the monitor, and how updates cross the FFI boundary.

use clanforge::ImageRef;
use clanforge_bindings::BaselineParts;
use pyo3::prelude::*;

use crate::error::{detached, export};
use crate::status::Status;

/// An update: its JSON without the status, and the status.
pub(crate) type EncodedUpdate = (String, Option<Status>);

/// How a wait for several images ended: its JSON without the statuses, and the status of each image.
pub(crate) type CombinedOutcome = (String, Vec<Option<Status>>);

/// An account service ID and an image ID.
pub(crate) type Image = (u64, u64);

/// A baseline: the image, the status, and when it was taken.
pub(crate) type Baseline = (Image, Status, Option<String>);

/// The update, the seconds until the next reading, and the outcome.
type Step = (EncodedUpdate, Option<f64>, Option<EncodedUpdate>);

/// The monitor of a wait: decides from readings, and does no I/O.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Monitor(clanforge_bindings::Monitor);

export!(impl Monitor {
    #[new]
    fn new(image: Image, policy: &str, baseline: Option<Baseline>) -> Self =
        Ok(Self(clanforge_bindings::Monitor::new(image_ref(image), policy, baseline.map(baseline_parts))?));

    /// Returns a monitor that continues from a snapshot in JSON.
    #[staticmethod]
    fn restore(snapshot: &str) -> Self = Ok(Self(clanforge_bindings::Monitor::restore(snapshot)?));

    /// Returns the monitor as it is now, in JSON.
    fn snapshot(&self) -> String = Ok(self.0.snapshot());

    #[getter]
    fn needs_detail(&self) -> bool = Ok(self.0.needs_detail());

    #[getter]
    fn has_started(&self) -> bool = Ok(self.0.has_started());

    fn observe_status(&self, elapsed: f64, status: &Status, age: f64) -> Step =
        Ok(step(self.0.observe_status(elapsed, &status.0, age)?));

    /// Processes a failed reading, in JSON.
    fn observe_failure(&self, elapsed: f64, failure: &str) -> Step = Ok(step(self.0.observe_failure(elapsed, failure)?));
});

export! {
    /// Returns HTML for an outcome in JSON, as a part of a page.
    fn outcome_html(outcome: &str) -> String = Ok(clanforge_bindings::outcome_html(outcome)?);

    /// Returns the waits of a recording and the warnings about it, as JSON.
    fn parse_recording(text: &str) -> String = Ok(clanforge_bindings::parse_recording(text)?);

    /// Returns which images of a combined outcome in JSON are not ready, and why.
    fn not_all_ready(combined: &str) -> String = Ok(clanforge_bindings::not_all_ready(combined)?);

    /// Checks a policy in JSON, and returns it with every field.
    fn check_policy(text: &str) -> String = Ok(clanforge_bindings::check_policy(text)?);

    /// Checks a gate in JSON, and returns it with every field.
    fn check_gate(text: &str) -> String = Ok(clanforge_bindings::check_gate(text)?);

    /// Whether a gate in JSON needs the counts of each fleet and region.
    fn gate_needs_detail(text: &str) -> bool = Ok(clanforge_bindings::gate_needs_detail(text)?);

    /// Returns the report of a recording.
    fn report(text: &str, format: &str) -> String = Ok(detached(|| clanforge_bindings::report(text, format))?);

    /// Evaluates a gate on a status, and returns the verdict in JSON.
    fn evaluate(gate: &str, status: &Status) -> String =
        Ok(detached(|| clanforge_bindings::evaluate(gate, &status.0))?);

    /// Returns the warnings about a baseline.
    fn baseline_warnings(baseline: Baseline) -> Vec<String> =
        Ok(clanforge_bindings::baseline(baseline_parts(baseline))?.warnings());

    /// Returns the current time in RFC 3339 format.
    fn now() -> String = Ok(clanforge_bindings::now());
}

pub(crate) fn image_ref((account_service_id, image_id): Image) -> ImageRef {
    ImageRef::new(account_service_id, image_id)
}

pub(crate) fn baseline_parts((image, status, taken_at): Baseline) -> BaselineParts {
    (image_ref(image), status.0, taken_at)
}

pub(crate) fn encoded(update: clanforge_bindings::EncodedUpdate) -> EncodedUpdate {
    (update.json, update.status.map(Status))
}

pub(crate) fn combined(outcome: clanforge_bindings::EncodedCombinedOutcome) -> CombinedOutcome {
    (outcome.json, outcome.statuses.into_iter().map(|status| status.map(Status)).collect())
}

fn step(step: clanforge_bindings::Step) -> Step {
    (encoded(step.update), step.next_reading_seconds, step.outcome.map(encoded))
}
