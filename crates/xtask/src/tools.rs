//! Third-party programs that the commands run, each in one release, installed below the target directory.

use std::env;
use std::path::PathBuf;

use xshell::cmd;

use crate::project::Project;

/// A program that cargo installs.
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

pub(crate) const CARGO_CYCLONEDX: Tool = Tool { name: "cargo-cyclonedx", version: "0.5.9" };
pub(crate) const CARGO_DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };
pub(crate) const CARGO_FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2" };

impl Tool {
    /// Returns the path of the program, and installs it first if it is missing or of another release.
    ///
    /// # Errors
    /// Returns an error if it cannot be built.
    pub(crate) fn installed(&self, Project { shell, target }: &Project) -> anyhow::Result<PathBuf> {
        let Self { name, version } = self;
        let tools = target.join("tools");
        let program = tools.join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX));
        let found = cmd!(shell, "{program} --version").quiet().ignore_stderr().read().unwrap_or_default();
        if found.split_whitespace().last() != Some(version) {
            // Without optimisation it builds in half the time, and is fast enough.
            let install =
                cmd!(shell, "cargo install --quiet --locked --debug --root {tools} --version {version} {name}");
            // Its dependencies are built apart from the project's, in a temporary directory.
            install.env_remove("CARGO_TARGET_DIR").run()?;
        }
        Ok(program)
    }
}
