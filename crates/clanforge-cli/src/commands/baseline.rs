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
use crate::terminal::streams::{Streams, json_document, json_line};
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge baseline --asid 1234 --image 5678 --output-file before.json
  clanforge baseline --asid 1234 --image 5678 --image 5679 --output-file before.jsonl
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
    let images = arguments.image.images()?;
    let output_file = single("--output-file", &arguments.output_file)?;
    let taken_at = SystemTime::now();
    let mut text = String::new();
    for (image, reading) in arguments.connection.read(&arguments.call, &images, true)? {
        let status = reading.map_err(|error| match images.len() {
            1 => Failure::from(error),
            _ => Failure::from(error).of_image(image),
        })?;
        let baseline = Baseline::new(image, status).with_taken_at(taken_at);
        for warning in baseline.warnings() {
            streams.write_warning((images.len() > 1).then_some(image), &warning);
        }
        text += &match images.len() {
            1 => json_document(&baseline)?,
            _ => json_line(&baseline)?,
        };
    }
    match output_file {
        Some(file) => {
            let refuse = |error: io::Error| Failure::system(format!("write {}", file.display()), &error);
            std::fs::write(file, text).map_err(refuse)?;
        }
        None => streams.write_data(&text)?,
    }
    Ok(ExitCode::Ready)
}
