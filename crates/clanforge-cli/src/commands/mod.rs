//! The commands, a file each: its arguments, its examples and what it does. [`run`] parses the command line and
//! dispatches.

mod baseline;
mod check;
mod completions;
mod demo;
mod man;
mod replay;
mod report;
mod rollout;
mod schema;
mod simulate;
mod status;
mod wait;

use std::ffi::OsString;

use clanforge_simulator::command::SimulateArgs;
use clap::{CommandFactory, Parser, Subcommand};

use crate::failure::Failure;
use crate::options::waiting;
use crate::terminal::log::{self, LogFormat};
use crate::terminal::streams::Streams;
use clanforge::ExitCode;

/// Check whether a game image has reached the machines of a Multiplay Clanforge fleet, and wait until it has.
///
/// Unofficial; not affiliated with Unity or Rocket Science.
#[derive(Parser)]
#[command(name = "clanforge", version, after_help = after_help(), max_term_width = 100)]
struct CommandLine {
    /// Format of the logs on standard error, which `RUST_LOG` turns on
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show how many machines are pending, failed and completed
    #[command(after_help = status::EXAMPLES, args_override_self = true)]
    Status(status::Arguments),
    /// Evaluate a gate against one reading; the exit code is the verdict
    #[command(after_help = check::EXAMPLES, args_override_self = true)]
    Check(check::Arguments),
    /// Wait for the rollout to finish
    #[command(after_help = wait::EXAMPLES, args_override_self = true, mut_args = waiting::with_defaults)]
    Wait(wait::Arguments),
    /// Run the command that starts a rollout, and wait for the rollout to finish
    #[command(after_help = rollout::EXAMPLES, args_override_self = true, mut_args = waiting::with_defaults)]
    Rollout(rollout::Arguments),
    /// Print the status before a rollout, for `wait --since`
    #[command(after_help = baseline::EXAMPLES, args_override_self = true)]
    Baseline(baseline::Arguments),
    /// Evaluate a recorded wait again, with another gate or policy
    #[command(after_help = replay::EXAMPLES, args_override_self = true, mut_args = replay::without_default)]
    Replay(replay::Arguments),
    /// Turn a recorded wait into an HTML page, an SVG chart or Markdown
    #[command(after_help = report::EXAMPLES, args_override_self = true)]
    Report(report::Arguments),
    /// Serve a simulated rollout on a loopback port, to test deploy scripts
    #[command(after_help = simulate::EXAMPLES, args_override_self = true)]
    Simulate(SimulateArgs),
    /// Watch a simulated rollout from start to finish, without an account
    #[command(after_help = demo::EXAMPLES, args_override_self = true)]
    Demo(demo::Arguments),
    /// Print the JSON Schema of a document that the commands read or write
    #[command(after_help = schema::EXAMPLES, args_override_self = true)]
    Schema(schema::Arguments),
    /// Print the completion script for a shell
    #[command(after_help = completions::EXAMPLES, args_override_self = true)]
    Completions(completions::Arguments),
    /// Write the manual pages to a folder
    #[command(hide = true)]
    Man(man::Arguments),
}

/// Parses the arguments, the name of the program first, and runs the command.
pub(crate) fn run(arguments: &[OsString], streams: &mut Streams<'_>) -> Result<ExitCode, Failure> {
    if wants_document(arguments) {
        streams.expect_document();
    }
    let CommandLine { log_format, command } = match CommandLine::try_parse_from(arguments) {
        Ok(parsed) => parsed,
        Err(error) => return streams.write_usage(&error),
    };
    if let Err(problem) = log::start(log_format) {
        streams.write_message(&format!("warning: {problem}\n"));
    }
    match command {
        Command::Status(arguments) => status::run(&arguments, streams),
        Command::Check(arguments) => check::run(&arguments, streams),
        Command::Wait(parsed) => wait::run(&parsed, &arguments[1..], streams),
        Command::Rollout(parsed) => rollout::run(&parsed, &arguments[1..], streams),
        Command::Baseline(arguments) => baseline::run(&arguments, streams),
        Command::Replay(arguments) => replay::run(&arguments, streams),
        Command::Report(arguments) => report::run(&arguments, streams),
        Command::Simulate(arguments) => simulate::run(&arguments, streams),
        Command::Demo(arguments) => demo::run(&arguments, streams),
        Command::Schema(arguments) => schema::run(&arguments, streams),
        Command::Completions(arguments) => completions::run(&arguments, CommandLine::command(), streams),
        Command::Man(arguments) => man::run(&arguments, CommandLine::command()),
    }
}

/// Returns true if the arguments ask for one JSON document, even if they are invalid.
fn wants_document(arguments: &[OsString]) -> bool {
    let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--").collect();
    let mut formats = words.iter().enumerate().filter_map(|(index, word)| match &**word {
        "-o" | "--output" => words.get(index + 1).map(|format| &**format),
        word => {
            word.strip_prefix("--output=").or_else(|| word.strip_prefix("-o").map(|word| word.trim_start_matches('=')))
        }
    });
    formats.next_back() == Some("json")
}

fn after_help() -> String {
    let rows: Vec<_> =
        ExitCode::ALL.into_iter().map(|exit| format!("  {:<4} {}", exit.code(), exit.meaning())).collect();
    format!(
        "Environment:\n  \
           CLANFORGE_ACCESS_KEY, CLANFORGE_SECRET_KEY  access key and secret key, or\n  \
           CLANFORGE_TOKEN                             bearer token\n  \
           CLANFORGE_ACCESS_KEY_FILE, CLANFORGE_SECRET_KEY_FILE, CLANFORGE_TOKEN_FILE\n\
           {:46}files that contain them\n  \
           CLANFORGE_AUTH_SCHEME                       default of --auth-scheme\n  \
           CLANFORGE_ACCOUNT_SERVICE_ID                default of --asid\n  \
           CLANFORGE_BASE_URL                          default of --base-url\n  \
           SSL_CERT_FILE, SSL_CERT_DIR                 default of --ca-file\n  \
           HTTPS_PROXY, HTTP_PROXY, ALL_PROXY          proxies\n  \
           NO_PROXY                                    hosts that are reached without a proxy\n  \
           NO_COLOR                                    no colours, if set\n  \
           RUST_LOG                                    logs, such as debug or clanforge=debug\n\n\
         Exit codes:\n{}",
        "",
        rows.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn the_help_names_the_default_of_the_attempt_timeout_by_the_options_that_the_command_has() {
        for (command, expected) in [
            ("status", "[default: the greater of 20 s and `--timeout` / (`--retries` + 1) of the call]"),
            ("wait", "the last byte of the response [default: 20s]"),
            ("rollout", "the last byte of the response [default: 20s]"),
        ] {
            let help = CommandLine::try_parse_from(["clanforge", command, "--help"]).err().unwrap().to_string();
            let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(expected), "{help}");
        }
    }

    #[test]
    fn replay_shows_no_default_for_what_the_recording_decides() {
        let help =
            |command: &str| CommandLine::try_parse_from(["clanforge", command, "--help"]).err().unwrap().to_string();
        assert!(help("wait").contains("[default: 20m]"), "{}", help("wait"));
        let replay = help("replay");
        assert!(replay.contains("[default: text]"), "{replay}");
        let defaults = replay.matches("[default: ").count();
        assert_eq!(defaults, replay.matches("[default: text]").count(), "{replay}");
    }
}
