//! `cargo xtask generate`

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

use crate::{node, parity, python, uniffi};

/// The tests that know what is generated: from the code, and from what faults end as.
const TESTS: [&str; 2] = [
    "generated::the_tables_of_the_readme_are_those_of_the_code",
    "faults::every_fault_ends_the_same_for_the_client_of_both_kinds_and_for_the_command",
];

/// Writes what is generated: the tables of the README, how faults end, and which language has what, for which every language
/// is built.
pub(crate) fn write(shell: &Shell) -> anyhow::Result<()> {
    tables(shell, true)?;
    cmd!(shell, "cargo build --locked --package clanforge-cli").run()?;
    let missing = "the table of parity needs every language";
    python::Environment::for_tests(shell)?.context(missing)?;
    node::installed(shell, "node/test", "dev")?.context(missing)?;
    uniffi::prepare(shell)?;
    parity::run(shell, false)
}

/// Fails where the tables of the README, or how faults end, are stale. Which language has what is compared by `cargo xtask
/// test`, which has built every language.
pub(crate) fn check(shell: &Shell) -> anyhow::Result<()> {
    tables(shell, false)
}

/// The tests that know them compare the tables; told to, they write them.
fn tables(shell: &Shell, write: bool) -> anyhow::Result<()> {
    let test = cmd!(shell, "cargo test --locked --test it -- --exact {TESTS...}");
    let test = if write { test.env("CLANFORGE_GENERATE", "1") } else { test };
    let output = test.read()?;
    ensure!(output.contains("test result: ok. 2 passed"), "there are no tests {TESTS:?}:\n{output}");
    Ok(())
}
