//! The model of a rollout, in its own time: no clock, no socket.

mod fleet;
mod model;

pub use model::Rollout;
