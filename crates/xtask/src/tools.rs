//! Programs of others that the project's commands run, each in one release: below the target folder, whatever else there is.

use std::env;
use std::path::PathBuf;

use xshell::{Shell, cmd};

/// A program that cargo installs.
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

pub(crate) const CARGO_DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };
pub(crate) const CARGO_FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2" };

impl Tool {
    /// Returns the path of the program, which is installed where it is missing or of another release.
    ///
    /// # Errors
    /// Where it cannot be built.
    pub(crate) fn installed(&self, shell: &Shell) -> anyhow::Result<PathBuf> {
        let Self { name, version } = self;
        let tools = shell.current_dir().join("target/tools");
        let program = tools.join("bin").join(format!("{name}{}", env::consts::EXE_SUFFIX));
        let found = cmd!(shell, "{program} --version").quiet().ignore_stderr().read().unwrap_or_default();
        if found.split_whitespace().last() != Some(version) {
            // Unoptimised, it is there in half the time, and fast enough.
            cmd!(shell, "cargo install --quiet --locked --debug --root {tools} --version {version} {name}").run()?;
        }
        Ok(program)
    }
}
