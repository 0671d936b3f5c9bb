//! Simulators, and clients for them that retry without delay.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;
use std::time::Duration;

use clanforge::{Client, ClientBuilder, Credentials};
use clanforge_simulator::{Options, Reply, Rollout, Scenario, Simulator};

use crate::servers::raw_server::{RecordingServer, json_response};

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

/// How far a stepping rollout advances with each request.
const STEP: Duration = Duration::from_secs(5);

/// Starts a server of a built-in scenario whose rollout advances with each request rather than with time, so that waits end the
/// same on a machine of any speed. The requests in `outage`, counted from 0, get a 503.
pub(crate) fn stepping_rollout(scenario: &str, outage: Range<u64>) -> RecordingServer {
    let rollout = Mutex::new(Rollout::new(&Scenario::builtin(scenario).unwrap()).unwrap());
    RecordingServer::responding(move |number, request| {
        if outage.contains(&number) {
            return json_response("503 Service Unavailable", "");
        }
        let mut rollout = rollout.lock().unwrap();
        let rollout = rollout.as_mut().expect("the scenario has a rollout");
        rollout.advance(STEP * u32::try_from(number).unwrap());
        let status = rollout.status(request.contains("detail=true"));
        json_response("200 OK", &serde_json::to_string(&status).unwrap())
    })
}
