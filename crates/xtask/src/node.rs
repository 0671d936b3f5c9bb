//! The npm package: built, packed as it is published, and installed from the tarballs into a folder that has nothing else.

use std::env;
use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

/// The oldest Node that the package supports.
const OLDEST: &str = "process.exit(Number(process.versions.node.split('.')[0]) < 20 ? 1 : 0)";

/// Installs the package and what a folder's package.json names, and returns where; `None` where there is no Node that is
/// new enough.
///
/// # Errors
/// Where CI asks for everything and something is missing, and where something cannot be built or installed.
pub(crate) fn installed(shell: &Shell, beside: &str, profile: &str) -> anyhow::Result<Option<PathBuf>> {
    let found =
        |command: &str| cmd!(shell, "{command} --version").quiet().ignore_stdout().ignore_stderr().run().is_ok();
    let is_new = cmd!(shell, "node --eval {OLDEST}").quiet().ignore_stderr().run().is_ok();
    if !is_new || !found("npm") {
        anyhow::ensure!(env::var_os("CI").is_none(), "there is no Node 20 or newer with npm, and CI tests everything");
        say("left out: Node, because there is no Node 20 or newer with npm");
        return Ok(None);
    }
    let target = shell.current_dir().join("target/node");
    let packages = target.join("packages");
    {
        let _project = shell.push_dir("node");
        cmd!(shell, "npm ci --no-audit --no-fund --silent").run()?;
        cmd!(shell, "npm run --silent build:js").run()?;
        cmd!(shell, "npm run --silent build:native -- {profile}").run()?;
        cmd!(shell, "node scripts/pack.mjs {packages}").run()?;
    }
    let folder = target.join(profile);
    shell.remove_path(&folder)?;
    // What a package.json asks for is beside the package; the scripts that come with it have a folder of their own there.
    let scripts = folder.join(PathBuf::from(beside).file_name().unwrap_or_default());
    copy(shell, Path::new(beside), &scripts)?;
    shell.copy_file(scripts.join("package.json"), &folder)?;
    shell.remove_path(scripts.join("package.json"))?;
    let tarballs = shell.read_dir(&packages)?;
    let _folder = shell.push_dir(&folder);
    cmd!(shell, "npm install --no-audit --no-fund --no-package-lock --silent {tarballs...}").run()?;
    Ok(Some(folder))
}

/// Runs the tests of the npm package, and returns whether there was a Node for it.
///
/// # Errors
/// Where a test fails, or the package cannot be built.
pub(crate) fn test(shell: &Shell) -> anyhow::Result<bool> {
    let project = shell.current_dir();
    let Some(folder) = installed(shell, "node/test", "dev")? else { return Ok(false) };
    let _tests = shell.push_dir(folder);
    // One file after another: some of the tests look at what the whole process, or the machine, does meanwhile.
    cmd!(shell, "node --test --test-concurrency=1 --test-reporter=spec").env("CLANFORGE_PROJECT", project).run()?;
    Ok(true)
}

fn copy(shell: &Shell, from: &Path, to: &Path) -> anyhow::Result<()> {
    shell.create_dir(to)?;
    for entry in shell.read_dir(from)? {
        match entry.is_dir() {
            true => copy(shell, &entry, &to.join(entry.file_name().unwrap_or_default()))?,
            false => shell.copy_file(&entry, to)?,
        }
    }
    Ok(())
}

#[allow(clippy::print_stdout)] // Nobody should take what was left out for tested.
fn say(line: &str) {
    println!("{line}");
}
