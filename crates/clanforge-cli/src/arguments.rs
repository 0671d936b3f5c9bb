//! What can be asked on the command line.

use clanforge_simulator::command::SimulateArgs;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::connection::ConnectionArguments;
use crate::demo::DemoArguments;
use crate::exit::Exit;
use crate::gate_arguments::GateArguments;

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
    #[command(after_help = STATUS_EXAMPLES)]
    Status(StatusArguments),
    /// Ask once whether the image is ready by your own definition; the exit code is the answer
    #[command(after_help = CHECK_EXAMPLES)]
    Check(CheckArguments),
    /// Play the service on a loopback port, to test deploy scripts against
    #[command(after_help = SIMULATE_EXAMPLES)]
    Simulate(SimulateArgs),
    /// Watch a simulated rollout from start to ready: no account needed
    #[command(after_help = DEMO_EXAMPLES)]
    Demo(DemoArguments),
    /// Print the completions of a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArguments),
}

#[derive(Args)]
pub(crate) struct StatusArguments {
    #[command(flatten)]
    pub(crate) connection: ConnectionArguments,

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
    pub(crate) output: OutputArguments,

    #[command(flatten)]
    pub(crate) gate: GateArguments,
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

fn after_help() -> String {
    let rows: Vec<_> = Exit::ALL.into_iter().map(|exit| format!("  {:<4} {}", exit.code(), exit.meaning())).collect();
    format!(
        "Environment:\n  \
           CLANFORGE_ACCESS_KEY, CLANFORGE_SECRET_KEY  credentials for Basic authentication, or\n  \
           CLANFORGE_TOKEN                             a bearer token\n  \
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
previous version's, all completed. Do not send players anywhere on a check alone.";

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
