//! `clanforge report`

use std::path::PathBuf;

use clanforge::ExitCode;
use clanforge::core::report::{Report, ReportFormat, render};
use clap::builder::PossibleValuesParser;
use clap::{Args, builder::TypedValueParser};

use crate::commands::replay::read_recording;
use crate::failure::Failure;
use crate::terminal::streams::Streams;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge report wait.jsonl > report.html
  clanforge report wait.jsonl --output md >> \"$GITHUB_STEP_SUMMARY\"

The page is a single file without scripts, and loads no other resources.";

#[derive(Args)]
pub(crate) struct Arguments {
    /// File that `clanforge wait --record` or `--output jsonl` wrote
    file: PathBuf,

    /// Format: an HTML page, an SVG chart of the machines over time, or Markdown
    #[arg(long, short, value_name = "FORMAT", default_value = "html", value_parser = format())]
    output: ReportFormat,
}

/// Returns a parser of the names of the formats.
fn format() -> impl TypedValueParser<Value = ReportFormat> {
    let names = PossibleValuesParser::new(ReportFormat::ALL.map(ReportFormat::as_str));
    names.try_map(|name| ReportFormat::from_name(&name).ok_or("unknown format"))
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let waits = read_recording(&arguments.file, streams)?;
    let reports: Vec<Report> = waits.iter().map(Report::from).collect();
    streams.write_data(&render(&reports, arguments.output))?;
    Ok(ExitCode::Ready)
}
