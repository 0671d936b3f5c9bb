//! `clanforge status`

use clap::Args;

use crate::failure::Failure;
use crate::options::generated::{CallOptions, ConnectionOptions};
use crate::options::image::ImageOptions;
use crate::options::output::OutputOptions;
use crate::reports::status::StatusReport;
use crate::terminal::streams::Streams;
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge status --asid 1234 --image 5678
  clanforge status --asid 1234 --image 5678 --detail
  clanforge status --image 5678 -o json | jq .summary.percent_complete";

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    image: ImageOptions,

    /// Show each fleet and region
    #[arg(long)]
    detail: bool,

    #[command(flatten)]
    output: OutputOptions,

    #[command(flatten)]
    call: CallOptions,

    #[command(flatten)]
    connection: ConnectionOptions,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let image = arguments.image.image()?;
    let status = arguments.connection.read(&arguments.call, image, arguments.detail)?;
    StatusReport::new(image, &status, None).write(arguments.output.format, streams)?;
    Ok(ExitCode::Ready)
}
