//! The public API of the installed Python package, as griffe reads it.

use xshell::cmd;

use super::Snapshot;
use crate::languages::python::Environment;
use crate::project::{self, Project};

pub(super) fn snapshot(Project { shell, .. }: &Project, environment: &Environment) -> anyhow::Result<Snapshot> {
    let python = environment.program("python");
    // Isolated, so that the installed package is read wherever this runs.
    let text = project::read(cmd!(shell, "{python} -I tests/api/python.py"))?;
    Ok(Snapshot { file: "python.txt".to_owned(), text })
}
