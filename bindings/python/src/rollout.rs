//! A rollout that has begun.

use std::sync::Arc;

use clanforge_bindings::baseline_parts;
use pyo3::prelude::*;

use crate::error::{detached, export};
use crate::monitor::Baseline;
use crate::runtime::process_state::ProcessState;
use crate::status::Status;

/// A rollout whose baselines have been read.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Rollout {
    pub(crate) state: Arc<ProcessState>,
    pub(crate) rollout: clanforge::Rollout,
}

export!(impl Rollout {
    fn baselines(&self) -> Vec<Baseline> = Ok(self.rollout.baselines().iter().map(baseline).collect());

    /// Whether the rollout was started before, so that only the wait is left.
    fn is_deployed(&self) -> bool = Ok(self.rollout.is_deployed());

    /// Records that the deployment starts.
    fn starting(&self) -> () = Ok(detached(|| self.rollout.starting())?);

    /// Records that the deployment succeeded, or why it failed.
    fn ended(&self, failure: Option<&str>) -> () = {
        // The result repeats the failure, which the caller raises.
        let _ = detached(|| self.rollout.ended(failure.map_or(Ok(()), Err)));
        Ok(())
    };
});

fn baseline(baseline: &clanforge::monitor::Baseline) -> Baseline {
    let (image, status, taken_at) = baseline_parts(baseline);
    ((image.account_service_id, image.image_id), Status(status), taken_at)
}
