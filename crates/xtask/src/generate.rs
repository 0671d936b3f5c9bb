//! `cargo xtask generate`

use anyhow::ensure;
use xshell::cmd;

use crate::api;
use crate::contract;
use crate::languages::node;
use crate::languages::python::Environment;
use crate::pages;
use crate::project::{self, Project};

/// What the names of the tests that compare the JSON Schemas with the types have in common.
const SCHEMAS: &str = "the_committed_schema";

/// The tests that compare the generated files with the code, and the page about faults with how calls end at each fault.
const TESTS: [&str; 5] = [
    "examples::every_example_in_shell_prints_what_the_pages_show",
    "generated::the_tables_of_the_pages_are_those_of_the_code",
    "pictures::the_picture_of_the_evidence_is_the_report_of_a_wait",
    "pictures::the_picture_of_the_live_view_is_what_the_command_draws",
    "faults::every_fault_ends_the_same_for_the_client_of_both_kinds_and_for_the_command",
];

/// Writes the JSON Schemas of the types, and from them the code and the pages of every language.
pub(crate) fn code(project: &Project) -> anyhow::Result<()> {
    let shell = &project.shell;
    let schemas = cmd!(
        shell,
        "cargo test --locked --quiet --package clanforge --package clanforge-simulator --test it {SCHEMAS}"
    );
    schemas.env("CLANFORGE_GENERATE", "1").quiet().ignore_stdout().run()?;
    contract::write(&shell.current_dir())?;
    pages::write(&shell.current_dir())
}

/// Writes the JSON Schemas and what is generated from them, the tables of the pages, how calls end at each fault, and the
/// snapshots of the public APIs, for which it builds the packages.
pub(crate) fn write(project: &Project) -> anyhow::Result<()> {
    code(project)?;
    tables(project)?;
    // Once more: those tests have written outputs of the command that the pages include.
    pages::write(&project.shell.current_dir())?;
    let python = Environment::for_tests(project)?;
    let has_node = node::declarations(project)?;
    api::write(project, &api::snapshots(project, python.as_ref(), has_node)?)
}

/// Fails if what [`code`] writes is stale. `cargo xtask test` compares the rest of what [`write()`] writes.
pub(crate) fn check(project: &Project) -> anyhow::Result<()> {
    contract::check(&project.shell.current_dir())?;
    pages::check(&project.shell.current_dir())
}

/// Runs [`TESTS`], which write the files instead of comparing them.
fn tables(project: &Project) -> anyhow::Result<()> {
    let test = cmd!(project.shell, "cargo test --locked --tests -- --exact {TESTS...}");
    let output = project::read(test.env("CLANFORGE_GENERATE", "1"))?;
    ensure!(output.contains("test result: ok. 5 passed"), "there are no tests {TESTS:?}:\n{output}");
    Ok(())
}
