//! The state machine of waiting, and what it says, on its way to Python.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use clanforge::monitor::{self, Baseline, Next, Outcome, Policy, ReadFailure, Reading, Update};
use clanforge::{ErrorKind, ImageRef};
use pyo3::prelude::*;
use serde_json::Value;

use crate::error;
use crate::status::{Status, json};

/// An update or an outcome: its JSON without the status, and the status.
pub(crate) type Told = (String, Option<Status>);

/// Decides from readings; blocks nobody and reads nothing.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Monitor(Mutex<monitor::Monitor>);

#[pymethods]
impl Monitor {
    #[new]
    #[pyo3(signature = (image, policy, baseline))]
    fn new(py: Python<'_>, image: (u64, u64), policy: &str, baseline: Option<(u64, u64, Status)>) -> PyResult<Self> {
        error::guarded(py, || {
            let policy = parsed(py, policy)?;
            let baseline = baseline.map(before);
            let monitor = monitor::Monitor::new(ImageRef::new(image.0, image.1), policy, baseline.as_ref());
            let monitor = monitor.map_err(|problem| configuration(py, &problem))?;
            Ok(Self(Mutex::new(monitor)))
        })
    }

    #[getter]
    fn needs_detail(&self) -> bool {
        self.lock().needs_detail()
    }

    #[getter]
    fn has_started(&self) -> bool {
        self.lock().has_started()
    }

    /// Returns the update, and how it goes on: `read` with the pause, `finished` with the outcome, or `give_up`.
    fn observe_status(
        &self,
        py: Python<'_>,
        elapsed: f64,
        status: Status,
    ) -> PyResult<(Told, String, f64, Option<Told>)> {
        self.observe(py, elapsed, Reading::Status((*status.0).clone()))
    }

    /// The same for a reading that failed.
    fn observe_failure(
        &self,
        py: Python<'_>,
        elapsed: f64,
        failure: &str,
    ) -> PyResult<(Told, String, f64, Option<Told>)> {
        let invalid = |problem| error::of_kind(py, ErrorKind::Configuration, &format!("invalid failure: {problem}"));
        let failure: ReadFailure = serde_json::from_str(failure).map_err(invalid)?;
        self.observe(py, elapsed, Reading::Failed(failure))
    }
}

impl Monitor {
    fn lock(&self) -> std::sync::MutexGuard<'_, monitor::Monitor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn observe(&self, py: Python<'_>, elapsed: f64, reading: Reading) -> PyResult<(Told, String, f64, Option<Told>)> {
        let elapsed = Duration::try_from_secs_f64(elapsed).map_err(|problem| {
            error::of_kind(py, ErrorKind::Configuration, &format!("invalid elapsed seconds {elapsed}: {problem}"))
        })?;
        error::guarded(py, || {
            let step = self.lock().observe(elapsed, reading);
            let told = update(step.update);
            Ok(match step.next {
                Next::Read { after, .. } => (told, "read".to_owned(), after.as_secs_f64(), None),
                Next::Finished(ended) => (told, "finished".to_owned(), 0.0, Some(outcome(*ended))),
                Next::GiveUp => (told, "give_up".to_owned(), 0.0, None),
            })
        })
    }
}

/// Raises where this is no policy; else returns it with every field.
#[pyfunction]
pub(crate) fn check_policy(py: Python<'_>, text: &str) -> PyResult<String> {
    error::guarded(py, || {
        let policy = parsed(py, text)?;
        policy.validate().map_err(|problem| configuration(py, &problem))?;
        Ok(json(&policy))
    })
}

fn configuration(py: Python<'_>, problem: &impl ToString) -> PyErr {
    error::of_kind(py, ErrorKind::Configuration, &problem.to_string())
}

pub(crate) fn parsed(py: Python<'_>, policy: &str) -> PyResult<Policy> {
    let invalid = |problem| error::of_kind(py, ErrorKind::Configuration, &format!("invalid policy: {problem}"));
    serde_json::from_str(policy).map_err(invalid)
}

pub(crate) fn before((account_service_id, image_id, status): (u64, u64, Status)) -> Baseline {
    Baseline::new(ImageRef::new(account_service_id, image_id), (*status.0).clone())
}

pub(crate) fn update(update: Update) -> Told {
    match update {
        Update::Outcome(ended) => outcome(ended),
        Update::Reading(mut reading) => {
            let status = Status::from(reading.status);
            reading.status = empty();
            (without_status(&Update::Reading(reading)), Some(status))
        }
        failed @ Update::ReadFailed(_) => (json(&failed), None),
    }
}

pub(crate) fn outcome(mut outcome: Outcome) -> Told {
    let status = outcome.status.take().map(Status::from);
    (without_status(&Update::Outcome(outcome)), status)
}

fn empty() -> clanforge::ImageStatus {
    clanforge::ImageStatus::new(clanforge::MachineCounts::default())
}

fn without_status(update: &Update) -> String {
    let mut value = serde_json::to_value(update).unwrap_or_default();
    if let Value::Object(fields) = &mut value {
        fields.remove("status");
        fields.remove("summary");
    }
    value.to_string()
}
