//! The simulator, within the process.

use std::sync::{Mutex, PoisonError};

use clanforge_simulator::command::SimulateArgs;
use clanforge_simulator::{Identity, Scenario, Simulator};

use crate::fault::Fault;

/// A simulator that plays until it is closed.
pub struct Simulation(Mutex<Option<Simulator>>);

impl Simulation {
    /// Plays a scenario that ships, by its name, or that of a file.
    ///
    /// # Errors
    /// Where it cannot be played, or the port cannot be had.
    pub fn start(
        scenario: String,
        speed: f64,
        port: u16,
        account_service_id: Option<u64>,
        image_id: Option<u64>,
    ) -> Result<Self, Fault> {
        let arguments = SimulateArgs { scenario, speed, port, asid: account_service_id, image: image_id, list: false };
        let options = arguments.options().map_err(Fault::configuration)?;
        let simulator = Simulator::start(options).map_err(Fault::configuration)?;
        Ok(Self(Mutex::new(Some(simulator))))
    }

    /// Returns the address, the access key, the secret key and the token.
    ///
    /// # Errors
    /// Where it is closed.
    pub fn access(&self) -> Result<(String, String, String, String), Fault> {
        self.with(|simulator| {
            let Identity { access_key, secret_key, token, .. } = simulator.identity().clone();
            (simulator.url(), access_key, secret_key, token)
        })
    }

    /// Returns how many requests have come.
    ///
    /// # Errors
    /// Where it is closed.
    pub fn requests(&self) -> Result<u64, Fault> {
        self.with(Simulator::requests)
    }

    /// Returns how many connections are open.
    ///
    /// # Errors
    /// Where it is closed.
    pub fn open_connections(&self) -> Result<u64, Fault> {
        self.with(Simulator::open_connections)
    }

    /// Returns how far the rollout is, in its own time.
    ///
    /// # Errors
    /// Where it is closed.
    pub fn rollout_seconds(&self) -> Result<f64, Fault> {
        self.with(|simulator| simulator.rollout_time().as_secs_f64())
    }

    fn with<T>(&self, look: impl FnOnce(&Simulator) -> T) -> Result<T, Fault> {
        let simulator = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        simulator.as_ref().map(look).ok_or_else(|| Fault::configuration("the simulator is closed"))
    }

    /// Stops playing.
    pub fn close(&self) {
        let simulator = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(simulator);
    }
}

/// Returns the scenarios that ship: name and description.
pub fn scenarios() -> Vec<(&'static str, String)> {
    let described = |name| (name, Scenario::builtin(name).map(|scenario| scenario.description).unwrap_or_default());
    Scenario::builtin_names().map(described).collect()
}
