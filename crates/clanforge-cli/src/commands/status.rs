//! `clanforge status`

use crate::commands::{Format, StatusArguments};
use crate::exit::{Exit, Failure};
use crate::reports::status::Report;
use crate::terminal::streams::Streams;

pub(crate) fn run(arguments: &StatusArguments, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let status = arguments.connection.read(&arguments.call, arguments.detail)?;
    let report = Report::new(arguments.connection.image()?, &status, None);
    match arguments.output.format {
        Format::Text => streams.data(&report.text(streams.data_paint()))?,
        Format::Json => streams.json(&report)?,
    }
    Ok(Exit::Ready)
}
