//! The simulator: a fake of the service over real HTTP, inside the process, to test your programs against.

use std::collections::HashMap;
use std::sync::Arc;

use crate::generated::ClientOptions;
use crate::error::Result;

/// A simulator that runs until it is closed.
#[derive(uniffi::Object)]
pub struct Simulation {
    simulation: clanforge_bindings::Simulation,
    access: (String, String, String, String),
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
        let access = simulation.access()?;
        Ok(Arc::new(Self { simulation, access }))
    }

    /// Returns the base URL.
    pub fn url(&self) -> String {
        self.access.0.clone()
    }

    /// Returns the access key that it accepts.
    pub fn access_key(&self) -> String {
        self.access.1.clone()
    }

    /// Returns the secret key that it accepts.
    pub fn secret_key(&self) -> String {
        self.access.2.clone()
    }

    /// Returns the bearer token that it accepts.
    pub fn token(&self) -> String {
        self.access.3.clone()
    }

    /// Returns the environment variables that point a client or the command at the simulator.
    pub fn environment(&self) -> HashMap<String, String> {
        let (url, access_key, secret_key, _) = self.access.clone();
        HashMap::from([
            ("CLANFORGE_BASE_URL".to_owned(), url),
            ("CLANFORGE_ACCESS_KEY".to_owned(), access_key),
            ("CLANFORGE_SECRET_KEY".to_owned(), secret_key),
        ])
    }

    /// Returns the options of a client for the simulator.
    pub fn options(&self) -> ClientOptions {
        let (url, access_key, secret_key, _) = self.access.clone();
        ClientOptions {
            base_url: Some(url),
            access_key: Some(access_key),
            secret_key: Some(secret_key),
            ..ClientOptions::default()
        }
    }

    /// Returns the number of requests received.
    pub fn requests(&self) -> Result<u64> {
        Ok(self.simulation.requests()?)
    }

    /// Returns the number of open connections.
    pub fn open_connections(&self) -> Result<u64> {
        Ok(self.simulation.open_connections()?)
    }

    /// Returns the elapsed time of the rollout, in seconds. Its clock starts with the first request.
    pub fn rollout_seconds(&self) -> Result<f64> {
        Ok(self.simulation.rollout_seconds()?)
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
