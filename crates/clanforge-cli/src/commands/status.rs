//! `clanforge status`

use clap::Args;

use crate::failure::Failure;
use crate::options::generated::{CallOptions, ConnectionOptions};
use crate::options::image::ImageOptions;
use crate::options::output::{Format, StatusFormat, StatusOutputOptions};
use crate::reports::metrics::metrics;
use crate::reports::status::StatusReport;
use crate::terminal::streams::Streams;
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge status --asid 1234 --image 5678
  clanforge status --asid 1234 --image 5678 --detail
  clanforge status --asid 1234 --image 5678 --image 5679
  clanforge status --image 5678 -o json | jq .summary.percent_complete
  clanforge status --image 5678 -o openmetrics > new.prom && mv new.prom clanforge.prom";

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    image: ImageOptions,

    /// Show each fleet and region
    #[arg(long)]
    detail: bool,

    #[command(flatten)]
    output: StatusOutputOptions,

    #[command(flatten)]
    call: CallOptions,

    #[command(flatten)]
    connection: ConnectionOptions,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let images = arguments.image.images()?;
    let format = arguments.output.format;
    let detail = arguments.detail || format == StatusFormat::Openmetrics;
    let report = StatusReport::new(arguments.connection.read(&arguments.call, &images, detail)?, None)?;
    match format {
        StatusFormat::Text => report.write(Format::Text, streams)?,
        StatusFormat::Json => report.write(Format::Json, streams)?,
        StatusFormat::Openmetrics => {
            report.write_errors(streams);
            let statuses = report.found().map(|(_, found)| (found.image, &found.status));
            let metrics = metrics(statuses).map_err(|_| Failure::internal("the metrics cannot be encoded"))?;
            streams.write_data(&metrics)?;
        }
    }
    Ok(report.exit_code())
}
