//! A handle of an image status, which keeps it as the core decoded it.

use std::sync::Arc;

use clanforge::core::decode_image_status;
use clanforge::{ImageStatus, MachineCounts, RegionRow};
use clanforge_bindings::{BindingError, json};
use pyo3::prelude::*;

use crate::error::{CallError, detached, export};

/// The readiness, whether all machines are completed, the total, the percentage, and the percentage as text: the order of the schema
/// `Summary`, by which the generated properties read them.
type Description = (&'static str, bool, u64, Option<f64>, String);

/// An image status. Fleets and regions are converted to Python objects when they are read.
#[pyclass(frozen, eq, hash, from_py_object, module = "clanforge._clanforge")]
#[derive(Clone, PartialEq, Hash)]
pub(crate) struct Status(pub(crate) Arc<ImageStatus>);

/// A region as a flat row.
#[derive(IntoPyObject)]
struct Row<'a> {
    fleet_id: &'a str,
    region_id: &'a str,
    name: &'a str,
    pending_machines: u64,
    failed_machines: u64,
    completed_machines: u64,
}

export!(impl Status {
    #[staticmethod]
    fn from_json(body: &[u8]) -> Self = Ok(Self(Arc::new(detached(|| decode_image_status(body))?)));

    fn counts(&self) -> (u64, u64, u64) = {
        let counts = self.0.counts();
        Ok((counts.pending_machines(), counts.failed_machines(), counts.completed_machines()))
    };

    #[getter]
    fn has_detail(&self) -> bool = Ok(self.0.fleets().is_some());

    fn regions(&self) -> Vec<Row<'_>> = rows(self.0.regions());

    fn failed_regions(&self) -> Vec<Row<'_>> = rows(self.0.failed_regions());

    fn pending_regions(&self) -> Vec<Row<'_>> = rows(self.0.pending_regions());

    fn mismatches_json(&self) -> String = Ok(json(&self.0.mismatches().ok_or_else(no_detail)?));

    fn summary_json(&self) -> String = Ok(json(&self.0.summary()));

    fn to_json(&self) -> String = Ok(detached(|| json(&*self.0)));
});

fn rows<'a>(regions: Option<impl IntoIterator<Item = RegionRow<'a>>>) -> Result<Vec<Row<'a>>, CallError> {
    let row = |RegionRow { fleet_id, region_id, name, counts }| {
        let [pending_machines, failed_machines, completed_machines] =
            [counts.pending_machines(), counts.failed_machines(), counts.completed_machines()];
        Row { fleet_id, region_id, name, pending_machines, failed_machines, completed_machines }
    };
    Ok(regions.ok_or_else(no_detail)?.into_iter().map(row).collect())
}

/// Returns the error for the lists of a status without detail: an empty list would claim that there are none.
fn no_detail() -> BindingError {
    BindingError::configuration("the status has no detail: request it with detail=True")
}

export! {
    fn describe_counts(pending: u64, failed: u64, completed: u64) -> Description = {
        let counts = MachineCounts::new(pending, failed, completed).map_err(BindingError::configuration)?;
        let (readiness, total) = (counts.readiness().as_str(), counts.total_machines());
        Ok((readiness, counts.is_ready(), total, counts.percent_complete(), counts.percent_text()))
    };
}
