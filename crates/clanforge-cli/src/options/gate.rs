//! When the image counts as ready.

use clanforge::{Gate, Limit, Per};
use clap::Args;
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};

/// Options that are absent leave the gate as it is.
#[derive(Args)]
#[command(next_help_heading = "Gate: when the image counts as ready")]
pub(crate) struct GateOptions {
    /// Maximum pending machines: a number, or a percentage of the machines in the scope
    #[arg(long, value_name = "N|N%", allow_negative_numbers = true, default_value = Gate::default().max_pending.to_string())]
    max_pending: Option<Limit>,

    /// Maximum failed machines: a number, or a percentage of the machines in the scope
    #[arg(long, value_name = "N|N%", allow_negative_numbers = true, default_value = Gate::default().max_failed.to_string())]
    max_failed: Option<Limit>,

    /// Minimum completed machines; 0 accepts an image without machines
    #[arg(long, value_name = "N", default_value = Gate::default().min_completed.to_string())]
    min_completed: Option<u64>,

    /// Scope that the limits apply to
    #[arg(long, value_name = "SCOPE", value_parser = scopes(), default_value = Gate::default().per.as_str())]
    per: Option<Per>,

    /// Evaluate only this fleet, by ID; repeatable
    #[arg(long = "fleet", value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    fleets: Vec<String>,

    /// Evaluate only this region, by ID or name; repeatable
    #[arg(long = "region", value_name = "ID|NAME", value_parser = NonEmptyStringValueParser::new())]
    regions: Vec<String>,
}

fn scopes() -> impl TypedValueParser<Value = Per> {
    let names = [Per::Total, Per::Fleet, Per::Region].map(Per::as_str);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Per>())
}

impl GateOptions {
    /// Returns a gate changed by the options that are present.
    pub(crate) fn apply_to(&self, mut gate: Gate) -> Gate {
        gate.max_pending = self.max_pending.unwrap_or(gate.max_pending);
        gate.max_failed = self.max_failed.unwrap_or(gate.max_failed);
        gate.min_completed = self.min_completed.unwrap_or(gate.min_completed);
        gate.per = self.per.unwrap_or(gate.per);
        if !self.fleets.is_empty() {
            gate.fleets = self.fleets.iter().cloned().collect();
        }
        if !self.regions.is_empty() {
            gate.regions = self.regions.iter().cloned().collect();
        }
        gate
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct CommandLine {
        #[command(flatten)]
        gate: GateOptions,
    }

    #[test]
    fn defaults_are_those_of_the_gate() {
        let options = CommandLine::parse_from(["check"]).gate;
        assert!(options.max_pending.is_some() && options.max_failed.is_some());
        assert!(options.min_completed.is_some() && options.per.is_some());
        assert_eq!(options.apply_to(Gate::default()), Gate::default());
    }
}
