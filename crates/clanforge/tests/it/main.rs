//! Tests of the client against the simulator, raw sockets and stock servers.

#![allow(clippy::unwrap_used)] // A test that cannot unwrap has failed.

mod auth;
mod blocking;
mod call;
mod http;
mod rollout;
mod schemas;
mod servers;
mod settings;
mod simulation;
mod wait;
mod wait_all;
mod wait_report;
mod wait_state;
