//! `cargo xtask test`

use clap::ValueEnum;
use xshell::cmd;

use crate::api;
use crate::languages::python::Environment;
use crate::languages::{node, python, uniffi};
use crate::pipelines;
use crate::project::Project;

/// A part of the tests.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Rust's tests, examples and documentation examples
    Rust,
    /// Python's tests
    Python,
    /// Node's tests
    Node,
    /// Kotlin's and Ruby's tests, and the checks of Swift
    Uniffi,
    /// The GitHub action, the GitLab component and the recipes of other CI systems
    Pipelines,
    /// The snapshots of the public APIs
    Api,
}

/// Runs the tests, examples and documentation examples of all default members of the workspace, built in one go, then those
/// of every other language and of the pipelines; then compares the public APIs with their snapshots. Without parts, all of them run.
pub(crate) fn run(project: &Project, parts: &[Part]) -> anyhow::Result<()> {
    let has = |part| parts.is_empty() || parts.contains(&part);
    if has(Part::Rust) {
        cmd!(project.shell, "cargo test --locked").run()?;
    } else if [Part::Python, Part::Node, Part::Pipelines].into_iter().any(has) {
        // The programs that their tests start; cargo test has built them too.
        cmd!(project.shell, "cargo build --locked").run()?;
    }
    let python = if has(Part::Python) || has(Part::Api) { Environment::for_tests(project)? } else { None };
    if let Some(environment) = python.as_ref().filter(|_| has(Part::Python)) {
        python::suite(project, environment).run()?;
    }
    let node = if has(Part::Node) || has(Part::Api) { node::installed(project, "node/test", "dev")? } else { None };
    if let Some(folder) = node.as_ref().filter(|_| has(Part::Node)) {
        node::suite(project, folder).run()?;
    }
    if has(Part::Uniffi) {
        uniffi::test(project)?;
    }
    if has(Part::Pipelines)
        && let Some(suite) = pipelines::suite(project)?
    {
        suite.run()?;
    }
    if has(Part::Api) {
        api::compare(project, &api::snapshots(project, python.as_ref(), node.is_some())?)?;
    }
    Ok(())
}
