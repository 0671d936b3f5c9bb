//! `clanforge baseline`

use clanforge::monitor::Baseline;
use clap::Args;

use crate::failure::Failure;
use crate::options::generated::{CallOptions, ConnectionOptions};
use crate::options::image::ImageOptions;
use crate::terminal::streams::Streams;
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge baseline --asid 1234 --image 5678 > before.json
  clanforge wait --asid 1234 --image 5678 --since before.json";

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    image: ImageOptions,

    #[command(flatten)]
    call: CallOptions,

    #[command(flatten)]
    connection: ConnectionOptions,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let image = arguments.image.image()?;
    let status = arguments.connection.read(&arguments.call, image, true)?;
    streams.write_json(&Baseline::new(image, status))?;
    Ok(ExitCode::Ready)
}
