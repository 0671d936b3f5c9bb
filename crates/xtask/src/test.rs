//! `cargo xtask test`

use xshell::{Shell, cmd};

use crate::{node, parity, python, uniffi};

/// Runs the tests, examples and documentation examples of all default members of the workspace, built in one go, then those
/// of every other language; at last, where all of them are built, compares what they make public.
pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    cmd!(shell, "cargo test --locked").run()?;
    let tested = [python::test(shell)?, node::test(shell)?, uniffi::test(shell)?];
    if tested.contains(&false) {
        say("left out: the table of parity, because a language was left out");
        return Ok(());
    }
    parity::run(shell, true)
}

#[allow(clippy::print_stdout)] // Nobody should take what was left out for tested.
fn say(line: &str) {
    println!("{line}");
}
