//! The public API of the crates, from the JSON that rustdoc writes.

use std::fmt::Write;
use std::path::Path;

use anyhow::Context;
use xshell::cmd;

use super::Snapshot;
use crate::project::{Project, say};

/// The compiler whose rustdoc the crate `public-api` can read, and that CI has: the format of the JSON changes with it. The
/// snapshots are compared under this release only. A newer one may need a newer `public-api` in Cargo.toml.
const RUSTC: &str = "1.95.0";

const CRATES: [&str; 4] = ["clanforge-core", "clanforge", "clanforge-simulator", "clanforge-cli"];

pub(super) fn snapshots(project: &Project) -> anyhow::Result<Vec<Snapshot>> {
    let shell = &project.shell;
    let version = cmd!(shell, "rustc --version").quiet().read()?;
    if version.split_whitespace().nth(1) != Some(RUSTC) {
        say(&format!("left out: the public API of the crates, because {version} is not {RUSTC}"));
        return Ok(Vec::new());
    }
    // A directory of its own: RUSTC_BOOTSTRAP would have dependencies rebuilt for every other command.
    let target = project.target.join("api");
    let packages = CRATES.iter().flat_map(|name| ["--package", name]);
    cmd!(shell, "cargo doc --quiet --locked --lib --no-deps --all-features --target-dir {target} {packages...}")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTDOCFLAGS", "-Z unstable-options --output-format json")
        .run()?;
    CRATES
        .iter()
        .map(|name| snapshot(name, &target.join("doc").join(format!("{}.json", name.replace('-', "_")))))
        .collect()
}

fn snapshot(name: &str, json: &Path) -> anyhow::Result<Snapshot> {
    // Derived and automatic implementations are most of the lines and hide the others.
    let builder = public_api::Builder::from_rustdoc_json(json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true);
    let api = builder.build().with_context(|| format!("cannot read {}", json.display()))?;
    let mut text = String::new();
    for item in api.items() {
        writeln!(text, "{item}")?;
    }
    Ok(Snapshot { file: format!("rust/{name}.txt"), text })
}
