//! What can be asked on the command line.

pub(crate) mod baseline;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod replay;
pub(crate) mod simulate;
pub(crate) mod status;
pub(crate) mod wait;

use std::path::PathBuf;

use clanforge_simulator::command::SimulateArgs;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::commands::demo::DemoArguments;
use crate::exit::Exit;
use crate::options::connection::{CallArguments, ConnectionArguments};
use crate::options::gate::GateArguments;
use crate::options::policy::PolicyArguments;

/// Tells whether a game image has reached the machines of a Multiplay Clanforge fleet.
///
/// Unofficial; not affiliated with Unity or Rocket Science.
#[derive(Parser)]
#[command(name = "clanforge", version, after_help = after_help(), max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Look once: how many machines are pending, failed and completed
    #[command(after_help = STATUS_EXAMPLES, args_override_self = true)]
    Status(StatusArguments),
    /// Ask once whether the image is ready by your own definition; the exit code is the answer
    #[command(after_help = CHECK_EXAMPLES, args_override_self = true)]
    Check(CheckArguments),
    /// Wait until the image is ready, has failed, or is not worth waiting for any longer
    #[command(after_help = WAIT_EXAMPLES, args_override_self = true)]
    Wait(WaitArguments),
    /// Print the status before a rollout is started, to wait for the rollout by it
    #[command(after_help = BASELINE_EXAMPLES, args_override_self = true)]
    Baseline(BaselineArguments),
    /// Decide a recorded wait again, by another gate or policy
    #[command(after_help = REPLAY_EXAMPLES, args_override_self = true)]
    Replay(ReplayArguments),
    /// Play the service on a loopback port, to test deploy scripts against
    #[command(after_help = SIMULATE_EXAMPLES, args_override_self = true)]
    Simulate(SimulateArgs),
    /// Watch a simulated rollout from start to ready: no account needed
    #[command(after_help = DEMO_EXAMPLES, args_override_self = true)]
    Demo(DemoArguments),
    /// Print the completions of a shell
    #[command(after_help = COMPLETIONS_EXAMPLES, args_override_self = true)]
    Completions(CompletionsArguments),
}

#[derive(Args)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    pub(crate) connection: ConnectionArguments,

    #[command(flatten)]
    pub(crate) call: CallArguments,

    /// Show each fleet and region as well
    #[arg(long)]
    pub(crate) detail: bool,

    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

#[derive(Args)]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) connection: ConnectionArguments,

    #[command(flatten)]
    pub(crate) call: CallArguments,

    #[command(flatten)]
    pub(crate) output: OutputArguments,

    #[command(flatten)]
    pub(crate) gate: GateArguments,
}

#[derive(Args)]
pub(crate) struct WaitArguments {
    #[command(flatten)]
    pub(crate) connection: ConnectionArguments,

    /// The file that `clanforge baseline` wrote before the rollout was started
    #[arg(long, value_name = "FILE")]
    pub(crate) since: Option<PathBuf>,

    /// How the outcome, or every update, is written to standard output
    #[arg(short = 'o', long = "output", value_name = "FORMAT", value_enum, default_value_t = WaitFormat::Text)]
    pub(crate) format: WaitFormat,

    /// Add every reading to this file, for `clanforge replay`
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,

    /// How the waiting is shown on standard error
    #[arg(long, value_name = "KIND", value_enum, default_value_t = ProgressKind::Auto)]
    pub(crate) progress: ProgressKind,

    #[command(flatten)]
    pub(crate) gate: GateArguments,

    #[command(flatten)]
    pub(crate) policy: PolicyArguments,
}

#[derive(Args)]
pub(crate) struct ReplayArguments {
    /// The file that `clanforge wait --record` wrote
    pub(crate) file: PathBuf,

    /// How the outcome, or every update, is written to standard output
    #[arg(short = 'o', long = "output", value_name = "FORMAT", value_enum, default_value_t = WaitFormat::Text)]
    pub(crate) format: WaitFormat,

    #[command(flatten)]
    pub(crate) gate: GateArguments,

    #[command(flatten)]
    pub(crate) policy: PolicyArguments,
}

#[derive(Args)]
pub(crate) struct BaselineArguments {
    #[command(flatten)]
    pub(crate) connection: ConnectionArguments,

    #[command(flatten)]
    pub(crate) call: CallArguments,
}

#[derive(Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    pub(crate) shell: Shell,
}

#[derive(Args)]
pub(crate) struct OutputArguments {
    /// How the answer is written to standard output
    #[arg(short = 'o', long = "output", value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WaitFormat {
    /// The outcome in a sentence
    Text,
    /// The outcome as one JSON document
    Json,
    /// Every update as a line of JSON, the outcome last
    Jsonl,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressKind {
    /// A picture on a terminal, lines elsewhere
    Auto,
    /// A picture that is drawn anew
    Tty,
    /// A line when something changed, and a sign of life each minute
    Plain,
    /// Nothing
    None,
}

fn after_help() -> String {
    let rows: Vec<_> = Exit::ALL.into_iter().map(|exit| format!("  {:<4} {}", exit.code(), exit.meaning())).collect();
    format!(
        "Environment:\n  \
           CLANFORGE_ACCESS_KEY, CLANFORGE_SECRET_KEY  credentials, or\n  \
           CLANFORGE_TOKEN                             a bearer token\n  \
           CLANFORGE_AUTH_SCHEME                       what --auth-scheme is where it is left out\n  \
           CLANFORGE_ACCOUNT_SERVICE_ID                what --asid is where it is left out\n  \
           CLANFORGE_BASE_URL                          what --base-url is where it is left out\n  \
           HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR, NO_COLOR, RUST_LOG\n\n\
         Exit codes:\n{}",
        rows.join("\n")
    )
}

const STATUS_EXAMPLES: &str = "Examples:
  clanforge status --asid 1234 --image 5678
  clanforge status --asid 1234 --image 5678 --detail
  clanforge status --image 5678 -o json | jq .summary.percent_complete";

const CHECK_EXAMPLES: &str = "Examples:
  clanforge check --asid 1234 --image 5678
  clanforge check --image 5678 --max-failed 5% --min-completed 40
  clanforge check --image 5678 --per region --region Europe --region 'North America'

One reading cannot tell which version its counts speak of: until a rollout has started they are the
previous version's, all completed. Do not send players anywhere on a check alone: use wait.";

const WAIT_EXAMPLES: &str = "Examples:
  clanforge wait --image 5678 --since before.json && ./switch-players-over
  clanforge wait --image 5678 --since before.json --max-failed 5% --timeout 30m
  clanforge wait --image 5678 --require-fresh -o jsonl

Without a baseline it can only be assumed that the counts are the new version's, unless the rollout
was seen to start; the outcome says so. With --require-fresh an assumption never passes.";

const BASELINE_EXAMPLES: &str = "Examples:
  clanforge baseline --asid 1234 --image 5678 > before.json";

const REPLAY_EXAMPLES: &str = "Examples:
  clanforge replay wait.jsonl
  clanforge replay wait.jsonl --max-failed 5% --confirmations 3

What is left out is as it was when the wait was recorded. Where the recording ends before the wait
does, the exit code is 8.";

const SIMULATE_EXAMPLES: &str = "Examples:
  clanforge simulate --list
  clanforge simulate --scenario stragglers --speed 60
  clanforge simulate --scenario ./my-outage.toml --port 8080

The URL is the one line on standard output. The rollout's clock starts with the first request.";

const DEMO_EXAMPLES: &str = "Examples:
  clanforge demo
  clanforge demo --scenario failures-stay";

const COMPLETIONS_EXAMPLES: &str = "Examples:
  clanforge completions bash > ~/.local/share/bash-completion/completions/clanforge
  clanforge completions zsh > ~/.zfunc/_clanforge
  clanforge completions fish > ~/.config/fish/completions/clanforge.fish";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        super::Arguments::command().debug_assert();
    }
}
