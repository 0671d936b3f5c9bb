//! `cargo xtask test`

use xshell::{Shell, cmd};

use crate::languages::{node, python, uniffi};

/// Runs the tests, examples and documentation examples of all default members of the workspace, built in one go, then those
/// of every other language.
pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    cmd!(shell, "cargo test --locked").run()?;
    python::test(shell)?;
    node::test(shell)?;
    uniffi::test(shell)
}
