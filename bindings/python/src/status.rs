//! A handle of an image status, which keeps it as the core decoded it.

use std::sync::Arc;

use clanforge::core::decode_image_status;
use clanforge::{ImageStatus, MachineCounts};
use clanforge_bindings::{BindingError, json};
use pyo3::prelude::*;

use crate::error;

/// The readiness, whether it is `ready`, the total, the percentage, and the percentage as text.
type Description = (&'static str, bool, u64, Option<f64>, String);

/// An image status. Fleets and regions are converted to Python objects when they are read.
#[pyclass(frozen, eq, hash, from_py_object, module = "clanforge._clanforge")]
#[derive(Clone, PartialEq, Hash)]
pub(crate) struct Status(pub(crate) Arc<ImageStatus>);

impl From<ImageStatus> for Status {
    fn from(status: ImageStatus) -> Self {
        Self(Arc::new(status))
    }
}

#[pymethods]
impl Status {
    #[staticmethod]
    fn from_json(py: Python<'_>, body: &[u8]) -> PyResult<Self> {
        error::catch(py, || Ok(py.detach(|| decode_image_status(body))?.into()))
    }

    fn counts(&self) -> (u64, u64, u64) {
        let counts = self.0.counts();
        (counts.pending_machines(), counts.failed_machines(), counts.completed_machines())
    }

    #[getter]
    fn has_detail(&self) -> bool {
        self.0.fleets().is_some()
    }

    /// Returns the summary, or one of the lists of a status with detail, as JSON.
    fn part_json(&self, py: Python<'_>, name: &str) -> PyResult<String> {
        let part = || match name {
            "summary" => Some(json(&self.0.summary())),
            "regions" => self.0.regions().map(|regions| json(&regions.collect::<Vec<_>>())),
            "failed_regions" => self.0.failed_regions().map(|regions| json(&regions)),
            "pending_regions" => self.0.pending_regions().map(|regions| json(&regions)),
            _ => self.0.mismatches().map(|mismatches| json(&mismatches)),
        };
        error::catch(py, || {
            // An empty list would claim that there are none.
            let no_detail = || BindingError::configuration("the status has no detail: request it with detail=True");
            Ok(py.detach(part).ok_or_else(no_detail)?)
        })
    }

    fn to_json(&self, py: Python<'_>) -> String {
        py.detach(|| json(&*self.0))
    }
}

#[pyfunction]
pub(crate) fn describe_counts(py: Python<'_>, pending: u64, failed: u64, completed: u64) -> PyResult<Description> {
    error::catch(py, || {
        let counts = MachineCounts::new(pending, failed, completed).map_err(BindingError::configuration)?;
        let (readiness, total) = (counts.readiness().as_str(), counts.total_machines());
        Ok((readiness, counts.is_ready(), total, counts.percent_complete(), counts.percent_text()))
    })
}
