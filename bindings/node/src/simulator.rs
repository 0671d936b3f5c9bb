//! The simulator in this process.

use std::collections::HashMap;

use clanforge_bindings::Simulation;
use napi_derive::napi;

use crate::error::export;

/// A simulator, which runs until it is closed.
#[napi]
pub struct Simulator(Simulation);

export!(impl Simulator {
    /// Starts a simulator with options as JSON.
    [constructor] fn new(options: String) -> Self = Simulation::start_json(&options).map(Self);

    fn token(&self) -> String = self.0.token();

    fn environment(&self) -> HashMap<String, String> = self.0.environment().map(HashMap::from);

    /// Calls a control endpoint of the simulation, and returns the JSON of its response.
    fn control(&self, method: String, endpoint: String) -> String = self.0.control(&method, &endpoint);

    fn close(&self) -> () = {
        self.0.close();
        Ok(())
    };
});

export! {
    /// Returns the name and description of each built-in scenario.
    fn scenarios() -> Vec<(&'static str, String)> = Ok(clanforge_bindings::scenarios());
}
