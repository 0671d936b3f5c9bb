//! The root folders of other systems, below `target/dist-roots`: each is created once.

use std::path::PathBuf;

use anyhow::Context;
use xshell::cmd;

use crate::project::Project;

pub(super) struct Roots<'a> {
    pub(super) project: &'a Project,
}

/// The emulator of arm64, which Debian links statically.
pub(super) const QEMU: &str = "/usr/bin/qemu-aarch64-static";

impl Roots<'_> {
    /// Returns an empty Debian 11, which has glibc 2.31 and no compiler.
    pub(super) fn debian11(&self) -> anyhow::Result<PathBuf> {
        self.made("debian11", |root| {
            let shell = &self.project.shell;
            Ok(cmd!(shell, "debootstrap --variant=minbase --include=ca-certificates bullseye {root}")
                .ignore_stdout()
                .run()?)
        })
    }

    /// Returns a Debian 12 for arm64 with Python, whose programs [`QEMU`] runs.
    pub(super) fn arm64(&self) -> anyhow::Result<PathBuf> {
        self.made("arm64", |root| {
            let shell = &self.project.shell;
            let packages = "python3.11,libpython3.11-stdlib,ca-certificates";
            cmd!(shell, "debootstrap --arch=arm64 --foreign --variant=minbase --include={packages} bookworm {root}")
                .ignore_stdout()
                .run()?;
            // Without the second stage, which runs arm64 programs to configure each package: unpacked packages are enough.
            for package in shell.read_dir(root.join("var/cache/apt/archives"))? {
                if package.extension().is_some_and(|extension| extension == "deb") {
                    cmd!(shell, "dpkg-deb --extract {package} {root}").quiet().run()?;
                }
            }
            Ok(shell.copy_file(QEMU, root.join(&QEMU[1..]))?)
        })
    }

    /// Returns a folder with nothing but the emulator, for programs that are static.
    pub(super) fn empty(&self) -> anyhow::Result<PathBuf> {
        self.made("empty", |root| {
            let shell = &self.project.shell;
            shell.create_dir(root.join("tmp"))?;
            shell.create_dir(root.join("usr/bin"))?;
            Ok(shell.copy_file(QEMU, root.join(&QEMU[1..]))?)
        })
    }

    fn made(&self, name: &str, make: impl FnOnce(&PathBuf) -> anyhow::Result<()>) -> anyhow::Result<PathBuf> {
        let shell = &self.project.shell;
        let root = self.project.target.join("dist-roots").join(name);
        let unfinished = root.with_extension("unfinished");
        if !root.exists() {
            shell.remove_path(&unfinished)?;
            shell.create_dir(&unfinished)?;
            make(&unfinished).with_context(|| format!("could not make {name}"))?;
            std::fs::rename(&unfinished, &root)?;
        }
        Ok(root)
    }
}
