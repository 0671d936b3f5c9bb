//! The caller's definition of ready, typed.

use clanforge::{Gate, Limit, Per};
use clap::Args;
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};

/// What is left out is as the gate that it is applied to has it.
#[derive(Args)]
#[command(next_help_heading = "Gate: when the image counts as ready")]
pub(crate) struct GateArguments {
    /// The most pending machines allowed: a number, or a percentage of the scope's machines [default: 0]
    #[arg(long, value_name = "N|N%", allow_negative_numbers = true)]
    max_pending: Option<Limit>,

    /// The most failed machines allowed: a number, or a percentage of the scope's machines [default: 0]
    #[arg(long, value_name = "N|N%", allow_negative_numbers = true)]
    max_failed: Option<Limit>,

    /// The fewest completed machines needed; 0 lets an image without machines pass [default: 1]
    #[arg(long, value_name = "N")]
    min_completed: Option<u64>,

    /// What the limits apply to [default: total]
    #[arg(long, value_name = "SCOPE", value_parser = scopes())]
    per: Option<Per>,

    /// Judge this fleet only, by id; may be repeated
    #[arg(long = "fleet", value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    fleets: Vec<String>,

    /// Judge this region only, by id or name; may be repeated
    #[arg(long = "region", value_name = "ID|NAME", value_parser = NonEmptyStringValueParser::new())]
    regions: Vec<String>,
}

fn scopes() -> impl TypedValueParser<Value = Per> {
    let names = [Per::Total, Per::Fleet, Per::Region].map(Per::as_str);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Per>())
}

impl GateArguments {
    /// Returns a gate with what was typed.
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
