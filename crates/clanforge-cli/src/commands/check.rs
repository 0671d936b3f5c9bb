//! `clanforge check`

use clanforge::Gate;

use crate::commands::{CheckArguments, Format};
use crate::exit::{Exit, Failure};
use crate::reports::status::Report;
use crate::terminal::streams::Streams;

pub(crate) fn run(arguments: &CheckArguments, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let gate = arguments.gate.apply_to(Gate::default());
    let status = arguments.connection.read(&arguments.call, gate.needs_detail())?;
    let verdict = gate.evaluate(&status);
    let report = Report::new(arguments.connection.image()?, &status, Some(&verdict));
    match arguments.output.format {
        Format::Text => streams.data(&report.text(streams.data_paint()))?,
        Format::Json => streams.json(&report)?,
    }
    Ok(Exit::of_verdict(&verdict, &status))
}
