//! `cargo xtask generate`

use anyhow::{Context, ensure};
use xshell::{Shell, cmd};

use crate::{node, parity, python, uniffi};

/// The test that knows what is generated from the code.
const TEST: &str = "generated::the_tables_of_the_readme_are_those_of_the_code";

/// Writes what is generated from the code: the tables of the README, and which language has what, for which every language
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

/// Fails where the tables of the README are stale. Which language has what is compared by `cargo xtask test`, which has built
/// every language.
pub(crate) fn check(shell: &Shell) -> anyhow::Result<()> {
    tables(shell, false)
}

/// The test that knows the code compares the tables; told to, it writes them.
fn tables(shell: &Shell, write: bool) -> anyhow::Result<()> {
    let test = cmd!(shell, "cargo test --locked --test it -- --exact {TEST}");
    let test = if write { test.env("CLANFORGE_GENERATE", "1") } else { test };
    let output = test.read()?;
    ensure!(output.contains("test result: ok. 1 passed"), "there is no test {TEST}:\n{output}");
    Ok(())
}
