//! `cargo xtask test`

use xshell::cmd;

use crate::languages::{node, python, uniffi};
use crate::project::Project;

/// Runs the tests, examples and documentation examples of all default members of the workspace, built in one go, then those
/// of every other language.
pub(crate) fn run(project: &Project) -> anyhow::Result<()> {
    cmd!(project.shell, "cargo test --locked").run()?;
    python::test(project)?;
    node::test(project)?;
    uniffi::test(project)
}
