//! The simulator inside the process.

use clanforge_bindings::Simulation;
use pyo3::prelude::*;

use crate::error;

/// A simulator that runs until it is closed.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Simulator(Simulation);

#[pymethods]
impl Simulator {
    #[new]
    fn new(
        py: Python<'_>,
        scenario: String,
        speed: f64,
        port: u16,
        account_service_id: Option<u64>,
        image_id: Option<u64>,
    ) -> PyResult<Self> {
        let start = || Simulation::start(scenario, speed, port, account_service_id, image_id);
        error::catch(py, || Ok(Self(py.detach(start)?)))
    }

    /// Returns the address, access key, secret key and token.
    fn access(&self, py: Python<'_>) -> PyResult<(String, String, String, String)> {
        error::catch(py, || Ok(self.0.access()?))
    }

    /// Returns the number of requests and of open connections, and the elapsed seconds of the rollout.
    fn observe(&self, py: Python<'_>) -> PyResult<(u64, u64, f64)> {
        error::catch(py, || Ok(self.0.observe()?))
    }

    fn close(&self, py: Python<'_>) {
        py.detach(|| self.0.close());
    }
}

/// Returns the name and description of each built-in scenario.
#[pyfunction]
pub(crate) fn scenarios() -> Vec<(&'static str, String)> {
    clanforge_bindings::scenarios()
}
