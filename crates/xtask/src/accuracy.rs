//! `cargo xtask accuracy`

use xshell::{Shell, cmd};

/// Simulates thousands of rollouts in virtual time and prints the accuracy of waiting.
///
/// # Errors
/// If an outcome is false that may never be.
pub(crate) fn run(shell: &Shell, rollouts: Option<u64>) -> anyhow::Result<()> {
    let rollouts = rollouts.map(|rollouts| rollouts.to_string());
    Ok(cmd!(shell, "cargo run --locked --release --package clanforge-accuracy -- {rollouts...}").run()?)
}
