//! The Clanforge image status, played over real HTTP.
//!
//! To test deploy scripts and clients against: a [`Scenario`] says what happens to a fleet of machines, or what is
//! answered word for word, and which faults come in between; a [`Simulator`] serves it on a loopback port.
//!
//! ```
//! use clanforge_simulator::{Options, Scenario, Simulator};
//!
//! let simulator = Simulator::start(Options::new(Scenario::builtin("stragglers")?).speed(60.0))?;
//! println!("CLANFORGE_BASE_URL={}", simulator.url());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The rollout's clock starts with the first request, so that a slow start of a script changes nothing. It is the
//! deploy command's moment: until the scenario's `packaging` time has passed, the counts describe the version before.
//!
//! Nothing here uses the client: where both read the service's documentation differently, tests show it.

#[cfg(feature = "command")]
pub mod command;
mod connection;
pub mod fault;
mod fleet;
pub mod replicas;
pub mod reply;
mod request;
pub mod rollout;
pub mod scenario;
mod server;
mod service;
mod signature;

pub use fault::{Fault, When};
pub use replicas::Replicas;
pub use reply::Reply;
pub use rollout::Rollout;
pub use scenario::{InvalidScenario, Scenario};
pub use server::{Identity, Options, Simulator, StartError};
