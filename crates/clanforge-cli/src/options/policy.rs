//! What a wait allows, typed.

use std::time::Duration;

use clanforge::core::Percentage;
use clanforge::monitor::Policy;
use clap::Args;

/// What is left out is as the policy that it is applied to has it.
#[derive(Args)]
#[command(next_help_heading = "Policy: how long to wait, and what to believe")]
pub(crate) struct PolicyArguments {
    /// How long to wait, all in all; none for as long as it takes [default: 60m]
    #[arg(long, value_name = "DURATION", value_parser = parse_timeout)]
    timeout: Option<Timeout>,

    /// How long there may be no progress [default: 20m]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    stall_timeout: Option<Duration>,

    /// How long it may take until the counts are seen to be the new version's [default: 10m with a baseline, else 1m]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    start_grace: Option<Duration>,

    /// The share of the machines that must be seen not yet completed, to prove that the rollout has started [default: 50%]
    #[arg(long, value_name = "N%")]
    evidence: Option<Percentage>,

    /// Never pass without that proof
    #[arg(long)]
    require_fresh: bool,

    /// The rollout was seen to start by a wait that this one continues
    #[arg(long)]
    started: bool,

    /// How many consecutive readings must agree before ready or failed is believed [default: 2]
    #[arg(long, value_name = "N")]
    confirmations: Option<u32>,

    /// How long readings may fail one after another [default: 5m]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    max_unreachable: Option<Duration>,

    /// Wait for the other machines also when too many have failed
    #[arg(long)]
    no_fail_fast: bool,

    /// The shortest pause between readings [default: 2s]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    min_interval: Option<Duration>,

    /// The longest pause between readings [default: 30s]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    max_interval: Option<Duration>,
}

/// A timeout, or none by name.
#[derive(Clone, Copy)]
struct Timeout(Option<Duration>);

impl PolicyArguments {
    /// Returns a policy with what was typed, its gate aside.
    pub(crate) fn apply_to(&self, mut policy: Policy) -> Policy {
        policy.timeout = self.timeout.map_or(policy.timeout, |Timeout(timeout)| timeout);
        policy.stall_timeout = self.stall_timeout.unwrap_or(policy.stall_timeout);
        policy.start_grace = self.start_grace.or(policy.start_grace);
        policy.evidence = self.evidence.unwrap_or(policy.evidence);
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
        text => humantime::parse_duration(text).map(|timeout| Timeout(Some(timeout))),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Typed {
        #[command(flatten)]
        policy: PolicyArguments,
    }

    fn policy(arguments: &str) -> Policy {
        Typed::parse_from(["wait"].into_iter().chain(arguments.split_whitespace())).policy.apply_to(Policy::default())
    }

    #[test]
    fn what_is_not_typed_is_at_the_default() {
        assert_eq!(policy(""), Policy::default());
    }

    #[test]
    fn what_is_typed_is_taken() {
        let typed = policy(
            "--timeout none --stall-timeout 7m --start-grace 3m --evidence 30% --require-fresh --started \
             --confirmations 5 --max-unreachable 8m --no-fail-fast --min-interval 500ms --max-interval 1m",
        );
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        assert_eq!((typed.timeout, typed.stall_timeout, typed.start_grace), (None, minutes(7), Some(minutes(3))));
        assert_eq!((typed.evidence.to_string().as_str(), typed.confirmations), ("30%", 5));
        assert_eq!((typed.max_unreachable, typed.max_interval), (minutes(8), minutes(1)));
        assert_eq!(typed.min_interval, Duration::from_millis(500));
        assert!(typed.require_fresh && typed.started && !typed.fail_fast);
    }
}
