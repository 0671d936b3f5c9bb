//! The simulator in this process.

use std::collections::HashMap;

use clanforge_bindings::Simulation;
use pyo3::prelude::*;

use crate::error;

/// A simulator, which runs until it is closed.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Simulator(Simulation);

#[pymethods]
impl Simulator {
    /// Starts a simulator with options as JSON.
    #[new]
    fn new(py: Python<'_>, options: &str) -> PyResult<Self> {
        error::catch(py, || Ok(Self(py.detach(|| Simulation::start_json(options))?)))
    }

    fn token(&self, py: Python<'_>) -> PyResult<String> {
        error::catch(py, || Ok(self.0.token()?))
    }

    fn environment(&self, py: Python<'_>) -> PyResult<HashMap<String, String>> {
        error::catch(py, || Ok(self.0.environment()?.into()))
    }

    fn open_connections(&self, py: Python<'_>) -> PyResult<u64> {
        error::catch(py, || Ok(self.0.open_connections()?))
    }

    /// Calls a control endpoint of the simulation, and returns the JSON of its response.
    fn control(&self, py: Python<'_>, method: &str, endpoint: &str) -> PyResult<String> {
        error::catch(py, || Ok(self.0.control(method, endpoint)?))
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
