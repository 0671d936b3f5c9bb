//! The simulator inside the process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use clanforge_simulator::command::SimulateArgs;
use clanforge_simulator::{Identity, Scenario, Simulator};

use crate::error::BindingError;

/// The running simulators by ID. They are not owned by their handles: a handle may be garbage collected while a client
/// still sends requests.
static RUNNING: LazyLock<Mutex<HashMap<u64, Simulator>>> = LazyLock::new(Mutex::default);

static NEXT_ID: AtomicU64 = AtomicU64::new(0);

/// A simulator that runs until it is closed.
pub struct Simulation(u64);

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
        let simulator = Simulator::start(options).map_err(BindingError::configuration)?;
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        running().insert(id, simulator);
        Ok(Self(id))
    }

    /// Returns the address, access key, secret key and token.
    ///
    /// # Errors
    /// `configuration` if the simulator is closed.
    pub fn access(&self) -> Result<(String, String, String, String), BindingError> {
        self.with(|simulator| {
            let Identity { access_key, secret_key, token, .. } = simulator.identity().clone();
            (simulator.url(), access_key, secret_key, token)
        })
    }

    /// Returns the number of requests received.
    ///
    /// # Errors
    /// `configuration` if the simulator is closed.
    pub fn requests(&self) -> Result<u64, BindingError> {
        self.with(Simulator::requests)
    }

    /// Returns the number of open connections.
    ///
    /// # Errors
    /// `configuration` if the simulator is closed.
    pub fn open_connections(&self) -> Result<u64, BindingError> {
        self.with(Simulator::open_connections)
    }

    /// Returns the elapsed time of the rollout in seconds, on its own clock.
    ///
    /// # Errors
    /// `configuration` if the simulator is closed.
    pub fn rollout_seconds(&self) -> Result<f64, BindingError> {
        self.with(|simulator| simulator.rollout_time().as_secs_f64())
    }

    fn with<T>(&self, read: impl FnOnce(&Simulator) -> T) -> Result<T, BindingError> {
        running().get(&self.0).map(read).ok_or_else(|| BindingError::configuration("the simulator is closed"))
    }

    /// Stops the simulator.
    pub fn close(&self) {
        let simulator = running().remove(&self.0);
        // Dropped outside of the lock, because it joins its threads.
        drop(simulator);
    }
}

fn running() -> MutexGuard<'static, HashMap<u64, Simulator>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the name and description of each built-in scenario.
pub fn scenarios() -> Vec<(&'static str, String)> {
    let described = |name| (name, Scenario::builtin(name).map(|scenario| scenario.description).unwrap_or_default());
    Scenario::builtin_names().map(described).collect()
}
