//! What the environment of the process decides.

mod real_servers;
#[cfg(unix)]
mod signals;
mod trust;
mod variables;
