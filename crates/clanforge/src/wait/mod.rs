//! Waiting: `one` drives the monitor of one image, by a `clock`, and `all` several of them. `rollout` adds what comes
//! before a wait: baselines and the deployment. A `recorder` and a `state_file` keep what is read; `log` logs it.

mod all;
pub(crate) mod clock;
mod log;
mod one;
mod recorder;
mod report_file;
mod rollout;
mod state_file;

pub use all::{AllUpdates, WaitAllCall};
pub use one::{Updates, WaitCall, WaitOptions};
pub use rollout::{Rollout, RolloutCall, RolloutError};
