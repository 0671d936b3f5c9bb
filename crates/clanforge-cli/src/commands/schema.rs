//! `clanforge schema`

use clanforge::{ExitCode, schema};
use clanforge_simulator::scenario;
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::failure::Failure;
use crate::terminal::streams::Streams;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge schema outcome
  clanforge schema policy > policy.schema.json";

#[derive(Args)]
pub(crate) struct Arguments {
    /// Document to describe
    #[arg(value_parser = PossibleValuesParser::new(schema::NAMES.iter().copied().chain(["scenario"])))]
    name: String,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    // The parser accepts only names of documents, and `scenario`.
    streams.write_data(schema::get(&arguments.name).unwrap_or(scenario::SCHEMA))?;
    Ok(ExitCode::Ready)
}
