//! The simulator in this process.

use std::collections::BTreeMap;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::Mutex;

use clanforge_simulator::command::{find, recorded};
use clanforge_simulator::{Identity, InvalidScenario, Options, Scenario, Simulator};
use serde::Deserialize;

use crate::error::BindingError;
use crate::lock;

/// The base URL and the simulation's own URL of each simulator that runs in this process.
static RUNNING: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

/// A simulator, which runs until it is closed: its handle may be garbage collected while a client still sends requests. The waits
/// of clients with its base URL, in this process, skip time.
pub struct Simulation(Mutex<Option<ManuallyDrop<Simulator>>>);

/// What a simulator serves, and how.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SimulationOptions {
    /// The scenario; `None` means the built-in scenario `happy`.
    pub scenario: Option<ScenarioSource>,
    /// Other scenarios, by the ID of the image that has them.
    pub images: BTreeMap<u64, ScenarioSource>,
    /// A recording to serve instead of a scenario.
    pub recording: Option<PathBuf>,
    /// How many times faster than real time the clock runs.
    pub speed: Option<f64>,
    /// The port; 0 for a free one.
    pub port: u16,
    /// The only account service that exists.
    pub account_service_id: Option<u64>,
    /// The only image that exists.
    pub image_id: Option<u64>,
}

/// Where a scenario is.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum ScenarioSource {
    /// A built-in scenario by its name, or a scenario file by its path.
    Named(String),
    /// The scenario itself, as in a scenario file.
    Inline(serde_json::Value),
}

impl ScenarioSource {
    fn read(self) -> Result<Scenario, InvalidScenario> {
        match self {
            Self::Named(name) => find(&name),
            Self::Inline(value) => Scenario::from_json(value),
        }
    }
}

impl SimulationOptions {
    fn read(self) -> Result<Options, InvalidScenario> {
        let Self { scenario, images, recording, speed, port, account_service_id, image_id } = self;
        let options = match recording {
            Some(file) => recorded(&file)?.0,
            None => Options::new(scenario.map_or_else(|| find("happy"), ScenarioSource::read)?),
        };
        let identity = Identity { account_service_id, image_id, ..Identity::default() };
        let options = speed.into_iter().fold(options, Options::speed).port(port).identity(identity);
        images.into_iter().try_fold(options, |options, (id, scenario)| Ok(options.image(id, scenario.read()?)))
    }
}

impl Simulation {
    /// Starts a simulator.
    ///
    /// # Errors
    /// `configuration` if an option is invalid, or the port is not available; `local` if this machine lacks a resource.
    pub fn start(options: SimulationOptions) -> Result<Self, BindingError> {
        let options = options.read().map_err(BindingError::configuration)?;
        let simulator =
            Simulator::start(options).map_err(|error| BindingError::new(error.kind(), error.to_string()))?;
        lock(&RUNNING).insert(simulator.url(), simulator.simulation_url());
        Ok(Self(Mutex::new(Some(ManuallyDrop::new(simulator)))))
    }

    /// Returns the URL of the simulation in this process whose base URL this is.
    pub(crate) fn find(base_url: &str) -> Option<String> {
        lock(&RUNNING).get(base_url.trim_end_matches('/')).cloned()
    }

    /// Starts a simulator with options as JSON.
    ///
    /// # Errors
    /// Those of [`start`](Self::start), and `configuration` if the JSON is invalid.
    pub fn start_json(options: &str) -> Result<Self, BindingError> {
        Self::start(serde_json::from_str(options).map_err(BindingError::configuration)?)
    }

    /// Returns the bearer token that it accepts.
    ///
    /// # Errors
    /// `configuration` if the simulator is closed.
    pub fn token(&self) -> Result<String, BindingError> {
        self.read(|simulator| simulator.identity().token.clone())
    }

    /// Returns the environment variables that make a client use the simulation: its address, keys, and simulated time.
    ///
    /// # Errors
    /// `configuration` if the simulator is closed.
    pub fn environment(&self) -> Result<[(String, String); 4], BindingError> {
        self.read(Simulator::environment)
    }

    /// Calls a control endpoint of the simulation, and returns the body of its response.
    ///
    /// # Errors
    /// `configuration` if an argument is invalid, or the simulator is closed.
    pub fn control(&self, method: &str, endpoint: &str) -> Result<String, BindingError> {
        self.read(|simulator| simulator.control(method, endpoint))?.map_err(BindingError::configuration)
    }

    fn read<T>(&self, read: impl FnOnce(&Simulator) -> T) -> Result<T, BindingError> {
        let running = lock(&self.0);
        running
            .as_deref()
            .map(read)
            .ok_or_else(|| BindingError::configuration("the simulator is closed: start a new one"))
    }

    /// Stops the simulator.
    pub fn close(&self) {
        let simulator = lock(&self.0).take();
        if let Some(simulator) = &simulator {
            lock(&RUNNING).remove(&simulator.url());
        }
        // Dropped outside of the lock, because it joins its threads.
        drop(simulator.map(ManuallyDrop::into_inner));
    }
}

/// Returns the name and description of each built-in scenario.
pub fn scenarios() -> Vec<(&'static str, String)> {
    let described = |name| (name, Scenario::builtin(name).map(|scenario| scenario.description).unwrap_or_default());
    Scenario::builtin_names().map(described).collect()
}
