//! The parts that the tests of all languages consist of, each as one command that can be run again and again.

use std::ffi::OsStr;
use std::process::Command;

use anyhow::{Context, ensure};
use xshell::Cmd;

use crate::project::failed;

/// A command that tests one part, built before.
pub(crate) struct Suite {
    pub(crate) name: String,
    pub(crate) command: Command,
}

impl Suite {
    /// Takes a command with the directory and environment that its shell has now.
    pub(crate) fn new(name: impl Into<String>, command: Cmd<'_>) -> Self {
        Self { name: name.into(), command: command.into() }
    }

    /// Runs the tests and shows their output.
    ///
    /// # Errors
    /// Returns an error if a test fails.
    #[allow(clippy::print_stderr)]
    pub(crate) fn run(mut self) -> anyhow::Result<()> {
        let line = self.line();
        eprintln!("$ {line}");
        let status = self.command.status().with_context(|| format!("cannot run `{line}`"))?;
        ensure!(status.success(), failed(&line, status));
        Ok(())
    }

    /// Returns the command as one would type it.
    pub(crate) fn line(&self) -> String {
        let words = [self.command.get_program()].into_iter().chain(self.command.get_args());
        words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
    }
}
