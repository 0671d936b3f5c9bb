//! `cargo xtask generate`

use xshell::{Shell, cmd};

/// Writes the parts of files that are generated from the code, or fails where they are stale.
///
/// The tests that know the code compare them; told to, they write them.
pub(crate) fn run(shell: &Shell, check: bool) -> anyhow::Result<()> {
    let tests = cmd!(shell, "cargo test --locked --quiet --test it -- generated::");
    let tests = if check { tests } else { tests.env("CLANFORGE_GENERATE", "1") };
    Ok(tests.run()?)
}
