//! `cargo xtask bench`

use clap::ValueEnum;
use xshell::{Shell, cmd};

use crate::languages::node;
use crate::languages::python::Environment;
use crate::project::Project;

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

/// Measures one subject and prints the ratios to its rivals. Nothing is asserted: the numbers are for people.
pub(crate) fn run(project: &Project, subject: Subject) -> anyhow::Result<()> {
    let shell = &project.shell;
    // The command line is measured as it ships, and its simulator serves the waits.
    cmd!(shell, "cargo build --locked --release --package clanforge-cli --package clanforge-benchmarks").run()?;
    let arguments = [project.program("release", "clanforge-benchmarks"), project.program("release", "clanforge")];
    match subject {
        Subject::Rust => Ok(cmd!(shell, "env").args(one_core(shell)).args(arguments).run()?),
        Subject::Python => python(project),
        Subject::Node => node(project),
        Subject::Waits => Ok(cmd!(shell, "env").args(arguments).arg("waits").run()?),
    }
}

fn python(project: &Project) -> anyhow::Result<()> {
    let requirements = "benchmarks/python/requirements.txt";
    let Some(environment) = Environment::with_package(project, requirements, "release")? else { return Ok(()) };
    let (shell, python, command) =
        (&project.shell, environment.program("python"), project.program("release", "clanforge"));
    let benchmark = cmd!(shell, "env").args(one_core(shell));
    Ok(benchmark.arg(python).arg("benchmarks/python/bench.py").arg(command).run()?)
}

fn node(project: &Project) -> anyhow::Result<()> {
    let (shell, command) = (&project.shell, project.program("release", "clanforge"));
    let Some(folder) = node::installed(project, "benchmarks/node", "release")? else { return Ok(()) };
    let _folder = shell.push_dir(folder);
    Ok(cmd!(shell, "env").args(one_core(shell)).args(["node", "--expose-gc", "node/bench.mjs"]).arg(command).run()?)
}

/// Returns the command that keeps client and server on one core, if the system has it: to wake another core costs more
/// than a call, and not always the same.
fn one_core(shell: &Shell) -> &'static [&'static str] {
    let has_taskset = cmd!(shell, "taskset --version").quiet().ignore_stdout().ignore_stderr().run().is_ok();
    if has_taskset { &["taskset", "--cpu-list", "0"] } else { &[] }
}
