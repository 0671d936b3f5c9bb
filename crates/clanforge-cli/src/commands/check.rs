//! `clanforge check`

use clanforge::{Gate, Verdict};
use clap::Args;

use crate::failure::Failure;
use crate::options::ci::CiOptions;
use crate::options::generated::{CallOptions, ConnectionOptions, GateOptions};
use crate::options::image::ImageOptions;
use crate::options::output::{Format, OutputOptions};
use crate::reports::status::{ImageVerdict, StatusReport};
use crate::terminal::ci::Ci;
use crate::terminal::streams::Streams;
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge check --asid 1234 --image 5678
  clanforge check --image 5678 --max-failed 5% --min-completed 40
  clanforge check --image 1234/5678 --image 4321/8765
  clanforge check --image 5678 --per region --region Europe --region 'North America'

A single reading cannot tell which version its counts describe: until a rollout starts, they are the
counts of the previous version, all completed. Use wait before you send players to a new version.";

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    image: ImageOptions,

    #[command(flatten)]
    output: OutputOptions,

    #[command(flatten)]
    ci: CiOptions,

    #[command(flatten)]
    call: CallOptions,

    #[command(flatten)]
    gate: GateOptions,

    #[command(flatten)]
    connection: ConnectionOptions,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let mut ci = arguments.ci.start(arguments.output.format == Format::Text)?;
    let ended = check(arguments, &mut ci, streams);
    ci.conclude(ended, streams)
}

fn check(arguments: &Arguments, ci: &mut Ci, streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let images = arguments.image.images()?;
    let mut gate = Gate::default();
    arguments.gate.apply_to(&mut gate);
    let readings = arguments.connection.read(&arguments.call, &images, gate.needs_detail() || ci.wants_detail())?;
    let report = StatusReport::new(readings, Some(&gate))?;
    for (image, ImageVerdict { status, verdict, .. }) in report.found() {
        let verdict = verdict.as_ref();
        let unknown_name = verdict.and_then(|verdict| verdict.unknown_name(status, None));
        for warning in unknown_name.into_iter().chain(verdict.and_then(Verdict::impossible_reason)) {
            streams.write_warning(image, &warning);
        }
    }
    report.tell(ci);
    // Even if the verdict cannot be written, the exit code reports it.
    if let Err(failure) = report.write(arguments.output.format, streams) {
        streams.fail(&failure);
    }
    Ok(report.exit_code())
}
