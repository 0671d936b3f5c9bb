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
    #[arg(value_parser = PossibleValuesParser::new(documents().map(|(name, _)| name)))]
    name: String,
}

/// Returns the schema of each document, by its name.
fn documents() -> impl Iterator<Item = (&'static str, &'static str)> {
    schema::DOCUMENTS.iter().copied().chain([("scenario", scenario::SCHEMA)])
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    // The parser accepts only names of documents.
    let schema = documents().find(|(name, _)| *name == arguments.name).map(|(_, schema)| schema);
    streams.write_data(schema.unwrap_or_default())?;
    Ok(ExitCode::Ready)
}
