//! Simulators, and clients for them that retry without delay.

use std::collections::BTreeMap;
use std::time::Duration;

use clanforge::{Client, ClientBuilder, Credentials};
use clanforge_simulator::{Options, Reply, Scenario, Simulator};

/// Starts a simulator of a built-in scenario.
pub(crate) fn simulator(scenario: &str) -> Simulator {
    Simulator::start(Options::new(Scenario::builtin(scenario).unwrap())).unwrap()
}

/// Starts a simulator that gives every request this reply.
pub(crate) fn always(reply: Reply) -> Simulator {
    let simulator = simulator("happy");
    simulator.inject(reply, 1000);
    simulator
}

/// Returns a response with a JSON body.
pub(crate) fn json(status: u16, body: &str) -> Reply {
    Reply::Response { status, headers: BTreeMap::new(), body: body.to_owned() }
}

/// Returns a builder with the simulator's address and credentials, and a backoff of at most 2 ms.
pub(crate) fn builder(simulator: &Simulator) -> ClientBuilder {
    let identity = simulator.identity();
    Client::builder()
        .base_url(simulator.url())
        .credentials(Credentials::basic(&identity.access_key, &identity.secret_key))
        .backoff(Duration::from_millis(1), Duration::from_millis(2))
}

pub(crate) fn client(simulator: &Simulator) -> Client {
    builder(simulator).build().unwrap()
}

/// Starts a simulator of a built-in scenario, and returns it with the builder of a client whose waits skip time.
pub(crate) fn simulation(scenario: &str) -> (Simulator, ClientBuilder) {
    let simulator = simulator(scenario);
    let builder = Client::builder().from_variables(simulator.environment());
    (simulator, builder)
}
