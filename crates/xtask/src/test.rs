//! `cargo xtask test`

use xshell::cmd;

use crate::api;
use crate::languages::python::Environment;
use crate::languages::{node, python, uniffi};
use crate::project::Project;

/// Runs the tests, examples and documentation examples of all default members of the workspace, built in one go, then those
/// of every other language; then compares the public APIs with their snapshots.
pub(crate) fn run(project: &Project) -> anyhow::Result<()> {
    cmd!(project.shell, "cargo test --locked").run()?;
    let python = Environment::for_tests(project)?;
    if let Some(environment) = &python {
        python::suite(project, environment).run()?;
    }
    let node = node::installed(project, "node/test", "dev")?;
    if let Some(folder) = &node {
        node::suite(project, folder).run()?;
    }
    uniffi::test(project)?;
    api::compare(project, &api::snapshots(project, python.as_ref(), node.is_some())?)
}
