//! The packages that are made once, from the builds of all targets.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use xshell::cmd;

use crate::dist::Dist;
use crate::languages::node::NPM;
use crate::tools::CARGO_CYCLONEDX;

/// The crates that are published, each after those that it depends on.
pub(super) const CRATES: [&str; 4] = ["clanforge-core", "clanforge", "clanforge-simulator", "clanforge-cli"];

/// Writes what is made from the sources alone: the source distribution of Python, the crates, and the bill of materials.
pub(super) fn write(dist: &Dist) -> anyhow::Result<()> {
    python(dist)?;
    crates(dist)?;
    bill_of_materials(dist)
}

/// Writes the npm packages: one for each addon that is there, and the one that loads them.
pub(super) fn npm(dist: &Dist) -> anyhow::Result<()> {
    let shell = &dist.project.shell;
    let (packages, addons) = (dist.folder.join("npm"), dist.folder.join("addons"));
    let _package = shell.push_dir("node");
    cmd!(shell, "{NPM} ci --no-audit --no-fund --silent").run()?;
    cmd!(shell, "{NPM} run --silent build:js").run()?;
    Ok(cmd!(shell, "node scripts/pack.mjs {packages} {addons}").run()?)
}

fn python(dist: &Dist) -> anyhow::Result<()> {
    let shell = &dist.project.shell;
    let out = dist.folder.join("python");
    let _package = shell.push_dir("python");
    Ok(cmd!(shell, "maturin sdist --out {out}").run()?)
}

fn crates(dist: &Dist) -> anyhow::Result<()> {
    let shell = &dist.project.shell;
    let packages: Vec<_> = CRATES.into_iter().flat_map(|name| ["--package", name]).collect();
    // `cargo publish --dry-run` verifies that they build.
    cmd!(shell, "cargo package --quiet --locked --no-verify {packages...}").run()?;
    let folder = shell.create_dir(dist.folder.join("crates"))?;
    for name in CRATES {
        let file = format!("{name}-{}.crate", dist.version);
        shell.copy_file(dist.project.target.join("package").join(file), &folder)?;
    }
    Ok(())
}

/// Writes the bill of materials of the command: the crates of all targets.
fn bill_of_materials(dist: &Dist) -> anyhow::Result<()> {
    let shell = &dist.project.shell;
    let tool = CARGO_CYCLONEDX.installed(dist.project)?;
    let name = format!("clanforge-{}.cdx", dist.version);
    let manifest = "crates/clanforge-cli/Cargo.toml";
    cmd!(
        shell,
        "{tool} cyclonedx --quiet --format json --target all --override-filename {name} --manifest-path {manifest}"
    )
    .run()?;
    let bill = shell.read_file(format!("crates/clanforge-cli/{name}.json"))?;
    // It writes one beside the manifest of every member of the workspace.
    let written = format!("*{name}.json");
    cmd!(shell, "git clean --force --quiet -- {written}").run()?;
    // The bill of materials names the crates of the workspace by their paths on this machine.
    let root = shell.current_dir().display().to_string();
    Ok(shell.write_file(dist.folder.join("archives").join(format!("{name}.json")), bill.replace(&root, ""))?)
}

/// Writes SHA256SUMS into the folder of the archives.
pub(super) fn checksums(dist: &Dist) -> anyhow::Result<()> {
    let (shell, folder) = (&dist.project.shell, dist.folder.join("archives"));
    let mut archives = shell.read_dir(&folder)?;
    archives.retain(|file| !file.ends_with("SHA256SUMS"));
    Ok(shell.write_file(folder.join("SHA256SUMS"), sums(&archives)?)?)
}

/// Returns the checksums of files in the form that `sha256sum --check` reads.
pub(super) fn sums(files: &[PathBuf]) -> anyhow::Result<String> {
    let mut sums = String::new();
    for file in files {
        for byte in Sha256::digest(fs::read(file)?) {
            write!(sums, "{byte:02x}")?;
        }
        writeln!(sums, "  {}", file.file_name().unwrap_or_default().display())?;
    }
    Ok(sums)
}
