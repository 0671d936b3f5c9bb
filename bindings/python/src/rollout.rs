//! A rollout that has begun.

use std::sync::Arc;

use clanforge_bindings::baseline_parts;
use pyo3::prelude::*;

use crate::error;
use crate::monitor::Baseline;
use crate::runtime::process_state::ProcessState;
use crate::status::Status;

/// A rollout whose baselines have been read.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Rollout {
    pub(crate) state: Arc<ProcessState>,
    pub(crate) rollout: clanforge::Rollout,
}

#[pymethods]
impl Rollout {
    fn baselines(&self) -> Vec<Baseline> {
        let parts = self.rollout.baselines().iter().map(baseline_parts);
        let ids = |image: clanforge::ImageRef| (image.account_service_id, image.image_id);
        parts.map(|(image, status, taken_at)| (ids(image), Status(status), taken_at)).collect()
    }

    /// Whether the rollout was started before, so that only the wait is left.
    fn is_deployed(&self) -> bool {
        self.rollout.is_deployed()
    }

    /// Records that the deployment starts.
    fn starting(&self, py: Python<'_>) -> PyResult<()> {
        error::catch(py, || Ok(py.detach(|| self.rollout.starting())?))
    }

    /// Records that the deployment succeeded, or why it failed.
    fn ended(&self, py: Python<'_>, failure: Option<&str>) {
        // The result repeats the failure, which the caller raises.
        let _ = py.detach(|| self.rollout.ended(failure.map_or(Ok(()), Err)));
    }
}
