//! The real command in processes of its own.

#![allow(clippy::unwrap_used)] // A test that cannot unwrap has failed.

mod canary;
mod check;
mod command;
mod demo;
mod environment;
mod faults;
mod generated;
mod help;
mod real_servers;
mod simulate;
mod status;
mod trust;
mod wait;
