//! `cargo xtask generate`

use anyhow::ensure;
use xshell::{Shell, cmd};

/// The test that knows what is generated from the code.
const TEST: &str = "generated::the_tables_of_the_readme_are_those_of_the_code";

/// Writes the parts of files that are generated from the code, or fails where they are stale.
///
/// The test that knows the code compares them; told to, it writes them.
pub(crate) fn run(shell: &Shell, check: bool) -> anyhow::Result<()> {
    let test = cmd!(shell, "cargo test --locked --test it -- --exact {TEST}");
    let test = if check { test } else { test.env("CLANFORGE_GENERATE", "1") };
    let output = test.read()?;
    ensure!(output.contains("test result: ok. 1 passed"), "there is no test {TEST}:\n{output}");
    Ok(())
}
