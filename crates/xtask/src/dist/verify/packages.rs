//! The packages, checked with the tools of the registries to which they are published.

use anyhow::ensure;
use xshell::cmd;

use super::{Report, find};
use crate::dist::Dist;
use crate::dist::build::registries;
use crate::dist::packages::CRATES;
use crate::dist::targets::{GLIBC, TARGETS};
use crate::languages::node::NPM;
use crate::project::read;

pub(super) fn run(dist: &Dist, report: &mut Report) -> anyhow::Result<()> {
    let shell = &dist.project.shell;
    let (python, npm) = (dist.folder.join("python"), dist.folder.join("npm"));
    let files = shell.read_dir(&python)?;
    let count = files.len();
    report.check("wheels, source distribution", "twine check --strict", || {
        read(cmd!(shell, "twine --no-color check --strict {files...}").quiet())?;
        Ok(format!("{count} files"))
    });
    let tag = format!("manylinux_{}", GLIBC.replace('.', "_"));
    for target in TARGETS.into_iter().filter(|target| target.needs_glibc() && target.runner.is_none()) {
        let Ok(wheel) = find(&python, &["manylinux", target.triple.split('-').next().unwrap_or_default()]) else {
            continue;
        };
        report.check(&format!("wheel {}", target.triple), "auditwheel", || {
            let shown = read(cmd!(shell, "auditwheel show {wheel}").quiet())?;
            ensure!(shown.contains(&tag), "{shown}");
            Ok(tag.clone())
        });
    }
    for package in shell.read_dir(&npm)? {
        let name = package.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        report.check(&name, "npm publish --dry-run, publint", || {
            cmd!(shell, "{NPM} publish --dry-run --silent {package}").quiet().ignore_stdout().run()?;
            cmd!(shell, "npx --yes publint@0.3.25 --strict {package}").quiet().ignore_stdout().run()?;
            Ok("clean".to_owned())
        });
    }
    let package = find(&npm, &[&format!("clanforge-{}.tgz", dist.version)])?;
    report.check("npm package", "attw", || {
        cmd!(shell, "npx --yes --package @arethetypeswrong/cli@0.18.5 attw --quiet --profile node16 {package}")
            .quiet()
            .run()?;
        Ok("clean".to_owned())
    });
    report.check("crates", "cargo publish --dry-run", || {
        // Cargo keeps the files that an earlier run unpacked, and would build those again for the same version.
        for (folder, name) in registries()?.iter().flat_map(|folder| CRATES.map(|name| (folder, name))) {
            shell.remove_path(folder.join(format!("{name}-{}", dist.version)))?;
        }
        let packages: Vec<_> = CRATES.into_iter().flat_map(|name| ["--package", name]).collect();
        cmd!(shell, "cargo publish --quiet --dry-run --locked {packages...}").quiet().run()?;
        Ok(format!("{} crates", CRATES.len()))
    });
    Ok(())
}
