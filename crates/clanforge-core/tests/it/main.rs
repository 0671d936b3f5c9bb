//! The core through its public interface.

mod cases;
mod laws;
mod odd_input;
