//! The rollout model: what the service counts at each moment of a simulated rollout. It has its own time, and knows neither
//! clock nor socket.

mod fleet;
mod model;
mod replicas;

pub use model::Rollout;
pub use replicas::Replicas;
