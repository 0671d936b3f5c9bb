//! Third-party programs that the commands run, each in one release, installed below the target directory.

use std::env;
use std::path::PathBuf;

use xshell::{Shell, cmd};

use crate::project::{Project, left_out};

/// A program that cargo or Go installs.
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
    /// The package of a Go module; without one it is a crate.
    go: Option<&'static str>,
}

pub(crate) const ACT: Tool = Tool { name: "act", version: "0.2.89", go: Some("github.com/nektos/act") };
pub(crate) const ACTIONLINT: Tool =
    Tool { name: "actionlint", version: "1.7.12", go: Some("github.com/rhysd/actionlint/cmd/actionlint") };
pub(crate) const CARGO_CYCLONEDX: Tool = Tool { name: "cargo-cyclonedx", version: "0.5.9", go: None };
pub(crate) const CARGO_DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2", go: None };
pub(crate) const CARGO_FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2", go: None };

impl Tool {
    /// Returns the path of the program, and installs it first if it is missing or of another release.
    ///
    /// # Errors
    /// Returns an error if it cannot be built.
    pub(crate) fn installed(&self, Project { shell, target }: &Project) -> anyhow::Result<PathBuf> {
        let Self { name, version, go } = self;
        let tools = target.join("tools");
        let bin = tools.join("bin");
        let program = bin.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        let found = cmd!(shell, "{program} --version").quiet().ignore_stderr().read().unwrap_or_default();
        if found.split_whitespace().any(|word| word.trim_start_matches('v') == *version) {
            return Ok(program);
        }
        if let Some(package) = go {
            cmd!(shell, "go install {package}@v{version}").env("GOBIN", bin).run()?;
        } else {
            // Without optimisation it builds in half the time, and is fast enough.
            let install =
                cmd!(shell, "cargo install --quiet --locked --debug --root {tools} --version {version} {name}");
            // Its dependencies are built apart from the project's, in a temporary directory.
            install.env_remove("CARGO_TARGET_DIR").run()?;
        }
        Ok(program)
    }
}

/// Whether there is Go, which builds some of the tools.
///
/// # Errors
/// Returns an error under `CI` if there is none.
pub(crate) fn has_go(shell: &Shell, what: &str) -> anyhow::Result<bool> {
    let found = cmd!(shell, "go version").quiet().ignore_stdout().ignore_stderr().run().is_ok();
    if !found {
        left_out(what, "Go 1.25 or newer")?;
    }
    Ok(found)
}
