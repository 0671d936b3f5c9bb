//! `clanforge rollout`

use std::ffi::OsString;
use std::fmt;

use clanforge::core::documents::RolloutDocument;
use clanforge::monitor::{CombinedOutcome, ImageOutcome};
use clanforge::{ExitCode, ImageRef};
use clap::Args;

use crate::deploy_command;
use crate::failure::Failure;
use crate::options::image::ImageOptions;
use crate::options::output::WaitFormat;
use crate::options::waiting::WaitingOptions;
use crate::runtime::block_on;
use crate::terminal::ci::Ci;
use crate::terminal::streams::Streams;
use crate::wait_session::WaitSession;

use super::wait::{conclude, resume_command};

pub(super) const EXAMPLES: &str = "Examples:
  clanforge rollout --asid 1234 --image 5678 -- ./start-the-rollout && ./switch-players-over
  clanforge rollout --image 5678 --image 5679 --max-failed 5% -- ./start-the-rollout 1.2.3
  clanforge rollout --image 5678 --state rollout.json -- ./start-the-rollout

Reads the baseline of each image, runs the command that starts the rollout, and waits until all
images are ready. The command inherits the standard streams, and receives each signal once. If it
fails, there is no wait, and the exit code is 7.

With --state a rollout survives its process: the same command continues it, and never runs the
command after -- again. Use a separate file for each rollout.";

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    image: ImageOptions,

    /// Start even if at least half of the machines of an image are pending, as during another rollout
    #[arg(long)]
    allow_busy: bool,

    /// Wait even if the state says that the command failed, or that its result is unknown
    #[arg(long, requires = "state")]
    assume_deployed: bool,

    #[command(flatten)]
    waiting: WaitingOptions,

    /// Command that starts the rollout, with its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command; `typed` is the command line without the name of the program, for the command that resumes it.
pub(super) fn run(arguments: &Arguments, typed: &[OsString], streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let mut ci = arguments.waiting.ci()?;
    let ended = rollout(arguments, typed, &mut ci, streams);
    ci.conclude(ended, streams)
}

fn rollout(
    arguments: &Arguments,
    typed: &[OsString],
    ci: &mut Ci,
    streams: &mut Streams<'_>,
) -> Result<ExitCode, Failure> {
    let images = arguments.image.images()?;
    let waiting = &arguments.waiting;
    let policy = waiting.policy();
    let progress = waiting.progress(&images, streams);
    let detail = progress.wants_detail() || ci.wants_detail();
    let options = waiting.wait_options(None, detail)?;
    let has_state = options.state.is_some();
    let advice = match has_state {
        true => "",
        false => {
            "this command would start the rollout again: to wait for it, run clanforge wait; with --state FILE from the \
                  beginning, the same command continues a rollout\n"
        }
    };
    let call = waiting.connection.client()?.rollout(images.clone()).policy(policy).options(options);
    let call = call.allow_busy(arguments.allow_busy).assume_deployed(arguments.assume_deployed);
    let not_run = |failure: Failure| match failure.with_flags() {
        // This error is about the state of an earlier run, whose command was run.
        failure if failure.exit == ExitCode::DeployFailed => failure,
        failure => failure.followed_by("the command was not run"),
    };
    let rollout = block_on(async { Ok(call.begin().await?) }).map_err(not_run)?;
    if !rollout.is_deployed() {
        for baseline in rollout.baselines() {
            for warning in baseline.warnings() {
                streams.write_warning(Some(baseline.image()), &warning);
            }
        }
        rollout.starting().map_err(|error| not_run(error.into()))?;
        let (ended, signal) = deploy_command::run(&arguments.command);
        if let Err(failed) = rollout.ended(if ended.is_success() { Ok(()) } else { Err(&ended) }) {
            let message = format!("{}: {failed}; not waiting for the rollout", Program(&arguments.command));
            ci.failed(&message);
            streams.write_error(&Failure::deploy(&message));
            let exit = signal.unwrap_or(ExitCode::DeployFailed);
            let document = RolloutDocument::failed(undecided(&images), exit, failed.code());
            match waiting.output.format {
                WaitFormat::Text => {}
                WaitFormat::Json => streams.write_json(&document)?,
                WaitFormat::Jsonl => streams.write_json_line(&document)?,
            }
            return Ok(exit);
        }
        if let Some(exit) = signal {
            streams.write_message(&format!("{}: the rollout has started, and continues\n", exit.meaning()));
            streams.write_message(advice);
            return Ok(exit);
        }
    }
    let mut session = WaitSession::new(waiting.output.format, progress, ci)?.combined();
    let exit = block_on(session.run(rollout.wait(), streams))
        .unwrap_or_else(|failure| session.fail(&failure.followed_by("the rollout was started"), streams));
    // Without a state the same command would start the rollout again.
    let resume = has_state.then(|| resume_command(typed));
    conclude(exit, &session, resume.as_deref(), true, streams);
    // An outcome already implies that the rollout was started.
    if !matches!(exit, ExitCode::Ready | ExitCode::NotReady)
        && session.outcomes().iter().all(|kind| kind.exit_code() != exit)
    {
        streams.write_message("the rollout was started\n");
        streams.write_message(advice);
    }
    Ok(exit)
}

fn undecided(images: &[ImageRef]) -> CombinedOutcome {
    CombinedOutcome::new(images.iter().copied().map(ImageOutcome::undecided).collect())
}

/// The program of a command, without its arguments, which may be secret.
struct Program<'a>(&'a [OsString]);

impl fmt::Display for Program<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.first().map(|program| program.to_string_lossy()).unwrap_or_default())
    }
}
