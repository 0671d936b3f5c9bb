//! The gate, the policy and the monitor.

use clanforge_bindings::{BaselineParts, BindingError};
use napi::bindgen_prelude::ClassInstance;
use napi_derive::napi;

use crate::error::export;
use crate::number::{self, Image};
use crate::status::{Status, Update, update};

/// The update of a reading, the outcome if there is one, and the seconds until the next reading if the wait continues.
type Step = (Update, Option<Update>, Option<f64>);

/// A baseline: the image, its status before the rollout, and when it was taken, as in RFC 3339.
pub(crate) type Baseline<'a> = (Image, ClassInstance<'a, Status>, Option<String>);

pub(crate) fn parts((image, status, taken_at): Baseline<'_>) -> BaselineParts {
    (number::image(image), status.0.clone(), taken_at)
}

/// The monitor of a wait: decides from readings, and does no I/O.
#[napi]
pub struct Monitor(clanforge_bindings::Monitor);

export!(impl Monitor {
    [constructor] fn new(image: Image, policy: String, baseline: Option<Baseline<'_>>) -> Self =
        clanforge_bindings::Monitor::new(number::image(image), &policy, baseline.map(parts)).map(Self);

    /// Returns a monitor that continues from a snapshot in JSON.
    [factory] fn restore(snapshot: String) -> Self = clanforge_bindings::Monitor::restore(&snapshot).map(Self);

    /// Returns the monitor as it is now, in JSON.
    fn snapshot(&self) -> String = Ok(self.0.snapshot());

    [getter] fn needs_detail(&self) -> bool = Ok(self.0.needs_detail());

    [getter] fn has_started(&self) -> bool = Ok(self.0.has_started());

    fn observe_status(&self, elapsed: f64, status: &Status, age: f64) -> Step =
        step(self.0.observe_status(elapsed, &status.0, age)?);

    /// Processes a failed reading, in JSON.
    fn observe_failure(&self, elapsed: f64, failure: String) -> Step = step(self.0.observe_failure(elapsed, &failure)?);
});

fn step(step: clanforge_bindings::Step) -> Result<Step, BindingError> {
    Ok((update(step.update)?, step.outcome.map(update).transpose()?, step.next_reading_seconds))
}

export! {
    /// Checks a gate in JSON, and returns it with every field.
    fn check_gate(gate: String) -> String = clanforge_bindings::check_gate(&gate);

    /// Returns whether a gate in JSON needs a status with detail.
    fn gate_needs_detail(gate: String) -> bool = clanforge_bindings::gate_needs_detail(&gate);

    /// Evaluates a gate in JSON on a status, and returns the verdict in JSON.
    fn evaluate(gate: String, status: &Status) -> String = clanforge_bindings::evaluate(&gate, &status.0);

    /// Returns the warnings about a baseline.
    fn baseline_warnings(baseline: Baseline<'_>) -> Vec<String> =
        Ok(clanforge_bindings::baseline(parts(baseline))?.warnings());

    /// Returns the report of a recording.
    fn report(text: String, format: String) -> String = clanforge_bindings::report(&text, &format);

    /// Returns the waits of a recording, as JSON.
    fn parse_recording(text: String) -> String = clanforge_bindings::parse_recording(&text);

    /// Returns which images of a combined outcome in JSON are not ready, and why.
    fn not_all_ready(combined: String) -> String = clanforge_bindings::not_all_ready(&combined);

    /// Checks a policy in JSON, and returns it with every field.
    fn check_policy(policy: String) -> String = clanforge_bindings::check_policy(&policy);
}
