//! The command, run as a process.

#![allow(clippy::unwrap_used)] // A test that cannot unwrap has failed.

mod commands;
mod environment;
mod faults;
mod generated;
mod process;
mod secrecy;
