//! `cargo xtask dist --verify`: runs what was built.
//!
//! Linux on x64 runs what it builds with zig, in root file systems of other distributions and processors. This needs root, and
//! Debian's packages binutils, debootstrap, qemu-user-static, wine and buildah. What needs macOS or Microsoft's C runtime runs on
//! the runners of the release workflow that build it.

mod container;
mod installer;
mod packages;
mod programs;
mod roots;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, ensure};

use xshell::cmd;

use crate::dist::targets::{GLIBC, Target};
use crate::dist::{Arguments, Dist};
use crate::project::{read, say};
use roots::Roots;

/// The most bytes that a program or a native module may have.
const LARGEST: u64 = 7_000_000;

/// A row for each check: the artefact, what was checked, and the result.
#[derive(Default)]
struct Report {
    rows: Vec<String>,
    failures: usize,
}

impl Report {
    /// Makes a check, which returns what it found.
    fn check(&mut self, artefact: &str, what: &str, check: impl FnOnce() -> anyhow::Result<String>) {
        let began = Instant::now();
        let found = check();
        self.failures += usize::from(found.is_err());
        let found = found.unwrap_or_else(|error| format!("FAILED: {error:#}"));
        let row = format!(
            "| {artefact} | {what} | {} | {:.0} s |",
            found.trim().replace('\n', " "),
            began.elapsed().as_secs_f64()
        );
        say(&row);
        self.rows.push(row);
    }
}

/// Checks everything that `cargo xtask dist` has built for these targets.
///
/// # Errors
/// Returns an error if a check fails.
pub(super) fn run(dist: &Dist, targets: &[Target], arguments: &Arguments) -> anyhow::Result<()> {
    let mut report = Report::default();
    say("| Artefact | Check | Found | Time |\n| --- | --- | --- | --- |");
    let roots = Roots { project: dist.project };
    for target in targets {
        files(dist, target, &mut report)?;
        if !arguments.command {
            programs::run(dist, target, &roots, &mut report)?;
        }
    }
    if arguments.has_all() {
        packages::run(dist, &mut report)?;
    }
    if !arguments.command && targets.iter().any(|target| target.triple == container::TARGET) {
        container::run(dist, &mut report);
    }
    if arguments.has_all() || arguments.command {
        report.check("archives", "SHA256SUMS", || {
            let _archives = dist.project.shell.push_dir(dist.folder.join("archives"));
            let lines = read(cmd!(dist.project.shell, "sha256sum --check SHA256SUMS").quiet())?;
            Ok(format!("{} files", lines.lines().count()))
        });
    }
    if arguments.has_all() || arguments.command || cfg!(not(target_os = "linux")) {
        let folder = dist.project.target.join("dist-roots/install");
        report.check(installer::SCRIPT, "installs, and refuses a changed archive", || {
            installer::verify(&dist.project.shell, &dist.folder.join("archives"), &folder)
        });
    }
    ensure!(report.failures == 0, "{} of {} checks failed", report.failures, report.rows.len());
    Ok(())
}

/// Returns true if the archive of a target is there.
pub(super) fn is_built(dist: &Dist, target: &Target) -> bool {
    find(&dist.folder.join("archives"), &[target.triple]).is_ok()
}

/// Checks the size of what is built for a target, and the glibc that it needs.
fn files(dist: &Dist, target: &Target, report: &mut Report) -> anyhow::Result<()> {
    for (name, file) in binaries(dist, target)? {
        report.check(&name, "at most 7 MB", || {
            let size = fs::metadata(&file)?.len();
            ensure!(size <= LARGEST, "{size} bytes");
            Ok(format!("{size} bytes"))
        });
        if target.needs_glibc() {
            report.check(&name, &format!("glibc {GLIBC}"), || {
                let newest = glibc(&read(cmd!(dist.project.shell, "readelf --version-info --wide {file}").quiet())?);
                let newest = newest.context("the file names no version of glibc")?;
                let (major, minor) = GLIBC.split_once('.').context("GLIBC is not a version")?;
                ensure!(newest <= (major.parse()?, minor.parse()?), "needs {}.{}", newest.0, newest.1);
                Ok(format!("needs {}.{}", newest.0, newest.1))
            });
        }
    }
    Ok(())
}

/// Returns the command, the addon and the module of the wheel that are built for a target.
fn binaries(dist: &Dist, target: &Target) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    if target.command {
        found.push((format!("command {}", target.triple), programs::unpacked(dist, target)?));
    }
    if let Some(npm) = target.npm {
        found.push((format!("addon {npm}"), dist.folder.join("addons").join(format!("clanforge.{npm}.node"))));
    }
    if target.wheel.is_some() {
        let module = programs::unpacked_wheel(dist, target)?.join("clanforge");
        let extension = if target.is_windows() { ".pyd" } else { ".so" };
        let module = find(&module, &["_clanforge", extension])?;
        found.push((format!("wheel {}", target.triple), module));
    }
    Ok(found)
}

/// Returns the newest version of glibc that `readelf --version-info` names.
fn glibc(versions: &str) -> Option<(u32, u32)> {
    let parse = |version: &str| {
        let end = version.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(version.len());
        let mut numbers = version[..end].split('.').map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    versions.split("GLIBC_").skip(1).filter_map(parse).max()
}

/// Returns the one file in a folder whose name contains all of these words.
fn find(folder: &Path, words: &[&str]) -> anyhow::Result<PathBuf> {
    let names = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut found = names.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let is_it = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        words.iter().all(|word| name.contains(word))
    };
    found.find(is_it).with_context(|| format!("there is no file with {words:?} in its name in {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_glibc_is_found_by_number() {
        let text = "0x0010: Name: GLIBC_2.9  Flags: none\n Name: GLIBC_2.17  Version: 3\n Name: GLIBC_2.2.5 Flags";
        assert_eq!(glibc(text), Some((2, 17)));
        assert_eq!(glibc("Name: GCC_3.0"), None);
    }
}
