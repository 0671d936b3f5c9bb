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
  clanforge status --image 5678 -o json | jq .summary.percent_complete
  clanforge status --image 5678 -o openmetrics > /var/lib/node_exporter/clanforge.prom";

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
    let image = arguments.image.image()?;
    let format = arguments.output.format;
    let detail = arguments.detail || format == StatusFormat::Openmetrics;
    let status = arguments.connection.read(&arguments.call, image, detail)?;
    let report = StatusReport::new(image, &status, None);
    match format {
        StatusFormat::Text => report.write(Format::Text, streams)?,
        StatusFormat::Json => report.write(Format::Json, streams)?,
        StatusFormat::Openmetrics => streams
            .write_data(&metrics(image, &status).map_err(|_| Failure::internal("the metrics cannot be encoded"))?)?,
    }
    Ok(ExitCode::Ready)
}
