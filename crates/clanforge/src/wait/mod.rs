//! Waiting: `one` drives the monitor of one image, by a `clock`. A `recorder` and a `state_file` keep what it reads, and `log`
//! tells what happens.

pub(crate) mod clock;
mod log;
mod one;
mod recorder;
mod state_file;

pub use one::{Updates, WaitCall};
