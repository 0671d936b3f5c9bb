//! The core through its public interface.

#![allow(clippy::disallowed_methods)] // Tests read their cases from files.

mod cases;
mod exit_codes;
mod malformed_input;
mod monitor;
#[cfg(feature = "report")]
mod report;
