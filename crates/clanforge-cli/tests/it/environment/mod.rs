//! What the environment of the process decides.

mod real_servers;
mod trust;
mod variables;
