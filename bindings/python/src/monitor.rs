//! The state machine of waiting, and what it says, on its way to Python.

use clanforge::ImageRef;
use pyo3::prelude::*;

use crate::error;
use crate::status::Status;

/// An update or an outcome: its JSON without the status, and the status.
pub(crate) type Told = (String, Option<Status>);

/// The update, the pause before the next reading in seconds, and the outcome.
type Step = (Told, Option<f64>, Option<Told>);

/// Decides from readings; blocks nobody and reads nothing.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Monitor(clanforge_bindings::Monitor);

#[pymethods]
impl Monitor {
    #[new]
    #[pyo3(signature = (image, policy, baseline))]
    fn new(py: Python<'_>, image: (u64, u64), policy: &str, baseline: Option<(u64, u64, Status)>) -> PyResult<Self> {
        let image = ImageRef::new(image.0, image.1);
        error::guarded(py, || Ok(Self(clanforge_bindings::Monitor::new(image, policy, baseline.map(before))?)))
    }

    #[getter]
    fn needs_detail(&self) -> bool {
        self.0.needs_detail()
    }

    #[getter]
    fn has_started(&self) -> bool {
        self.0.has_started()
    }

    fn observe_status(&self, py: Python<'_>, elapsed: f64, status: &Status) -> PyResult<Step> {
        error::guarded(py, || Ok(step(self.0.observe_status(elapsed, &status.0)?)))
    }

    /// The same for a reading that failed.
    fn observe_failure(&self, py: Python<'_>, elapsed: f64, failure: &str) -> PyResult<Step> {
        error::guarded(py, || Ok(step(self.0.observe_failure(elapsed, failure)?)))
    }
}

/// Raises where this is no policy; else returns it with every field.
#[pyfunction]
pub(crate) fn check_policy(py: Python<'_>, text: &str) -> PyResult<String> {
    error::guarded(py, || Ok(clanforge_bindings::check_policy(text)?))
}

pub(crate) fn before((account_service_id, image_id, status): (u64, u64, Status)) -> clanforge_bindings::Before {
    (ImageRef::new(account_service_id, image_id), status.0)
}

pub(crate) fn told(told: clanforge_bindings::Told) -> Told {
    (told.text, told.status.map(Status))
}

fn step(step: clanforge_bindings::Step) -> Step {
    (told(step.told), step.next_reading_seconds, step.outcome.map(told))
}
