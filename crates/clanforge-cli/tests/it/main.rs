//! The command, run as a process.

#![allow(clippy::unwrap_used)] // A test that cannot unwrap has failed.

mod commands;
mod environment;
#[cfg(unix)]
mod examples;
mod faults;
mod generated;
mod pictures;
mod process;
mod secrecy;
