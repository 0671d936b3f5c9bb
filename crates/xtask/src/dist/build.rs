//! Builds for one target: the command, the addon of Node and the wheel.

use std::path::PathBuf;
use std::{env, fs};

use anyhow::Context;
use xshell::cmd;

use crate::dist::Dist;
use crate::dist::targets::Target;

pub(super) struct Builder<'a> {
    pub(super) dist: &'a Dist<'a>,
    pub(super) target: &'a Target,
}

impl Builder<'_> {
    /// Builds the command, and returns its file.
    pub(super) fn command(&self) -> anyhow::Result<PathBuf> {
        self.cargo("clanforge-cli", "")?;
        Ok(self.built(if self.target.is_windows() { "clanforge.exe" } else { "clanforge" }))
    }

    /// Builds the native module of the npm package.
    pub(super) fn addon(&self) -> anyhow::Result<()> {
        let triple = self.target.triple;
        // A library cannot be static, and musl's targets link statically by default.
        self.cargo("clanforge-node", if triple.contains("musl") { "-C target-feature=-crt-static" } else { "" })?;
        let library = match triple {
            windows if windows.contains("windows") => "clanforge_node.dll",
            apple if apple.contains("apple") => "libclanforge_node.dylib",
            _ => "libclanforge_node.so",
        };
        let name = format!("clanforge.{}.node", self.target.npm.context("the target has no npm package")?);
        let addons = self.dist.folder.join("addons");
        self.dist.project.shell.create_dir(&addons)?;
        Ok(self.dist.project.shell.copy_file(self.built(library), addons.join(name))?)
    }

    /// Builds the wheel, with the notices of what is linked into it.
    pub(super) fn wheel(&self) -> anyhow::Result<()> {
        let Target { triple, wheel, .. } = self.target;
        let shell = &self.dist.project.shell;
        let notices = "python/THIRD-PARTY-NOTICES";
        shell.write_file(notices, self.dist.notices(triple, "clanforge-python")?)?;
        let out = self.dist.folder.join("python");
        let zig = if self.target.runner.is_none() { &["--zig"][..] } else { &[] };
        let compatibility = wheel.context("the target has no wheel")?;
        let _flags = shell.push_env("RUSTFLAGS", without_paths()?);
        let built = {
            let _package = shell.push_dir("python");
            cmd!(shell, "maturin build --quiet --locked --profile dist --target {triple} --compatibility {compatibility} {zig...} --out {out}").run()
        };
        shell.remove_path(notices)?;
        Ok(built?)
    }

    fn cargo(&self, package: &str, flags: &str) -> anyhow::Result<()> {
        let shell = &self.dist.project.shell;
        let (build, target) = match self.target.runner {
            None => ("zigbuild", self.target.for_zig()),
            Some(_) => ("build", self.target.triple.to_owned()),
        };
        if self.target.runner.is_none() {
            let triple = self.target.triple;
            cmd!(shell, "rustup target add {triple}").quiet().ignore_stderr().run()?;
        }
        let _flags = shell.push_env("RUSTFLAGS", format!("{} {flags}", without_paths()?));
        Ok(cmd!(shell, "cargo {build} --locked --profile dist --package {package} --target {target}").run()?)
    }

    fn built(&self, file: &str) -> PathBuf {
        self.dist.project.target.join(self.target.triple).join("dist").join(file)
    }
}

/// Returns the flags that keep the folders of this machine out of the locations of panics, which would take 40 kB besides.
fn without_paths() -> anyhow::Result<String> {
    let flags = registries()?.into_iter().map(|folder| format!("--remap-path-prefix={}=", folder.display()));
    Ok(flags.collect::<Vec<_>>().join(" "))
}

/// Returns the folders that cargo unpacks crates to, one for each registry.
pub(super) fn registries() -> anyhow::Result<Vec<PathBuf>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).context("there is no home directory")?;
    fs::read_dir(home.join("registry/src"))?.map(|folder| Ok(folder?.path())).collect()
}
