//! `cargo xtask accuracy`

use xshell::{Shell, cmd};

/// Simulates thousands of rollouts in virtual time and prints the accuracy of waiting.
///
/// # Errors
/// If clanforge has more false outcomes than are allowed.
pub(crate) fn run(shell: &Shell, arguments: &[String]) -> anyhow::Result<()> {
    Ok(cmd!(shell, "cargo run --locked --release --package clanforge-accuracy -- {arguments...}").run()?)
}
