//! `cargo xtask generate`

use anyhow::ensure;
use xshell::{Shell, cmd};

/// The tests that know what is generated: from the code, and from what faults end as.
const TESTS: [&str; 2] = [
    "generated::the_tables_of_the_readme_are_those_of_the_code",
    "faults::every_fault_ends_the_same_for_the_client_of_both_kinds_and_for_the_command",
];

/// Writes the parts of files that are generated from the code, or fails where they are stale.
///
/// The tests that know them compare them; told to, they write them.
pub(crate) fn run(shell: &Shell, check: bool) -> anyhow::Result<()> {
    let test = cmd!(shell, "cargo test --locked --test it -- --exact {TESTS...}");
    let test = if check { test } else { test.env("CLANFORGE_GENERATE", "1") };
    let output = test.read()?;
    ensure!(output.contains("test result: ok. 2 passed"), "there are no tests {TESTS:?}:\n{output}");
    Ok(())
}
