//! The simulator in this process.

use std::collections::HashMap;

use clanforge_bindings::Simulation;
use pyo3::prelude::*;

use crate::error::{detached, export};

/// A simulator, which runs until it is closed.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Simulator(Simulation);

export!(impl Simulator {
    /// Starts a simulator with options as JSON.
    #[new]
    fn new(options: &str) -> Self = Ok(Self(detached(|| Simulation::start_json(options))?));

    fn token(&self) -> String = Ok(self.0.token()?);

    fn environment(&self) -> HashMap<String, String> = Ok(self.0.environment()?.into());

    /// Calls a control endpoint of the simulation, and returns the JSON of its response.
    fn control(&self, method: &str, endpoint: &str) -> String = Ok(self.0.control(method, endpoint)?);

    fn close(&self) -> () = {
        detached(|| self.0.close());
        Ok(())
    };
});

export! {
    /// Returns the name and description of each built-in scenario.
    fn scenarios() -> Vec<(&'static str, String)> = Ok(clanforge_bindings::scenarios());
}
