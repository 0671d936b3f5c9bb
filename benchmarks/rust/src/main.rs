//! Measures the Rust crates side by side with what a user would pick instead, in one run.
//!
//! Run it with `cargo xtask bench rust`. Rivals take turns in short rounds, so that other load on the machine affects all of
//! them; the median round of each is printed, with the ratio to ours.

#![allow(clippy::print_stdout)] // Printing the results is its purpose.

mod calls;
mod command_line;
mod decoding;
mod race;
mod server;
mod waits;

fn main() -> anyhow::Result<()> {
    // reqwest takes the process's provider where, as here, it is built without one of its own.
    let provider = rustls::crypto::ring::default_provider().install_default();
    anyhow::ensure!(provider.is_ok(), "a TLS provider is installed already");
    let command = std::env::args().nth(1);
    if std::env::args().nth(2).as_deref() == Some("waits") {
        return waits::measure(&command.unwrap_or_default());
    }
    calls::measure()?;
    decoding::measure()?;
    match command {
        Some(command) => command_line::measure(&command),
        None => {
            println!("\nskipped: the command line, whose path is the first argument");
            Ok(())
        }
    }
}
