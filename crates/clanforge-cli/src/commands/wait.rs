//! `clanforge wait`

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clanforge::monitor::{Baseline, Monitor, OutcomeKind};
use clanforge::{ImageRef, WaitOptions};
use clanforge_simulator::text_file;
use clap::Args;

use crate::failure::Failure;
use crate::options::image::ImageOptions;
use crate::options::values::single;
use crate::options::waiting::WaitingOptions;
use crate::runtime::block_on;
use crate::terminal::ci::Ci;
use crate::terminal::streams::Streams;
use crate::wait_session::WaitSession;
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge wait --image 5678 --since before.json && ./switch-players-over
  clanforge wait --image 5678 --since before.json --max-failed 5% --timeout 30m
  clanforge wait --image 5678 --image 5679 --since before.jsonl
  clanforge wait --image 5678 --require-fresh -o jsonl
  clanforge wait --image 5678 --since before.json --state wait.json
  clanforge wait --image 5678 --since before.json --state wait.json --once -o json

Without a baseline, and unless the wait sees the rollout start, the wait assumes that the counts are
those of the new version, and the outcome says so. With --require-fresh it never assumes.

With --state a wait survives its process: the same command continues it, on any machine that has the
file. Use a separate file for each rollout. With --once a scheduler runs the command again for each
reading, after next_reading_seconds, for as long as it exits with code 8.";

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    image: ImageOptions,

    /// Baseline that `clanforge baseline` wrote before the rollout
    #[arg(long, value_name = "FILE")]
    since: Vec<PathBuf>,

    /// Sleep until the next reading is due, take it, and exit; the exit code is 8 if the wait has not ended
    #[arg(long, requires = "state")]
    once: bool,

    #[command(flatten)]
    waiting: WaitingOptions,
}

/// Runs the command; `typed` is the command line without the name of the program, for the command that resumes the wait.
pub(super) fn run(arguments: &Arguments, typed: &[OsString], streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let mut ci = arguments.waiting.ci()?;
    let ended = wait(arguments, typed, &mut ci, streams);
    ci.conclude(ended, streams)
}

fn wait(
    arguments: &Arguments,
    typed: &[OsString],
    ci: &mut Ci,
    streams: &mut Streams<'_>,
) -> Result<ExitCode, Failure> {
    let images = arguments.image.images()?;
    let waiting = &arguments.waiting;
    let policy = waiting.policy();
    let since = single("--since", &arguments.since)?.map(PathBuf::as_path);
    let baselines = since.map_or_else(|| Ok(Vec::new()), |file| read_baselines(file, &images))?;
    let client = waiting.connection.client()?;
    // Refuses an invalid policy, or the baseline of another image, before anything is written.
    for (index, image) in images.iter().enumerate() {
        Monitor::new(*image, policy.clone(), baselines.get(index)).map_err(Failure::usage)?;
    }
    let progress = waiting.progress(&images, streams);
    let detail = progress.wants_detail() || ci.wants_detail();
    let options = WaitOptions { once: arguments.once, ..waiting.wait_options(since, detail)? };
    let has_state = options.state.is_some();
    let call = client.wait_all(images.clone()).policy(policy).options(options).baselines(baselines);
    let mut session = WaitSession::new(waiting.output.format, progress, ci)?;
    let exit = block_on(session.run(call, streams)).unwrap_or_else(|failure| session.fail(&failure, streams));
    conclude(exit, &session, Some(&resume_command(typed)), has_state, streams);
    Ok(exit)
}

/// Says that the rollout continues after a signal. Prints the command that resumes the wait, if there is one, and if the wait
/// ended neither as ready or failed nor because of wrong options.
pub(super) fn conclude(
    exit: ExitCode,
    session: &WaitSession<'_>,
    command: Option<&str>,
    has_state: bool,
    streams: &mut Streams<'_>,
) {
    if matches!(exit, ExitCode::HungUp | ExitCode::Interrupted | ExitCode::Terminated) {
        streams.write_message(&format!("{}: stopped waiting; the rollout continues\n", exit.meaning()));
    }
    // Ready and failed are final, wrong options must be corrected first, and a wait that is not ready yet says itself when to read
    // next.
    if matches!(exit, ExitCode::Ready | ExitCode::Failed | ExitCode::Usage | ExitCode::NotReady) {
        return;
    }
    let Some(command) = command else { return };
    if session.saw_start() && !has_state {
        streams.write_message("without --state, the next wait does not know that this one saw the rollout start\n");
    }
    // The state has the outcome, which stays unless the wait gets more time.
    let deadline = session.outcomes().iter().copied().find_map(deadline_option).filter(|_| has_state);
    let change = deadline.map_or_else(String::new, |option| format!(" a longer {option}"));
    streams.write_message(&format!("resume with{change}: {command}\n"));
}

/// Returns the option for the deadline that ended a wait.
const fn deadline_option(kind: OutcomeKind) -> Option<&'static str> {
    match kind {
        OutcomeKind::TimedOut => Some("--timeout"),
        OutcomeKind::Stalled => Some("--stall-timeout"),
        OutcomeKind::NotStarted => Some("--start-grace"),
        OutcomeKind::Unreachable => Some("--max-unreachable"),
        _ => None,
    }
}

/// Reads the file of `--since`, and returns the baseline of each image.
fn read_baselines(file: &Path, images: &[ImageRef]) -> Result<Vec<Baseline>, Failure> {
    let name = file.display();
    let text = text_file::read(file).map_err(|error| Failure::usage(format!("could not read {name}: {error}")))?;
    let parsed = match text.trim() {
        "" => serde_json::from_str(&text).map(|baseline| vec![baseline]),
        text => serde_json::Deserializer::from_str(text).into_iter().collect(),
    };
    let baselines: Vec<Baseline> = parsed.map_err(|error| {
        Failure::usage(format!(
            "{name} is not a baseline: {error}; create one with `clanforge baseline --output-file before.json`"
        ))
    })?;
    if let ([_], [_]) = (images, &baselines[..]) {
        return Ok(baselines);
    }
    let of_image = |image: &ImageRef| {
        let baseline = baselines.iter().find(|baseline| baseline.image() == *image).cloned();
        baseline.ok_or_else(|| Failure::usage(format!("{name} has no baseline of {image}")))
    };
    images.iter().map(of_image).collect()
}

/// Returns the command that continues this wait, quoted for a shell.
pub(super) fn resume_command(typed: &[OsString]) -> String {
    let is_plain = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:=%,+@".contains(&byte))
    };
    let words = typed.iter().map(|word| word.to_string_lossy()).map(|word| match is_plain(&word) {
        true => word.into_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    });
    ["clanforge".to_owned()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resume_command_is_quoted_for_a_shell() {
        let typed = ["wait", "--image", "5", "--region", "North America", "--region", "it's"].map(OsString::from);
        let command = r"clanforge wait --image 5 --region 'North America' --region 'it'\''s'";
        assert_eq!(resume_command(&typed), command);
    }
}
