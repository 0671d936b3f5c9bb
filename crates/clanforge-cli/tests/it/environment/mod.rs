//! What the environment of the process decides.

mod real_servers;
#[cfg(unix)]
mod signals;
#[cfg(target_os = "linux")]
mod threads;
mod trust;
mod variables;
