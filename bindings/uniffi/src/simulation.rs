//! The simulator: a fake service in the process that serves real HTTP, to test programs against.

use std::collections::HashMap;
use std::sync::Arc;

use clanforge_bindings::SimulationOptions;

use crate::generated::Result;

/// A simulator, which runs until it is stopped.
#[derive(uniffi::Object)]
pub struct Simulation {
    pub(crate) simulation: clanforge_bindings::Simulation,
    pub(crate) environment: HashMap<String, String>,
    token: String,
}

#[uniffi::export]
impl Simulation {
    /// Returns the bearer token that it accepts.
    pub fn token(&self) -> String {
        self.token.clone()
    }

    /// Returns the environment variables that make a client or the command use the simulator. With them, or in this process, a
    /// wait does not sleep: it advances the clock of the simulation instead.
    pub fn environment(&self) -> HashMap<String, String> {
        self.environment.clone()
    }

    /// Stops the simulator.
    pub fn stop(&self) {
        self.simulation.close();
    }
}

impl Simulation {
    pub(crate) fn start(options: SimulationOptions) -> Result<Arc<Self>> {
        let simulation = clanforge_bindings::Simulation::start(options)?;
        let (environment, token) = (HashMap::from(simulation.environment()?), simulation.token()?);
        Ok(Arc::new(Self { simulation, environment, token }))
    }
}

/// Returns the description of each built-in scenario, by its name.
#[uniffi::export]
pub fn scenarios() -> HashMap<String, String> {
    clanforge_bindings::scenarios().into_iter().map(|(name, about)| (name.to_owned(), about)).collect()
}
