//! The checkout that the commands work on, its target directory, and how a command that fails is reported.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use xshell::{Cmd, Shell, cmd};

/// The checkout, whatever directory the command is called from.
pub(crate) struct Project {
    /// A shell in the root directory. Its commands see the target directory as `CARGO_TARGET_DIR`.
    pub(crate) shell: Shell,
    /// Where cargo builds, by `CARGO_TARGET_DIR`, `build.target-dir` or cargo's default. All that xtask writes is below it,
    /// except for generated files.
    pub(crate) target: PathBuf,
}

impl Project {
    /// Finds the checkout that this program was built from.
    ///
    /// # Errors
    /// Returns an error if cargo cannot read the workspace.
    pub(crate) fn open() -> anyhow::Result<Self> {
        let shell = Shell::new()?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let manifest = root.join("Cargo.toml");
        // In the caller's directory, which a relative CARGO_TARGET_DIR refers to.
        let metadata = cmd!(shell, "cargo metadata --no-deps --format-version 1 --manifest-path {manifest}");
        let metadata: Value = serde_json::from_str(&read(metadata)?)?;
        let target = metadata["target_directory"].as_str().context("cargo metadata names no target directory")?.into();
        shell.change_dir(root);
        shell.set_var("CARGO_TARGET_DIR", &target);
        Ok(Self { shell, target })
    }

    /// Returns the path of a program that cargo built in a profile, `debug` or `release`.
    pub(crate) fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }
}

/// Tells what is left out because the machine lacks a tool.
///
/// # Errors
/// Returns an error under `CI`, where nothing may be left out.
pub(crate) fn left_out(what: &str, needs: &str) -> anyhow::Result<()> {
    ensure!(
        env::var_os("CI").is_none(),
        "{what} needs {needs}, and CI must leave nothing out: install it, or unset CI"
    );
    say(&format!("left out: {what}, because there is no {needs}"));
    Ok(())
}

/// Prints the result of a command of xtask.
#[allow(clippy::print_stdout)]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// Returns what a command writes to its standard output, which is printed if the command fails.
#[allow(clippy::print_stderr)]
pub(crate) fn read(command: Cmd<'_>) -> anyhow::Result<String> {
    let line = command.to_string();
    let child = Command::from(command).stdout(Stdio::piped()).spawn();
    let output = child.and_then(Child::wait_with_output).with_context(|| format!("cannot run `{line}`"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        eprintln!("{text}");
        bail!(failed(&line, output.status));
    }
    Ok(text)
}

/// Describes a command that failed: `` `cargo fmt --check` failed (exit 1) ``.
pub(crate) fn failed(command: &str, status: ExitStatus) -> String {
    format!("`{command}` failed ({})", status.to_string().replace("exit status: ", "exit "))
}

/// Describes why xtask ends, in one line if the failed command has printed the details.
pub(crate) fn describe(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    let Some((context, rest)) = text.split_once("command exited with non-zero code `") else { return text };
    rest.rsplit_once("`: ")
        .map_or_else(|| text.clone(), |(line, code)| format!("{context}`{line}` failed (exit {code})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_is_named_with_its_exit_code() {
        let shell = Shell::new().unwrap();
        let failing = || cmd!(shell, "cargo no-such-command").quiet().ignore_stderr();
        let expected = "`cargo no-such-command` failed (exit 101)";
        assert_eq!(describe(&failing().run().unwrap_err().into()), expected);
        assert_eq!(describe(&read(failing()).unwrap_err()), expected);
    }

    #[test]
    fn the_context_of_a_failed_command_is_kept() {
        let shell = Shell::new().unwrap();
        let error = cmd!(shell, "cargo no-such-command").quiet().ignore_stderr().run().context("no index").unwrap_err();
        assert_eq!(describe(&error), "no index: `cargo no-such-command` failed (exit 101)");
    }

    #[test]
    fn the_target_directory_is_absolute_for_every_command() {
        let project = Project::open().unwrap();
        assert!(project.target.is_absolute());
        assert_eq!(project.shell.var("CARGO_TARGET_DIR").unwrap(), project.target.display().to_string());
    }
}
