//! The command.

use std::ffi::OsString;

use clanforge_cli::Streams;
use pyo3::prelude::*;

use crate::error;

/// Runs the command with these arguments, starting with the name of the program, and returns its exit code.
#[pyfunction]
pub(crate) fn main(py: Python<'_>, arguments: Vec<OsString>) -> PyResult<u8> {
    error::catch(|| Ok(py.detach(|| clanforge_cli::run(arguments, &mut Streams::standard()).code())))
}
