//! The simulator through its public interface and over real connections.

#![allow(clippy::unwrap_used)] // A test that cannot unwrap has failed.

mod control;
mod http;
mod model;
mod scenarios;
mod wire;
