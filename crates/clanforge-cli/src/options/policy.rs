//! How long a wait lasts, and what it believes.

use std::time::Duration;

use clanforge::core::Percentage;
use clanforge::monitor::Policy;
use clap::Args;
use humantime::{format_duration, parse_duration};

/// Options that are absent leave the policy as it is.
#[derive(Args)]
#[command(next_help_heading = "Policy: how long to wait, and what to believe")]
pub(crate) struct PolicyOptions {
    /// Maximum time to wait, or `none` for no limit
    #[arg(long, value_name = "DURATION", value_parser = parse_timeout, default_value = timeout_text(Policy::default().timeout))]
    timeout: Option<Timeout>,

    /// Maximum time without progress
    #[arg(long, value_name = "DURATION", value_parser = parse_duration,
          default_value = duration_text(Policy::default().stall_timeout))]
    stall_timeout: Option<Duration>,

    #[arg(long, value_name = "DURATION", value_parser = parse_duration, help = start_grace_help())]
    start_grace: Option<Duration>,

    /// Share of the machines that must be seen to leave the completed state, together or in stages
    #[arg(long, value_name = "N%", default_value = Policy::default().evidence.to_string())]
    evidence: Option<Percentage>,

    /// Time for which nothing is final after machines left the completed state, since a response may be stale
    #[arg(long, value_name = "DURATION", value_parser = parse_duration,
          default_value = duration_text(Policy::default().settle))]
    settle: Option<Duration>,

    /// Never report ready without that proof
    #[arg(long)]
    require_fresh: bool,

    /// Continue a wait that has seen the rollout start
    #[arg(long)]
    started: bool,

    /// Number of consecutive readings that must agree on ready or failed
    #[arg(long, value_name = "N", default_value = Policy::default().confirmations.to_string())]
    confirmations: Option<u32>,

    /// Maximum time without a successful reading
    #[arg(long, value_name = "DURATION", value_parser = parse_duration,
          default_value = duration_text(Policy::default().max_unreachable))]
    max_unreachable: Option<Duration>,

    /// Keep waiting for the other machines after too many have failed
    #[arg(long)]
    no_fail_fast: bool,

    /// Minimum poll interval
    #[arg(long, value_name = "DURATION", value_parser = parse_duration,
          default_value = duration_text(Policy::default().min_interval))]
    min_interval: Option<Duration>,

    /// Maximum poll interval
    #[arg(long, value_name = "DURATION", value_parser = parse_duration,
          default_value = duration_text(Policy::default().max_interval))]
    max_interval: Option<Duration>,
}

/// A timeout, or `none`.
#[derive(Clone, Copy)]
struct Timeout(Option<Duration>);

impl PolicyOptions {
    /// Returns a policy changed by the options that are present. They do not concern its gate.
    pub(crate) fn apply_to(&self, mut policy: Policy) -> Policy {
        policy.timeout = self.timeout.map_or(policy.timeout, |Timeout(timeout)| timeout);
        policy.stall_timeout = self.stall_timeout.unwrap_or(policy.stall_timeout);
        policy.start_grace = self.start_grace.or(policy.start_grace);
        policy.evidence = self.evidence.unwrap_or(policy.evidence);
        policy.settle = self.settle.unwrap_or(policy.settle);
        policy.require_fresh |= self.require_fresh;
        policy.started |= self.started;
        policy.confirmations = self.confirmations.unwrap_or(policy.confirmations);
        policy.max_unreachable = self.max_unreachable.unwrap_or(policy.max_unreachable);
        policy.fail_fast &= !self.no_fail_fast;
        policy.min_interval = self.min_interval.unwrap_or(policy.min_interval);
        policy.max_interval = self.max_interval.unwrap_or(policy.max_interval);
        policy
    }
}

fn parse_timeout(text: &str) -> Result<Timeout, humantime::DurationError> {
    match text {
        "none" => Ok(Timeout(None)),
        text => parse_duration(text).map(|timeout| Timeout(Some(timeout))),
    }
}

fn timeout_text(timeout: Option<Duration>) -> String {
    timeout.map_or("none".to_owned(), duration_text)
}

/// Returns a duration as it is typed.
fn duration_text(duration: Duration) -> String {
    format_duration(duration).to_string()
}

/// The help of `--start-grace`, without the default, which depends on the baseline.
pub(crate) const START_GRACE_HELP: &str =
    "Maximum time until the rollout is seen to start, or a further stage of it, after the last activity";

fn start_grace_help() -> String {
    let default = |has_baseline| duration_text(Policy::default().start_grace(has_baseline));
    let (with, without) = (default(true), default(false));
    format!("{START_GRACE_HELP} [default: {with} with a baseline, {without} without, at most half of the timeout]")
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[derive(Parser)]
    struct CommandLine {
        #[command(flatten)]
        policy: PolicyOptions,
    }

    fn policy(arguments: &str) -> Policy {
        let arguments = ["wait"].into_iter().chain(arguments.split_whitespace());
        CommandLine::parse_from(arguments).policy.apply_to(Policy::default())
    }

    #[test]
    fn defaults_are_those_of_the_policy() {
        // What clap shows as the default is also what it parses where the option is absent.
        for argument in CommandLine::command().get_arguments().filter(|argument| argument.get_action().takes_values()) {
            let has_default = !argument.get_default_values().is_empty();
            assert!(has_default || argument.get_id() == "start_grace", "{} shows no default", argument.get_id());
        }
        assert_eq!(policy(""), Policy::default());
    }

    #[test]
    fn every_option_changes_the_policy() {
        let typed = policy(
            "--timeout none --stall-timeout 7m --start-grace 3m --evidence 30% --settle 30s --require-fresh --started \
             --confirmations 5 --max-unreachable 8m --no-fail-fast --min-interval 500ms --max-interval 1m",
        );
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        assert_eq!((typed.timeout, typed.stall_timeout, typed.start_grace), (None, minutes(7), Some(minutes(3))));
        assert_eq!((typed.evidence.to_string().as_str(), typed.confirmations), ("30%", 5));
        assert_eq!((typed.max_unreachable, typed.max_interval), (minutes(8), minutes(1)));
        assert_eq!((typed.settle, typed.min_interval), (Duration::from_secs(30), Duration::from_millis(500)));
        assert!(typed.require_fresh && typed.started && !typed.fail_fast);
    }
}
