//! `clanforge baseline`

use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use clanforge::monitor::Baseline;
use clap::Args;

use crate::failure::Failure;
use crate::options::generated::{CallOptions, ConnectionOptions};
use crate::options::image::ImageOptions;
use crate::options::values::single;
use crate::terminal::streams::{Streams, json_document};
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge baseline --asid 1234 --image 5678 --output-file before.json
  clanforge wait --asid 1234 --image 5678 --since before.json";

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    image: ImageOptions,

    /// Write to this file, in UTF-8, instead of standard output
    #[arg(long, value_name = "FILE")]
    output_file: Vec<PathBuf>,

    #[command(flatten)]
    call: CallOptions,

    #[command(flatten)]
    connection: ConnectionOptions,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let image = arguments.image.image()?;
    let output_file = single("--output-file", &arguments.output_file)?;
    let taken_at = SystemTime::now();
    let status = arguments.connection.read(&arguments.call, image, true)?;
    let baseline = Baseline::new(image, status).with_taken_at(taken_at);
    for warning in baseline.warnings() {
        streams.write_message(&format!("warning: {warning}\n"));
    }
    match output_file {
        Some(file) => {
            let refuse = |error: io::Error| Failure::system(format!("write {}", file.display()), &error);
            std::fs::write(file, json_document(&baseline)?).map_err(refuse)?;
        }
        None => streams.write_json(&baseline)?,
    }
    Ok(ExitCode::Ready)
}
