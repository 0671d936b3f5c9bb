//! A handle of an image status, which keeps it as the core decoded it.

use std::sync::Arc;

use clanforge::core::decode_image_status;
use clanforge::{ImageStatus, MachineCounts, RegionRow};
use clanforge_bindings::{BindingError, json};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::error;

type Counts = (u64, u64, u64);
/// The percentage, the percentage as text, and the readiness.
type Description = (Option<f64>, String, &'static str);
type Fleet = (String, Counts, Vec<(String, String, Counts)>);

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

    fn counts(&self) -> Counts {
        counts(self.0.counts())
    }

    #[getter]
    fn has_detail(&self) -> bool {
        self.0.fleets().is_some()
    }

    fn fleets(&self) -> Option<Vec<Fleet>> {
        let fleets = self.0.fleets()?.iter().map(|fleet| {
            let regions = fleet.regions().iter();
            let regions =
                regions.map(|region| (region.id().to_owned(), region.name().to_owned(), counts(region.counts())));
            (fleet.id().to_owned(), counts(fleet.counts()), regions.collect())
        });
        Some(fleets.collect())
    }

    fn regions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        rows(py, self.0.regions())
    }

    fn failed_regions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        rows(py, self.0.failed_regions())
    }

    fn pending_regions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        rows(py, self.0.pending_regions())
    }

    fn mismatches_json(&self, py: Python<'_>) -> PyResult<String> {
        error::catch(py, || Ok(json(&self.0.mismatches().ok_or_else(no_detail)?)))
    }

    fn summary_json(&self) -> String {
        json(&self.0.summary())
    }

    fn to_json(&self, py: Python<'_>) -> String {
        py.detach(|| json(&*self.0))
    }
}

#[pyfunction]
pub(crate) fn describe_counts(py: Python<'_>, pending: u64, failed: u64, completed: u64) -> PyResult<Description> {
    error::catch(py, || {
        let counts = MachineCounts::new(pending, failed, completed).map_err(BindingError::configuration)?;
        Ok((counts.percent_complete(), counts.percent_text(), counts.readiness().as_str()))
    })
}

fn counts(counts: MachineCounts) -> Counts {
    (counts.pending_machines(), counts.failed_machines(), counts.completed_machines())
}

/// Returns regions as flat rows.
fn rows<'py, 'a>(
    py: Python<'py>,
    regions: Option<impl IntoIterator<Item = RegionRow<'a>>>,
) -> PyResult<Bound<'py, PyList>> {
    let regions = error::catch(py, || Ok(regions.ok_or_else(no_detail)?))?;
    let rows = PyList::empty(py);
    for region in regions {
        let row = PyDict::new(py);
        row.set_item(intern!(py, "fleet_id"), region.fleet_id)?;
        row.set_item(intern!(py, "region_id"), region.region_id)?;
        row.set_item(intern!(py, "name"), region.name)?;
        row.set_item(intern!(py, "pending_machines"), region.counts.pending_machines())?;
        row.set_item(intern!(py, "failed_machines"), region.counts.failed_machines())?;
        row.set_item(intern!(py, "completed_machines"), region.counts.completed_machines())?;
        rows.append(row)?;
    }
    Ok(rows)
}

/// Returns the error for the parts of a status without detail: an empty list would claim that there are none.
fn no_detail() -> BindingError {
    BindingError::configuration("the status has no detail: request it with detail=True")
}
