//! `cargo xtask check`

use anyhow::ensure;
use xshell::{Shell, cmd};

use crate::generate;
use crate::tools::CARGO_DENY;

/// What the core must never depend on, by the beginning of its name: I/O, async runtimes and foreign languages.
const FORBIDDEN_IN_CORE: [&str; 11] =
    ["tokio", "reqwest", "hyper", "mio", "socket2", "rustls", "futures", "tracing", "pyo3", "napi", "uniffi"];

pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    cmd!(shell, "cargo fmt --all --check").run()?;
    cmd!(shell, "cargo clippy --locked --workspace --all-targets -- --deny warnings").run()?;
    // As its users build it by default: without the blocking client.
    cmd!(shell, "cargo clippy --locked --package clanforge -- --deny warnings").run()?;
    // Without libFuzzer, which would be built for it: the targets are read, not run.
    cmd!(shell, "cargo fmt --manifest-path fuzz/Cargo.toml --check").run()?;
    let fuzz = ["--manifest-path", "fuzz/Cargo.toml", "--no-default-features", "--target-dir", "target"];
    cmd!(shell, "cargo clippy --locked {fuzz...} -- --deny warnings").run()?;
    cmd!(shell, "cargo doc --locked --workspace --no-deps").env("RUSTDOCFLAGS", "--deny warnings").run()?;
    core_is_pure(shell)?;
    deny(shell)?;
    generate::check(shell)
}

fn core_is_pure(shell: &Shell) -> anyhow::Result<()> {
    let tree = cmd!(shell, "cargo tree --locked --package clanforge-core --edges normal,build --prefix none").read()?;
    let names = || tree.lines().filter_map(|line| line.split_whitespace().next());
    ensure!(names().next() == Some("clanforge-core"), "cargo tree does not begin with clanforge-core:\n{tree}");
    let foreign: Vec<_> = names().filter(|name| FORBIDDEN_IN_CORE.iter().any(|word| name.starts_with(word))).collect();
    ensure!(foreign.is_empty(), "clanforge-core must do no I/O, and depends on {}", foreign.join(", "));
    Ok(())
}

/// Checks licences, sources and doubled crates, and advisories where their database can be reached.
#[allow(clippy::print_stderr)] // Nobody should take what was left out for checked.
fn deny(shell: &Shell) -> anyhow::Result<()> {
    let cargo_deny = CARGO_DENY.installed(shell)?;
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        cmd!(shell, "{cargo_deny} --locked --manifest-path {manifest} check bans licenses sources").run()?;
    }
    if cmd!(shell, "{cargo_deny} fetch db").quiet().ignore_stdout().ignore_stderr().run().is_err() {
        eprintln!("left out: advisories, because their database cannot be reached");
        return Ok(());
    }
    Ok(cmd!(shell, "{cargo_deny} --locked check advisories --disable-fetch").run()?)
}
