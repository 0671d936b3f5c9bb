//! The gate, the policy and the monitor, and how updates cross the FFI boundary.

use clanforge::ImageRef;
use clanforge_bindings::BaselineParts;
use pyo3::prelude::*;

use crate::error;
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

#[pymethods]
impl Monitor {
    #[new]
    fn new(py: Python<'_>, image: Image, policy: &str, baseline: Option<Baseline>) -> PyResult<Self> {
        let (image, baseline) = (image_ref(image), baseline.map(baseline_parts));
        error::catch(py, || Ok(Self(clanforge_bindings::Monitor::new(image, policy, baseline)?)))
    }

    /// Returns a monitor that continues from a snapshot in JSON.
    #[staticmethod]
    fn restore(py: Python<'_>, snapshot: &str) -> PyResult<Self> {
        error::catch(py, || Ok(Self(clanforge_bindings::Monitor::restore(snapshot)?)))
    }

    /// Returns the monitor as it is now, in JSON.
    fn snapshot(&self) -> String {
        self.0.snapshot()
    }

    #[getter]
    fn needs_detail(&self) -> bool {
        self.0.needs_detail()
    }

    #[getter]
    fn has_started(&self) -> bool {
        self.0.has_started()
    }

    fn observe_status(&self, py: Python<'_>, elapsed: f64, status: &Status, age: f64) -> PyResult<Step> {
        error::catch(py, || Ok(step(self.0.observe_status(elapsed, &status.0, age)?)))
    }

    /// Processes a failed reading, in JSON.
    fn observe_failure(&self, py: Python<'_>, elapsed: f64, failure: &str) -> PyResult<Step> {
        error::catch(py, || Ok(step(self.0.observe_failure(elapsed, failure)?)))
    }
}

/// Defines functions of a text, each of which calls the function of the same name that all bindings share.
macro_rules! functions_of_text {
    ($($(#[$documentation:meta])* $name:ident($text:ident) -> $result:ty;)*) => {$(
        $(#[$documentation])*
        #[pyfunction]
        pub(crate) fn $name(py: Python<'_>, $text: &str) -> PyResult<$result> {
            error::catch(py, || Ok(clanforge_bindings::$name($text)?))
        }
    )*};
}

functions_of_text! {
    /// Returns HTML for an outcome in JSON, as a part of a page.
    outcome_html(outcome) -> String;
    /// Returns the waits of a recording and the warnings about it, as JSON.
    parse_recording(text) -> String;
    /// Returns which images of a combined outcome in JSON are not ready, and why.
    not_all_ready(combined) -> String;
    /// Checks a policy in JSON, and returns it with every field.
    check_policy(text) -> String;
    /// Checks a gate in JSON, and returns it with every field.
    check_gate(text) -> String;
    /// Whether a gate in JSON needs the counts of each fleet and region.
    gate_needs_detail(text) -> bool;
}

/// Returns the report of a recording.
#[pyfunction]
pub(crate) fn report(py: Python<'_>, text: &str, format: &str) -> PyResult<String> {
    error::catch(py, || Ok(py.detach(|| clanforge_bindings::report(text, format))?))
}

/// Evaluates a gate on a status, and returns the verdict in JSON.
#[pyfunction]
pub(crate) fn evaluate(py: Python<'_>, gate: &str, status: &Status) -> PyResult<String> {
    error::catch(py, || Ok(py.detach(|| clanforge_bindings::evaluate(gate, &status.0))?))
}

/// Returns the warnings about a baseline.
#[pyfunction]
pub(crate) fn baseline_warnings(py: Python<'_>, baseline: Baseline) -> PyResult<Vec<String>> {
    error::catch(py, || Ok(clanforge_bindings::baseline(baseline_parts(baseline))?.warnings()))
}

/// Returns the current time in RFC 3339 format.
#[pyfunction]
pub(crate) fn now() -> String {
    clanforge_bindings::now()
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
