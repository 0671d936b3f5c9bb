//! `clanforge baseline`

use std::fs;
use std::path::Path;

use clanforge::monitor::Baseline;

use crate::commands::BaselineArguments;
use crate::exit::{Exit, Failure};
use crate::terminal::streams::Streams;

pub(crate) fn run(arguments: &BaselineArguments, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let status = arguments.connection.read(&arguments.call, true)?;
    streams.json(&Baseline::new(arguments.connection.image()?, status))?;
    Ok(Exit::Ready)
}

/// Returns the baseline that a file holds.
pub(crate) fn read(file: &Path) -> Result<Baseline, Failure> {
    let name = file.display();
    let text = fs::read_to_string(file).map_err(|error| Failure::usage(format!("{name} cannot be read: {error}")))?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::usage(format!("{name} is no baseline: {error}; write one with clanforge baseline > {name}"))
    })
}
