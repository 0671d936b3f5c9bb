//! `cargo xtask accuracy`

use xshell::{Shell, cmd};

/// Plays thousands of rollouts in virtual time and prints what waiting gets wrong. It fails where an outcome is false that
/// must never be.
pub(crate) fn run(shell: &Shell, rollouts: Option<u64>) -> anyhow::Result<()> {
    let rollouts = rollouts.map(|rollouts| rollouts.to_string());
    Ok(cmd!(shell, "cargo run --locked --release --package clanforge-accuracy -- {rollouts...}").run()?)
}
