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
//! The rollout's clock starts with the first request, which stands for the deploy command, so that a script may take its time
//! to start. Until the scenario's `packaging` time has passed, the counts describe the previous version.
//!
//! The layers, top-down; each knows only what is below it:
//!
//! - [`command`]: the arguments of `simulate`
//! - `simulator`: the server, and what it received
//! - `service`: which request gets which reply
//! - `rollout`: the rollout model
//! - [`scenario`]: scenario files
//! - `identity`, `signature`: which requests are authenticated
//! - `http`: requests and responses on a socket
//!
//! Nothing here uses the client: where both read the service's documentation differently, a test shows it.

#[cfg(feature = "command")]
pub mod command;
mod http;
mod identity;
mod rollout;
pub mod scenario;
mod service;
mod signature;
mod simulator;
pub mod text_file;

pub use identity::Identity;
pub use rollout::{Replicas, Rollout};
pub use scenario::{Fault, InvalidScenario, Reply, Scenario, When};
pub use simulator::{Options, Simulator, StartError};
