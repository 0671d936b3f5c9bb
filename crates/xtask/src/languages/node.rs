//! The npm package: built, packed as it is published, and installed from the tarballs into an otherwise empty directory.

use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

use crate::project::{Project, left_out};
use crate::suite::Suite;

/// The program of npm, which is a script on Windows.
pub(crate) const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// A script that exits with 0 if this Node is new enough for the package.
const IS_SUPPORTED: &str = "process.exit(Number(process.versions.node.split('.')[0]) < 20 ? 1 : 0)";

/// Installs the package together with the dependencies of a directory's package.json, and returns where; `None` if there
/// is no Node that is new enough.
///
/// # Errors
/// Returns an error if something cannot be built or installed, or is missing under `CI`.
pub(crate) fn installed(project: &Project, beside: &str, profile: &str) -> anyhow::Result<Option<PathBuf>> {
    if !declarations(project)? {
        return Ok(None);
    }
    let shell = &project.shell;
    let target = project.target.join("node");
    let packages = target.join("packages");
    {
        let _package = shell.push_dir("node");
        cmd!(shell, "{NPM} run --silent build:native -- {profile}").run()?;
        cmd!(shell, "node scripts/pack.mjs {packages}").run()?;
    }
    let folder = target.join(profile);
    shell.remove_path(&folder)?;
    // The dependencies are installed beside the package; the directory's scripts have a directory of their own there.
    let scripts = folder.join(PathBuf::from(beside).file_name().unwrap_or_default());
    copy(shell, Path::new(beside), &scripts)?;
    shell.copy_file(scripts.join("package.json"), &folder)?;
    shell.remove_path(scripts.join("package.json"))?;
    let tarballs = shell.read_dir(&packages)?;
    let _folder = shell.push_dir(&folder);
    cmd!(shell, "{NPM} install --no-audit --no-fund --no-package-lock --silent {tarballs...}").run()?;
    Ok(Some(folder))
}

/// Copies a folder with everything below it.
///
/// # Errors
/// Returns an error if a file cannot be read or written.
pub(crate) fn copy(shell: &Shell, from: &Path, to: &Path) -> anyhow::Result<()> {
    shell.create_dir(to)?;
    for entry in shell.read_dir(from)? {
        match entry.is_dir() {
            true => copy(shell, &entry, &to.join(entry.file_name().unwrap_or_default()))?,
            false => shell.copy_file(&entry, to)?,
        }
    }
    Ok(())
}

/// Compiles the TypeScript of the package and writes its declarations; `false` if there is no Node that is new enough.
///
/// # Errors
/// Returns an error if it does not compile, or Node is missing under `CI`.
pub(crate) fn declarations(project: &Project) -> anyhow::Result<bool> {
    if !is_there(project)? {
        return Ok(false);
    }
    let shell = &project.shell;
    let _package = shell.push_dir("node");
    cmd!(shell, "{NPM} ci --no-audit --no-fund --silent").run()?;
    cmd!(shell, "{NPM} run --silent build:js").run()?;
    Ok(true)
}

/// Returns whether there is a Node that is new enough.
///
/// # Errors
/// Returns an error if it is missing under `CI`.
pub(crate) fn is_there(Project { shell, .. }: &Project) -> anyhow::Result<bool> {
    let has_npm = cmd!(shell, "{NPM} --version").quiet().ignore_stdout().ignore_stderr().run().is_ok();
    let is_new = cmd!(shell, "node --eval {IS_SUPPORTED}").quiet().ignore_stderr().run().is_ok();
    if !is_new || !has_npm {
        left_out("Node", "Node 20 or newer with npm")?;
        return Ok(false);
    }
    Ok(true)
}

/// Returns the tests of the npm package that is installed in a directory.
pub(crate) fn suite(Project { shell, .. }: &Project, folder: &Path) -> Suite {
    let root = shell.current_dir();
    let _tests = shell.push_dir(folder);
    // One file after another: some of the tests observe the whole process or the machine.
    let command = cmd!(shell, "node --test --test-concurrency=1 --test-reporter=spec");
    Suite::new("Node", command.env("CLANFORGE_PROJECT", root))
}
