//! The simulator: a fake service in the process that serves real HTTP, to test programs against.

use std::collections::HashMap;
use std::sync::Arc;

use clanforge_bindings::{ScenarioSource, SimulationOptions};

use crate::generated::{ClientOptions, Result};

/// A simulator, which runs until it is stopped.
#[derive(uniffi::Object)]
pub struct Simulation {
    simulation: clanforge_bindings::Simulation,
    environment: HashMap<String, String>,
    token: String,
}

#[uniffi::export]
impl Simulation {
    /// Starts a simulator on a loopback port. `scenario` is the name of a built-in scenario (see `scenarios`), or the path of a
    /// scenario file. `speed` is how many times faster than real time its clock runs. With port 0, the system chooses a free port.
    /// By default, every account service and image exists.
    #[uniffi::constructor(default(scenario = "happy", speed = None, port = 0, account_service_id = None, image_id = None))]
    pub fn new(
        scenario: String,
        speed: Option<f64>,
        port: u16,
        account_service_id: Option<u64>,
        image_id: Option<u64>,
    ) -> Result<Arc<Self>> {
        let scenario = Some(ScenarioSource::Named(scenario));
        let options = SimulationOptions { scenario, speed, port, account_service_id, image_id, ..Default::default() };
        let simulation = clanforge_bindings::Simulation::start(options)?;
        let (environment, token) = (HashMap::from(simulation.environment()?), simulation.token()?);
        Ok(Arc::new(Self { simulation, environment, token }))
    }

    /// Returns the options of a client for the simulator: its base URL, and the keys that it accepts.
    pub fn options(&self) -> ClientOptions {
        let [base_url, access_key, secret_key] = ["BASE_URL", "ACCESS_KEY", "SECRET_KEY"]
            .map(|name| self.environment.get(&format!("CLANFORGE_{name}")).cloned());
        ClientOptions { access_key, secret_key, base_url, ..ClientOptions::default() }
    }

    /// Returns the bearer token that it accepts.
    pub fn token(&self) -> String {
        self.token.clone()
    }

    /// Returns the environment variables that make a client or the command use the simulator. With them, or in this process, a
    /// wait does not sleep: it advances the clock of the simulation instead.
    pub fn environment(&self) -> HashMap<String, String> {
        self.environment.clone()
    }

    /// Returns the number of requests received.
    pub fn requests(&self) -> Result<u64> {
        Ok(self.simulation.requests()?)
    }

    /// Returns the number of open connections.
    pub fn open_connections(&self) -> Result<u64> {
        Ok(self.simulation.open_connections()?)
    }

    /// Stops the simulator.
    pub fn stop(&self) {
        self.simulation.close();
    }
}

/// Returns the description of each built-in scenario, by its name.
#[uniffi::export]
pub fn scenarios() -> HashMap<String, String> {
    clanforge_bindings::scenarios().into_iter().map(|(name, about)| (name.to_owned(), about)).collect()
}
