//! The simulator, within the process.

use std::sync::{Mutex, PoisonError};

use clanforge::ErrorKind;
use clanforge_simulator::command::SimulateArgs;
use clanforge_simulator::{Identity, Scenario};
use pyo3::prelude::*;

use crate::error;

/// A simulator that plays until it is closed.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Simulator(Mutex<Option<clanforge_simulator::Simulator>>);

#[pymethods]
impl Simulator {
    #[new]
    #[pyo3(signature = (scenario, speed, port, account_service_id, image_id))]
    fn new(
        py: Python<'_>,
        scenario: String,
        speed: f64,
        port: u16,
        account_service_id: Option<u64>,
        image_id: Option<u64>,
    ) -> PyResult<Self> {
        let arguments = SimulateArgs { scenario, speed, port, asid: account_service_id, image: image_id, list: false };
        error::guarded(py, || {
            let started = py.detach(|| {
                let options = arguments.options().map_err(|problem| problem.to_string())?;
                clanforge_simulator::Simulator::start(options).map_err(|problem| problem.to_string())
            });
            let started = started.map_err(|problem| error::of_kind(py, ErrorKind::Configuration, &problem))?;
            Ok(Self(Mutex::new(Some(started))))
        })
    }

    /// Returns the address, the access key, the secret key and the token.
    fn access(&self, py: Python<'_>) -> PyResult<(String, String, String, String)> {
        self.with(py, |simulator| {
            let Identity { access_key, secret_key, token, .. } = simulator.identity().clone();
            (simulator.url(), access_key, secret_key, token)
        })
    }

    fn requests(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(py, clanforge_simulator::Simulator::requests)
    }

    fn open_connections(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(py, clanforge_simulator::Simulator::open_connections)
    }

    fn rollout_seconds(&self, py: Python<'_>) -> PyResult<f64> {
        self.with(py, |simulator| simulator.rollout_time().as_secs_f64())
    }

    fn close(&self, py: Python<'_>) {
        let simulator = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        py.detach(|| drop(simulator));
    }
}

impl Simulator {
    fn with<T>(&self, py: Python<'_>, look: impl FnOnce(&clanforge_simulator::Simulator) -> T) -> PyResult<T> {
        let simulator = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = || error::of_kind(py, ErrorKind::Configuration, "the simulator is closed");
        simulator.as_ref().map(look).ok_or_else(closed)
    }
}

/// Returns the scenarios that ship: name and description.
#[pyfunction]
pub(crate) fn scenarios() -> Vec<(&'static str, String)> {
    let described = |name| (name, Scenario::builtin(name).map(|scenario| scenario.description).unwrap_or_default());
    Scenario::builtin_names().map(described).collect()
}
