//! `clanforge wait`

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clanforge::monitor::{Baseline, Monitor, Policy};
use clanforge_simulator::text_file;
use clap::Args;

use crate::failure::Failure;
use crate::options::generated::{ConnectionOptions, GateOptions, PolicyOptions};
use crate::options::image::ImageOptions;
use crate::options::output::{ProgressKind, WaitFormat, WaitOutputOptions};
use crate::options::values::single;
use crate::runtime::block_on;
use crate::terminal::progress::Progress;
use crate::terminal::streams::Streams;
use crate::wait_session::WaitSession;
use clanforge::ExitCode;

pub(super) const EXAMPLES: &str = "Examples:
  clanforge wait --image 5678 --since before.json && ./switch-players-over
  clanforge wait --image 5678 --since before.json --max-failed 5% --timeout 30m
  clanforge wait --image 5678 --require-fresh -o jsonl

Without a baseline, and unless the wait sees the rollout start, the wait assumes that the counts are
those of the new version, and the outcome says so. With --require-fresh it never assumes.";

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    image: ImageOptions,

    /// Baseline that `clanforge baseline` wrote before the rollout
    #[arg(long, value_name = "FILE")]
    since: Vec<PathBuf>,

    #[command(flatten)]
    output: WaitOutputOptions,

    /// Append every reading to this file, for `clanforge replay`
    #[arg(long, value_name = "FILE")]
    record: Vec<PathBuf>,

    /// How to show progress on standard error
    #[arg(long, value_name = "KIND", value_enum, default_value_t = ProgressKind::Auto)]
    progress: ProgressKind,

    #[command(flatten)]
    gate: GateOptions,

    #[command(flatten)]
    policy: PolicyOptions,

    #[command(flatten)]
    connection: ConnectionOptions,
}

/// The least time between two lines of plain progress, and the longest time without one.
const LINE_GAP: Duration = Duration::from_secs(10);
const HEARTBEAT: Duration = Duration::from_secs(60);

/// Runs the command; `typed` is the command line without the name of the program, for the command that resumes the wait.
pub(super) fn run(arguments: &Arguments, typed: &[OsString], streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    let image = arguments.image.image()?;
    let mut policy = Policy::default();
    arguments.policy.apply_to(&mut policy);
    arguments.gate.apply_to(&mut policy.gate);
    let since = single("--since", &arguments.since)?;
    let record = single("--record", &arguments.record)?;
    let baseline = since.map(|file| read_baseline(file)).transpose()?;
    let client = arguments.connection.client()?;
    // Refuses an invalid policy, or the baseline of another image, before anything is written.
    Monitor::new(image, policy.clone(), baseline.as_ref()).map_err(Failure::usage)?;
    if record.is_some() && record == since {
        return Err(Failure::usage("--record and --since name the same file: recording would overwrite the baseline"));
    }
    let format = arguments.output.format;
    let progress = match arguments.progress {
        // On one terminal a live view and lines of data would overwrite each other.
        ProgressKind::Auto
            if streams.can_redraw_stderr() && !(format == WaitFormat::Jsonl && streams.stdout_is_terminal()) =>
        {
            Progress::live(image)
        }
        ProgressKind::Tty => Progress::live(image),
        ProgressKind::Auto | ProgressKind::Plain => Progress::plain(LINE_GAP, HEARTBEAT),
        ProgressKind::None => Progress::none(),
    };
    let call = client.wait(image).policy(policy).detail(progress.wants_detail());
    let call = match baseline {
        Some(baseline) => call.baseline(baseline),
        None => call,
    };
    let call = match record {
        Some(file) => call.record(file),
        None => call,
    };
    let mut session = WaitSession::new(format, progress)?;
    let exit = block_on(session.run(call, streams)).unwrap_or_else(|failure| streams.fail(&failure));
    if matches!(exit, ExitCode::HungUp | ExitCode::Interrupted | ExitCode::Terminated) {
        streams.write_message(&format!("{}: stopped waiting; the rollout continues\n", exit.meaning()));
    }
    // Everything but a verdict, or options that are wrong, leaves the rollout undecided.
    if !matches!(exit, ExitCode::Ready | ExitCode::Failed | ExitCode::Usage) {
        streams.write_message(&format!("resume with: {}\n", resume_command(typed, session.saw_start())));
    }
    Ok(exit)
}

/// Reads the file of `--since`.
fn read_baseline(file: &Path) -> Result<Baseline, Failure> {
    let name = file.display();
    let text = text_file::read(file).map_err(|error| Failure::usage(format!("could not read {name}: {error}")))?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::usage(format!(
            "{name} is not a baseline: {error}; create one with `clanforge baseline --output-file {name}`"
        ))
    })
}

/// Returns the command that continues this wait, quoted for a shell.
fn resume_command(typed: &[OsString], saw_start: bool) -> String {
    let is_plain = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:=%,+@".contains(&byte))
    };
    let started = (saw_start && !typed.iter().any(|word| word == "--started")).then(|| "--started".into());
    let words = typed.iter().map(|word| word.to_string_lossy()).chain(started).map(|word| match is_plain(&word) {
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
        assert_eq!(resume_command(&typed, false), command);
    }

    #[test]
    fn the_resume_command_says_once_that_the_rollout_has_started() {
        let typed = ["wait", "--image", "5"].map(OsString::from);
        assert_eq!(resume_command(&typed, true), "clanforge wait --image 5 --started");
        let typed = ["wait", "--started", "--image", "5"].map(OsString::from);
        assert_eq!(resume_command(&typed, true), "clanforge wait --started --image 5");
    }
}
