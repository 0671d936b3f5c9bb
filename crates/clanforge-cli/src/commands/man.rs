//! `clanforge man`

use std::path::PathBuf;

use clap::Args;

use crate::failure::Failure;
use clanforge::ExitCode;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Existing folder to write to
    folder: PathBuf,
}

pub(super) fn run(arguments: &Arguments, command: clap::Command) -> Result<ExitCode, Failure> {
    let folder = &arguments.folder;
    clap_mangen::generate_to(command, folder)
        .map_err(|error| Failure::system(format_args!("write to {}", folder.display()), &error))?;
    Ok(ExitCode::Ready)
}
