//! The simulator inside the process.

use std::mem::ManuallyDrop;
use std::sync::Mutex;

use clanforge_simulator::command::SimulateArgs;
use clanforge_simulator::{Identity, Scenario, Simulator};

use crate::error::BindingError;
use crate::lock;

/// A simulator that runs until it is closed: its handle may be garbage collected while a client still sends requests.
pub struct Simulation(Mutex<Option<ManuallyDrop<Simulator>>>);

impl Simulation {
    /// Starts a simulator with a built-in scenario by its name, or a scenario file by its path.
    ///
    /// # Errors
    /// `configuration` if the scenario is invalid, or the port is not available.
    pub fn start(
        scenario: String,
        speed: f64,
        port: u16,
        account_service_id: Option<u64>,
        image_id: Option<u64>,
    ) -> Result<Self, BindingError> {
        let arguments = SimulateArgs { scenario, speed, port, asid: account_service_id, image: image_id, list: false };
        let options = arguments.options().map_err(BindingError::configuration)?;
        let simulator =
            Simulator::start(options).map_err(|error| BindingError::new(error.kind(), error.to_string()))?;
        Ok(Self(Mutex::new(Some(ManuallyDrop::new(simulator)))))
    }

    /// Returns the address, access key, secret key and token.
    ///
    /// # Errors
    /// `configuration` if the simulator is closed.
    pub fn access(&self) -> Result<(String, String, String, String), BindingError> {
        self.read(|simulator| {
            let Identity { access_key, secret_key, token, .. } = simulator.identity().clone();
            (simulator.url(), access_key, secret_key, token)
        })
    }

    /// Returns the number of requests received and of open connections, and the elapsed seconds of the rollout on its own
    /// clock.
    ///
    /// # Errors
    /// `configuration` if the simulator is closed.
    pub fn observe(&self) -> Result<(u64, u64, f64), BindingError> {
        self.read(|running| (running.requests(), running.open_connections(), running.rollout_time().as_secs_f64()))
    }

    fn read<T>(&self, read: impl FnOnce(&Simulator) -> T) -> Result<T, BindingError> {
        let running = lock(&self.0);
        running.as_deref().map(read).ok_or_else(|| BindingError::configuration("the simulator is closed"))
    }

    /// Stops the simulator.
    pub fn close(&self) {
        let simulator = lock(&self.0).take();
        // Dropped outside of the lock, because it joins its threads.
        drop(simulator.map(ManuallyDrop::into_inner));
    }
}

/// Returns the name and description of each built-in scenario.
pub fn scenarios() -> Vec<(&'static str, String)> {
    let described = |name| (name, Scenario::builtin(name).map(|scenario| scenario.description).unwrap_or_default());
    Scenario::builtin_names().map(described).collect()
}
