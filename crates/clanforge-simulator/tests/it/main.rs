//! The simulator through its public interface and over real connections.

mod http;
mod model;
mod scenarios;
mod wire;
