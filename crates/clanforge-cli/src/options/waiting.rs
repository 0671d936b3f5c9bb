//! The options of `wait` and `rollout`: how to wait, and what to show.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clanforge::monitor::Policy;
use clanforge::{ImageRef, WaitOptions};
use clap::{Arg, Args};

use crate::failure::Failure;
use crate::options::ci::CiOptions;
use crate::options::generated::{ConnectionOptions, GateOptions, PolicyOptions};
use crate::options::help_without_default;
use crate::options::output::{ProgressKind, WaitFormat, WaitOutputOptions};
use crate::options::values::single;
use crate::terminal::ci::Ci;
use crate::terminal::progress::Progress;
use crate::terminal::streams::Streams;

#[derive(Args)]
pub(crate) struct WaitingOptions {
    #[command(flatten)]
    pub(crate) output: WaitOutputOptions,

    /// Append every update to this file, for `clanforge replay` and `clanforge report`
    #[arg(long, value_name = "FILE")]
    record: Vec<PathBuf>,

    /// Write a report to this file when the wait ends: .html, .svg or .md
    #[arg(long, value_name = "FILE")]
    report: Vec<PathBuf>,

    /// Save the wait to this file after every reading, and continue the wait that the file holds
    #[arg(long, value_name = "FILE")]
    state: Vec<PathBuf>,

    /// How to show progress on standard error
    #[arg(long, value_name = "KIND", value_enum, default_value_t = ProgressKind::Auto)]
    progress: ProgressKind,

    #[command(flatten)]
    ci: CiOptions,

    #[command(flatten)]
    gate: GateOptions,

    #[command(flatten)]
    policy: PolicyOptions,

    #[command(flatten)]
    pub(crate) connection: ConnectionOptions,
}

/// The least time between two lines of plain progress, and the longest time without one.
const LINE_GAP: Duration = Duration::from_secs(10);
const HEARTBEAT: Duration = Duration::from_secs(60);

/// Names the default of the attempt timeout, which depends on no other option here: `--timeout` is that of the wait.
pub(crate) fn with_defaults(argument: Arg) -> Arg {
    match argument.get_id() == "attempt_timeout" {
        true => {
            let help = help_without_default(&argument);
            argument.help(format!("{help} [default: 20s]"))
        }
        false => argument,
    }
}

impl WaitingOptions {
    pub(crate) fn policy(&self) -> Policy {
        let mut policy = Policy::default();
        self.policy.apply_to(&mut policy);
        self.gate.apply_to(&mut policy.gate);
        policy
    }

    /// Returns the reporter of the wait to a CI system.
    pub(crate) fn ci(&self) -> Result<Ci, Failure> {
        self.ci.start(self.output.format == WaitFormat::Text)
    }

    /// Returns the options of the wait, whose files must differ from each other and from the one of `--since`.
    pub(crate) fn wait_options(&self, since: Option<&Path>, detail: bool) -> Result<WaitOptions, Failure> {
        let record = single("--record", &self.record)?.cloned();
        let report = single("--report", &self.report)?.cloned();
        let state = single("--state", &self.state)?.cloned();
        let files = [
            ("--since", since),
            ("--record", record.as_deref()),
            ("--report", report.as_deref()),
            ("--state", state.as_deref()),
        ];
        for (index, (option, file)) in files.iter().enumerate() {
            if let Some((other, _)) = files[..index].iter().find(|(_, other)| other.is_some() && other == file) {
                return Err(Failure::usage(format!(
                    "{option} and {other} name the same file: use a different file for each"
                )));
            }
        }
        Ok(WaitOptions { detail, record, report, state, ..WaitOptions::default() })
    }

    /// Returns the progress to show, of each image.
    pub(crate) fn progress(&self, images: &[ImageRef], streams: &Streams<'_>) -> Progress {
        match self.progress {
            // On one terminal a live view and lines of data would overwrite each other.
            ProgressKind::Auto
                if streams.can_redraw_stderr()
                    && !(self.output.format == WaitFormat::Jsonl && streams.stdout_is_terminal()) =>
            {
                Progress::live(images)
            }
            ProgressKind::Tty => Progress::live(images),
            ProgressKind::Auto | ProgressKind::Plain => Progress::plain(images, LINE_GAP, HEARTBEAT),
            ProgressKind::None => Progress::none(),
        }
    }
}
