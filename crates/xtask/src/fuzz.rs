//! `cargo xtask fuzz`

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::ValueEnum;
use xshell::cmd;

use crate::project::{Project, failed, say};
use crate::tools::CARGO_FUZZ;

/// The fuzz targets: their properties are in tests/properties.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Target {
    /// The body of a response
    Decode,
    /// A limit, a scope or a gate, and the body of a response
    Gate,
    /// A scenario file
    Scenario,
    /// A file of recorded waits
    Replay,
    /// A policy and readings
    Monitor,
}

/// Runs one target, or each, for a time in seconds from the seeds, and prints how many inputs it tried. Inputs that reach new
/// code are kept below the target directory.
///
/// # Errors
/// If an input violates a property: libFuzzer prints it and where it is kept.
pub(crate) fn run(project: &Project, seconds: u32, target: Option<Target>) -> anyhow::Result<()> {
    let cargo_fuzz = CARGO_FUZZ.installed(project)?;
    let targets = target.as_ref().map_or(Target::value_variants(), std::slice::from_ref);
    let mut lines = Vec::new();
    for target in targets {
        lines.push(run_target(project, &cargo_fuzz, seconds, *target)?);
    }
    say(&lines.join("\n"));
    Ok(())
}

fn run_target(
    Project { shell, target: built }: &Project,
    cargo_fuzz: &PathBuf,
    seconds: u32,
    target: Target,
) -> anyhow::Result<String> {
    let name = target.to_possible_value().context("the fuzz target has no name")?.get_name().to_owned();
    let folder = built.join("fuzz");
    let (corpus, artifacts) = (folder.join("corpus").join(&name), folder.join("artifacts").join(&name));
    for folder in [&corpus, &artifacts] {
        shell.create_dir(folder)?;
    }
    // The project's code is safe Rust: a sanitizer of memory could only find defects of its dependencies.
    let options = ["--fuzz-dir", "fuzz", "--sanitizer", "none"];
    let seeds = format!("fuzz/seeds/{name}");
    let dictionary = format!("-dict=fuzz/dictionaries/{name}");
    let artifacts = format!("-artifact_prefix={}/", artifacts.display());
    let bounds = [format!("-max_total_time={seconds}"), "-timeout=10".to_owned(), "-print_final_stats=1".to_owned()];
    let run = cmd!(
        shell,
        "{cargo_fuzz} run {options...} --target-dir {folder} {name} {corpus} {seeds} -- {bounds...} {dictionary} {artifacts}"
    );
    // Lets the stable compiler instrument code, which is otherwise reserved for nightly.
    let line = run.to_string();
    let output = run.env("RUSTC_BOOTSTRAP", "1").env("RUST_BACKTRACE", "0").quiet().ignore_status().output()?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let lines: Vec<_> = stderr.lines().collect();
        say(&lines[lines.len().saturating_sub(60)..].join("\n"));
        bail!(failed(&line, output.status));
    }
    let count = |label: &str| stderr.lines().find_map(|line| line.strip_prefix(label)).map(str::trim);
    let executed = count("stat::number_of_executed_units:").context("libFuzzer prints no number of inputs")?;
    let found = count("stat::new_units_added:").context("libFuzzer prints no number of new inputs")?;
    Ok(format!("{name}: {executed} inputs in {seconds} s, {found} of them worth keeping, no property violated"))
}
