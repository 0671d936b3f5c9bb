//! The command.

use std::ffi::OsString;

use clanforge_cli::Streams;
use pyo3::prelude::*;

use crate::error;

/// Runs the command with these arguments, the program's name first, and returns its exit code.
#[pyfunction]
pub(crate) fn main(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<u8> {
    error::guarded(py, || Ok(py.detach(|| clanforge_cli::run(arguments, &mut Streams::standard()).code())))
}
