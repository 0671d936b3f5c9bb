//! The simulator: a fake of the service over real HTTP, inside the process, to test your programs against.

use std::collections::HashMap;
use std::sync::Arc;

use crate::generated::{ClientOptions, Result};

/// A simulator that runs until it is closed.
#[derive(uniffi::Object)]
pub struct Simulation {
    simulation: clanforge_bindings::Simulation,
    options: ClientOptions,
    token: String,
}

#[uniffi::export]
impl Simulation {
    /// Starts a simulator on a loopback port, with a built-in scenario by its name (see `scenarios`), or a file by its path.
    #[uniffi::constructor(default(scenario = "happy", speed = 1.0, port = 0, account_service_id = None, image_id = None))]
    pub fn new(
        scenario: String,
        speed: f64,
        port: u16,
        account_service_id: Option<u64>,
        image_id: Option<u64>,
    ) -> Result<Arc<Self>> {
        let simulation = clanforge_bindings::Simulation::start(scenario, speed, port, account_service_id, image_id)?;
        let (url, access_key, secret_key, token) = simulation.access()?;
        let (base_url, access_key, secret_key) = (Some(url), Some(access_key), Some(secret_key));
        let options = ClientOptions { access_key, secret_key, base_url, ..ClientOptions::default() };
        Ok(Arc::new(Self { simulation, options, token }))
    }

    /// Returns the options of a client for the simulator: its base URL, and the keys that it accepts.
    pub fn options(&self) -> ClientOptions {
        self.options.clone()
    }

    /// Returns the bearer token that it accepts.
    pub fn token(&self) -> String {
        self.token.clone()
    }

    /// Returns the environment variables that point a client or the command at the simulator.
    pub fn environment(&self) -> HashMap<String, String> {
        let ClientOptions { base_url, access_key, secret_key, .. } = self.options();
        let names = ["CLANFORGE_BASE_URL", "CLANFORGE_ACCESS_KEY", "CLANFORGE_SECRET_KEY"].map(str::to_owned);
        names.into_iter().zip([base_url, access_key, secret_key].into_iter().flatten()).collect()
    }

    /// Returns the number of requests received.
    pub fn requests(&self) -> Result<u64> {
        Ok(self.simulation.observe()?.0)
    }

    /// Returns the number of open connections.
    pub fn open_connections(&self) -> Result<u64> {
        Ok(self.simulation.observe()?.1)
    }

    /// Returns the elapsed time of the rollout, in seconds. Its clock starts with the first request.
    pub fn rollout_seconds(&self) -> Result<f64> {
        Ok(self.simulation.observe()?.2)
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
