//! `cargo xtask dist`: what is published, below `target/distribution`.
//!
//! | Folder | What | Goes to |
//! | --- | --- | --- |
//! | `archives` | the command for each target, a bill of materials | GitHub |
//! | `python` | wheels, the source distribution | `PyPI` |
//! | `npm` | the package, and one for each target | npm |
//! | `crates` | the crates | crates.io |
//! | `addons` | the native modules that `npm` is made of | nowhere |
//! | `container` | what the container image is made of | nowhere |
//!
//! Linux builds all targets that have no runner of their own, with zig. A runner builds its own target alone, and the release
//! workflow brings the folders together.

mod archive;
mod build;
#[cfg(test)]
mod metadata;
mod packages;
pub(crate) mod targets;
mod verify;

use std::env;
use std::path::PathBuf;

use anyhow::Context;
use xshell::cmd;

use crate::languages::python::Environment;
use crate::project::{Project, read, say};
use build::Builder;
use targets::{TARGETS, Target};

#[derive(Clone, clap::Args)]
#[allow(clippy::struct_excessive_bools)] // Each is a flag.
pub(crate) struct Arguments {
    /// Build only these targets, named by their Rust target triples; by default all that Linux builds, and the packages made from them
    targets: Vec<String>,
    /// Print the targets that have a runner of their own as JSON, for the matrix of the release workflow, and build nothing
    #[arg(long, conflicts_with_all = ["targets", "packages", "command", "verify"])]
    plan: bool,
    /// Build no target, and make the packages from the existing builds
    #[arg(long, conflicts_with = "targets")]
    packages: bool,
    /// Build only the commands and their archives; with --verify, check only their files and the install script
    #[arg(long, conflicts_with = "packages")]
    command: bool,
    /// Run what was built, as far as this machine can; on Linux this needs root, and Debian's debootstrap, qemu, wine and buildah
    #[arg(long)]
    verify: bool,
}

impl Arguments {
    /// Returns what is built for which targets.
    fn targets(&self) -> anyhow::Result<Vec<Target>> {
        let mut targets = match &self.targets[..] {
            _ if self.packages => Vec::new(),
            [] => TARGETS.into_iter().filter(|target| target.runner.is_none()).collect(),
            named => named.iter().map(|triple| Target::named(triple)).collect::<anyhow::Result<Vec<_>>>()?,
        };
        if self.command {
            targets = targets.into_iter().map(|target| Target { npm: None, wheel: None, ..target }).collect();
        }
        Ok(targets)
    }

    /// Returns true if everything that Linux builds is built: only then are the packages made that contain only sources.
    fn has_all(&self) -> bool {
        self.targets.is_empty() && !self.command
    }
}

/// The folder of everything that is published, and the version of it.
struct Dist<'a> {
    project: &'a Project,
    folder: PathBuf,
    version: &'static str,
}

impl Dist<'_> {
    /// Returns the licences of the crates that are linked into a package of this workspace on a target.
    fn notices(&self, triple: &str, package: &str) -> anyhow::Result<String> {
        read(cmd!(self.project.shell, "node node/scripts/notices.mjs {triple} {package}"))
    }
}

pub(crate) fn run(project: &Project, arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.plan {
        let own: Vec<_> = TARGETS.into_iter().filter(|target| target.runner.is_some()).collect();
        say(&serde_json::to_string(&own)?);
        return Ok(());
    }
    let targets = arguments.targets()?;
    let tools = Environment::with(project, "crates/xtask/requirements-dist.txt")?.context("dist needs Python")?;
    let path = env::join_paths(
        [tools.bin().to_owned()].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())),
    )?;
    let _path = project.shell.push_env("PATH", path);
    let dist = Dist { project, folder: project.target.join("distribution"), version: env!("CARGO_PKG_VERSION") };
    for target in &targets {
        let builder = Builder { dist: &dist, target };
        if target.command {
            archive::write(&dist, target, &builder.command()?)?;
        }
        if target.npm.is_some() {
            builder.addon()?;
        }
        if target.wheel.is_some() {
            builder.wheel()?;
        }
    }
    if !arguments.command {
        packages::npm(&dist)?;
    }
    if arguments.has_all() {
        packages::write(&dist)?;
    }
    packages::checksums(&dist)?;
    if !arguments.verify {
        return Ok(());
    }
    let there = |target: &Target| verify::is_built(&dist, target);
    let built = if arguments.packages { TARGETS.into_iter().filter(there).collect() } else { targets };
    verify::run(&dist, &built, arguments)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        dist: Arguments,
    }

    fn arguments(line: &str) -> Arguments {
        Line::try_parse_from(line.split(' ')).unwrap().dist
    }

    #[test]
    fn the_command_alone_needs_neither_addon_nor_wheel_nor_packages() {
        let alone = arguments("dist --command x86_64-unknown-linux-gnu");
        let targets = alone.targets().unwrap();
        assert_eq!(targets.len(), 1);
        assert!(targets.iter().all(|target| target.command && target.npm.is_none() && target.wheel.is_none()));
        assert!(!arguments("dist --command").has_all() && arguments("dist").has_all());
    }
}
