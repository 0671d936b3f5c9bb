//! The core through its public interface.

#![allow(clippy::disallowed_methods)] // Tests read their cases from files.

mod cases;
mod monitor;
mod odd_input;
