//! Calls: errors, retries, timeouts and response bodies.

mod bodies;
mod errors;
