//! The archive of the command: with the licences, the manual pages and the completions.

use std::path::Path;

use xshell::cmd;

use crate::dist::Dist;
use crate::dist::targets::Target;

/// The name under which each shell looks for its completion script.
const COMPLETIONS: [(&str, &str); 4] =
    [("bash", "clanforge.bash"), ("zsh", "_clanforge"), ("fish", "clanforge.fish"), ("powershell", "_clanforge.ps1")];

/// A Python program that makes an archive whose files belong to root, whoever builds it; `ZIP` is the program for Windows.
const ARCHIVE: &str = "import shutil, sys; shutil.make_archive(*sys.argv[1:5], owner='root', group='root')";
const ZIP: &str = "import shutil, sys; shutil.make_archive(*sys.argv[1:5])";

/// Writes the archive of a target's command.
pub(super) fn write(dist: &Dist, target: &Target, command: &Path) -> anyhow::Result<()> {
    let shell = &dist.project.shell;
    let name = format!("clanforge-{}-{}", dist.version, target.triple);
    let staged = dist.folder.join("staged");
    let root = staged.join(&name);
    shell.remove_path(&staged)?;
    for file in [command, Path::new("LICENSE-APACHE"), Path::new("LICENSE-MIT"), Path::new("CHANGELOG.md")] {
        shell.create_dir(&root)?;
        shell.copy_file(file, &root)?;
    }
    shell.write_file(root.join("THIRD-PARTY-NOTICES"), dist.notices(target.triple, "clanforge-cli")?)?;
    let man = shell.create_dir(root.join("man"))?;
    // The command of this machine, as the tests build it: that of the target need not run here.
    let run = ["run", "--quiet", "--locked", "--bin", "clanforge", "--"];
    cmd!(shell, "cargo {run...} man {man}").run()?;
    for (shell_name, file) in COMPLETIONS {
        let script = cmd!(shell, "cargo {run...} completions {shell_name}").read()?;
        shell.write_file(root.join("completions").join(file), script + "\n")?;
    }
    let (program, format) = if target.is_windows() { (ZIP, "zip") } else { (ARCHIVE, "gztar") };
    let archives = shell.create_dir(dist.folder.join("archives"))?.join(&name);
    cmd!(shell, "python -c {program} {archives} {format} {staged} {name}").run()?;
    container(dist, target, &root)?;
    Ok(shell.remove_path(&staged)?)
}

/// Writes what the container image is made of: the static command, the licences, and the certificates of this machine.
fn container(dist: &Dist, target: &Target, archived: &Path) -> anyhow::Result<()> {
    let platform = match target.triple {
        "x86_64-unknown-linux-musl" => "amd64",
        "aarch64-unknown-linux-musl" => "arm64",
        _ => return Ok(()),
    };
    let shell = &dist.project.shell;
    let folder = shell.create_dir(dist.folder.join("container"))?;
    shell.copy_file("/etc/ssl/certs/ca-certificates.crt", &folder)?;
    let platform = shell.create_dir(folder.join(platform))?;
    for file in ["clanforge", "LICENSE-APACHE", "LICENSE-MIT", "THIRD-PARTY-NOTICES"] {
        shell.copy_file(archived.join(file), &platform)?;
    }
    Ok(())
}
