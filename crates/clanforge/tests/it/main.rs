//! The client against the simulator, raw sockets and servers that nobody here wrote.

#![allow(clippy::unwrap_used)] // A test that cannot unwrap has failed.

mod authentication;
mod blocking;
mod bodies;
mod connections;
mod faults;
mod http2;
mod http2_server;
mod real_servers;
mod secrets;
mod servers;
mod settings;
mod stock_server;
mod tls;
mod wait;
