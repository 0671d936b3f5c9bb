//! Simulates the Clanforge image status over real HTTP, to test deploy scripts and clients against.
//!
//! A [`Scenario`] says how a rollout goes, or which responses are served, and which faults come in between; a [`Simulator`]
//! serves it on a loopback port.
//!
//! ```
//! use clanforge_simulator::{Options, Scenario, Simulator};
//!
//! let simulator = Simulator::start(Options::new(Scenario::builtin("stragglers")?).speed(60.0))?;
//! println!("CLANFORGE_BASE_URL={}", simulator.url());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The rollout of an image starts with [`Simulator::start_rollout`]. Without that call, the first request that returns a status
//! stands for the baseline, and the rollout starts with the request after it. Until the scenario's `packaging` time has passed, the counts describe the previous
//! version.
//!
//! The waits of clients that know [`Simulator::simulation_url`] do not sleep: their pauses move the clock of the simulation.
//!
//! The layers, top-down; each knows only what is below it:
//!
//! - [`command`]: the arguments of `simulate`
//! - `simulator`: the server, and what it received
//! - `control`: the endpoints by which tests control a simulation
//! - `service`, `image`: which request gets which reply
//! - `clock`: the time of the simulation
//! - `rollout`: the rollout model
//! - `recorded`: the readings of a recorded wait
//! - [`scenario`]: scenario files
//! - `identity`, `signature`: which requests are authenticated
//! - `http`: requests and responses on a socket
//!
//! Nothing here uses the client: if the two interpret the service's documentation differently, a test fails.

mod clock;
#[cfg(feature = "command")]
pub mod command;
mod control;
mod http;
mod identity;
mod image;
mod recorded;
mod rollout;
pub mod scenario;
mod service;
mod signature;
mod simulator;
pub mod text_file;

pub use identity::Identity;
pub use rollout::{Replicas, Rollout};
pub use scenario::{Fault, InvalidScenario, Reply, Scenario, When};
pub use service::ReceivedRequest;
pub use simulator::{Options, Simulator, StartError};
