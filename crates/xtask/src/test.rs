//! `cargo xtask test`

use xshell::{Shell, cmd};

/// Runs the tests, examples and documentation examples of all default members of the workspace, built in one go.
pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    Ok(cmd!(shell, "cargo test --locked").run()?)
}
