//! Scenario files: what happens, written down.

mod fault;
mod file;
mod reply;

pub use fault::{During, Fault, Requests, When};
pub use file::*;
pub use reply::Reply;
pub(crate) use reply::{Answer, Step};
