//! `clanforge baseline`

use std::time::SystemTime;

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
    let taken_at = SystemTime::now();
    let status = arguments.connection.read(&arguments.call, image, true)?;
    let baseline = Baseline::new(image, status).with_taken_at(taken_at);
    for warning in baseline.warnings() {
        streams.write_message(&format!("warning: {warning}\n"));
    }
    streams.write_json(&baseline)?;
    Ok(ExitCode::Ready)
}
