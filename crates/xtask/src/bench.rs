//! `cargo xtask bench`

use clap::ValueEnum;
use xshell::{Shell, cmd};

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Subject {
    /// The client, the decoder and the command line
    Rust,
}

/// Measures one subject and prints the ratios to its rivals. Nothing is asserted: these are numbers to look at.
pub(crate) fn run(shell: &Shell, subject: Subject) -> anyhow::Result<()> {
    match subject {
        Subject::Rust => {
            // The command line is measured as it ships.
            cmd!(shell, "cargo build --locked --release --package clanforge-cli --package clanforge-benchmarks")
                .run()?;
            Ok(cmd!(shell, "target/release/clanforge-benchmarks target/release/clanforge").run()?)
        }
    }
}
