//! `clanforge completions`

use clap::CommandFactory;

use crate::commands::{Arguments, CompletionsArguments};
use crate::exit::{Exit, Failure};
use crate::terminal::streams::Streams;

pub(crate) fn run(arguments: &CompletionsArguments, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "clanforge", &mut script);
    streams.data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ready)
}
