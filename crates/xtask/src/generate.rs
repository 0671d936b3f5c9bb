//! `cargo xtask generate`

use anyhow::ensure;
use xshell::cmd;

use crate::project::{self, Project};

/// The tests that know what is generated: from the code, and from what faults end as.
const TESTS: [&str; 2] = [
    "generated::the_tables_of_the_readme_are_those_of_the_code",
    "faults::every_fault_ends_the_same_for_the_client_of_both_kinds_and_for_the_command",
];

/// Writes what is generated: the tables of the README, and how faults end.
pub(crate) fn write(project: &Project) -> anyhow::Result<()> {
    tables(project, true)
}

/// Fails where the tables of the README, or how faults end, are stale.
pub(crate) fn check(project: &Project) -> anyhow::Result<()> {
    tables(project, false)
}

/// The tests that know them compare the tables; told to, they write them.
fn tables(project: &Project, write: bool) -> anyhow::Result<()> {
    let test = cmd!(project.shell, "cargo test --locked --test it -- --exact {TESTS...}");
    let test = if write { test.env("CLANFORGE_GENERATE", "1") } else { test };
    let output = project::read(test)?;
    ensure!(output.contains("test result: ok. 2 passed"), "there are no tests {TESTS:?}:\n{output}");
    Ok(())
}
