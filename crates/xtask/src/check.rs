//! `cargo xtask check`

use anyhow::ensure;
use xshell::{Shell, cmd};

use crate::generate;
use crate::languages::python::Environment;
use crate::project::{self, Project};
use crate::tools::{self, ACTIONLINT, CARGO_DENY};

/// Crates that the core must not depend on, by the first part of their names: I/O, async runtimes and FFI.
const FORBIDDEN_IN_CORE: [&str; 11] =
    ["tokio", "reqwest", "hyper", "mio", "socket2", "rustls", "futures", "tracing", "pyo3", "napi", "uniffi"];

pub(crate) fn run(project: &Project) -> anyhow::Result<()> {
    let Project { shell, target } = project;
    cmd!(shell, "cargo fmt --all --check").run()?;
    cmd!(shell, "cargo clippy --locked --workspace --all-targets -- --deny warnings").run()?;
    // With its default features, that is, without the blocking client.
    cmd!(shell, "cargo clippy --locked --package clanforge -- --deny warnings").run()?;
    // Without libFuzzer, which would have to be built: the targets are only checked.
    cmd!(shell, "cargo fmt --manifest-path fuzz/Cargo.toml --check").run()?;
    let fuzz = ["--manifest-path", "fuzz/Cargo.toml", "--no-default-features"];
    cmd!(shell, "cargo clippy --locked {fuzz...} --target-dir {target} -- --deny warnings").run()?;
    cmd!(shell, "cargo doc --locked --workspace --no-deps").env("RUSTDOCFLAGS", "--deny warnings").run()?;
    core_is_pure(shell)?;
    deny(project)?;
    pipelines(project)?;
    generate::check(project)
}

fn core_is_pure(shell: &Shell) -> anyhow::Result<()> {
    let tree =
        project::read(cmd!(shell, "cargo tree --locked --package clanforge-core --edges normal,build --prefix none"))?;
    let names = || tree.lines().filter_map(|line| line.split_whitespace().next());
    ensure!(names().next() == Some("clanforge-core"), "cargo tree does not begin with clanforge-core:\n{tree}");
    let foreign: Vec<_> = names().filter(|name| FORBIDDEN_IN_CORE.iter().any(|word| name.starts_with(word))).collect();
    ensure!(foreign.is_empty(), "clanforge-core must do no I/O, and depends on {}", foreign.join(", "));
    Ok(())
}

/// Checks licences, sources and duplicate crates, and advisories where their database can be reached.
fn deny(project: &Project) -> anyhow::Result<()> {
    let shell = &project.shell;
    let cargo_deny = CARGO_DENY.installed(project)?;
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        cmd!(shell, "{cargo_deny} --locked --manifest-path {manifest} check bans licenses sources").run()?;
    }
    if cmd!(shell, "{cargo_deny} fetch db").quiet().ignore_stdout().ignore_stderr().run().is_err() {
        project::say("left out: advisories, because their database cannot be reached");
        return Ok(());
    }
    Ok(cmd!(shell, "{cargo_deny} --locked check advisories --disable-fetch").run()?)
}

/// Checks the workflows, the GitHub action and every shell script.
fn pipelines(project: &Project) -> anyhow::Result<()> {
    let shell = &project.shell;
    let Some(linters) = Environment::with(project, "crates/xtask/requirements-check.txt")? else { return Ok(()) };
    let tracked = |patterns: &[&str]| -> anyhow::Result<Vec<String>> {
        let files = project::read(cmd!(shell, "git ls-files {patterns...}"))?;
        let files: Vec<_> = files.lines().map(str::to_owned).collect();
        ensure!(!files.is_empty(), "no file matches {}", patterns.join(", "));
        Ok(files)
    };
    let shellcheck = linters.program("shellcheck");
    let scripts = tracked(&["*.sh", ".ci/run"])?;
    cmd!(shell, "{shellcheck} {scripts...}").run()?;
    let workflows = &tracked(&[".github/workflows/*.yml", "docs/recipes/github.yml", "tests/pipelines/github/*.yml"])?;
    let zizmor = linters.program("zizmor");
    let options = ["--offline", "--quiet", "--strict-collection", "--config", ".github/zizmor.yml"];
    cmd!(shell, "{zizmor} {options...} action.yml {workflows...}").run()?;
    if tools::has_go(shell, "actionlint")? {
        let actionlint = ACTIONLINT.installed(project)?;
        cmd!(shell, "{actionlint} -shellcheck {shellcheck} {workflows...}").run()?;
    }
    Ok(())
}
