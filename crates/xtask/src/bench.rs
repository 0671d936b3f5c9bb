//! `cargo xtask bench`

use clap::ValueEnum;
use xshell::{Shell, cmd};

use crate::languages::node;
use crate::languages::python::Environment;

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Subject {
    /// The client, the decoder and the command line
    Rust,
    /// Ten thousand waits in one process
    Waits,
    /// The Python package
    Python,
    /// The npm package
    Node,
}

/// Measures one subject and prints the ratios to its rivals. Nothing is asserted: these are numbers to look at.
pub(crate) fn run(shell: &Shell, subject: Subject) -> anyhow::Result<()> {
    // The command line is measured as it ships, and its simulator serves the waits.
    cmd!(shell, "cargo build --locked --release --package clanforge-cli --package clanforge-benchmarks").run()?;
    let arguments = ["target/release/clanforge-benchmarks", "target/release/clanforge"];
    match subject {
        Subject::Rust => Ok(cmd!(shell, "env").args(one_core(shell)).args(arguments).run()?),
        Subject::Python => python(shell),
        Subject::Node => node(shell),
        Subject::Waits => Ok(cmd!(shell, "env").args(arguments).arg("waits").run()?),
    }
}

fn python(shell: &Shell) -> anyhow::Result<()> {
    let requirements = "benchmarks/python/requirements.txt";
    let Some(environment) = Environment::with_package(shell, requirements, "release")? else { return Ok(()) };
    let python = environment.program("python");
    let arguments = ["benchmarks/python/bench.py", "target/release/clanforge"];
    Ok(cmd!(shell, "env").args(one_core(shell)).arg(python).args(arguments).run()?)
}

fn node(shell: &Shell) -> anyhow::Result<()> {
    let command = shell.current_dir().join("target/release/clanforge");
    let Some(folder) = node::installed(shell, "benchmarks/node", "release")? else { return Ok(()) };
    let _folder = shell.push_dir(folder);
    Ok(cmd!(shell, "env").args(one_core(shell)).args(["node", "--expose-gc", "node/bench.mjs"]).arg(command).run()?)
}

/// Returns what keeps client and server on one core, where the system has it: to wake another core costs more than a
/// call, and does so by chance.
fn one_core(shell: &Shell) -> &'static [&'static str] {
    let has_taskset = cmd!(shell, "taskset --version").quiet().ignore_stdout().ignore_stderr().run().is_ok();
    if has_taskset { &["taskset", "--cpu-list", "0"] } else { &[] }
}
