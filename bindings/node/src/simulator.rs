//! The simulator in this process.

use std::collections::HashMap;

use clanforge_bindings::Simulation;
use napi_derive::napi;

use crate::error::catch;

/// A simulator, which runs until it is closed.
#[napi]
pub struct Simulator(Simulation);

#[napi]
impl Simulator {
    /// Starts a simulator with options as JSON.
    #[napi(constructor)]
    pub fn new(options: String) -> napi::Result<Self> {
        catch(|| Simulation::start_json(&options).map(Self))
    }

    #[napi]
    pub fn token(&self) -> napi::Result<String> {
        catch(|| self.0.token())
    }

    #[napi]
    pub fn environment(&self) -> napi::Result<HashMap<String, String>> {
        catch(|| self.0.environment().map(HashMap::from))
    }

    #[napi]
    #[allow(clippy::cast_precision_loss)] // Less than 2^53.
    pub fn open_connections(&self) -> napi::Result<f64> {
        catch(|| self.0.open_connections().map(|number| number as f64))
    }

    /// Calls a control endpoint of the simulation, and returns the JSON of its response.
    #[napi]
    #[allow(clippy::needless_pass_by_value)] // napi passes texts by value.
    pub fn control(&self, method: String, endpoint: String) -> napi::Result<String> {
        catch(|| self.0.control(&method, &endpoint))
    }

    #[napi]
    pub fn close(&self) {
        self.0.close();
    }
}

/// Returns the name and description of each built-in scenario.
#[napi]
pub fn scenarios() -> Vec<(&'static str, String)> {
    clanforge_bindings::scenarios()
}
