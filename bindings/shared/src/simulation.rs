//! The simulator, within the process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use clanforge_simulator::command::SimulateArgs;
use clanforge_simulator::{Identity, Scenario, Simulator};

use crate::fault::Fault;

/// The simulators that play, by their numbers. What is collected as garbage is only a handle: who still calls would find
/// nobody there.
static OPEN: LazyLock<Mutex<HashMap<u64, Simulator>>> = LazyLock::new(Mutex::default);

static LAST: AtomicU64 = AtomicU64::new(0);

/// A simulator that plays until it is closed.
pub struct Simulation(u64);

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
        let number = LAST.fetch_add(1, Ordering::Relaxed);
        open().insert(number, simulator);
        Ok(Self(number))
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
        open().get(&self.0).map(look).ok_or_else(|| Fault::configuration("the simulator is closed"))
    }

    /// Stops playing.
    pub fn close(&self) {
        let simulator = open().remove(&self.0);
        // Outside of the lock: it waits for its threads.
        drop(simulator);
    }
}

fn open() -> MutexGuard<'static, HashMap<u64, Simulator>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the scenarios that ship: name and description.
pub fn scenarios() -> Vec<(&'static str, String)> {
    let described = |name| (name, Scenario::builtin(name).map(|scenario| scenario.description).unwrap_or_default());
    Scenario::builtin_names().map(described).collect()
}
