//! The caller's definition of ready, typed.

use clanforge::{Gate, Limit, Per};
use clap::Args;
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};

#[derive(Args)]
#[command(next_help_heading = "Gate: when the image counts as ready")]
pub(crate) struct GateArguments {
    /// The most pending machines allowed: a number, or a percentage of the scope's machines
    #[arg(long, value_name = "N|N%", default_value_t = Limit::NONE, allow_negative_numbers = true)]
    max_pending: Limit,

    /// The most failed machines allowed: a number, or a percentage of the scope's machines
    #[arg(long, value_name = "N|N%", default_value_t = Limit::NONE, allow_negative_numbers = true)]
    max_failed: Limit,

    /// The fewest completed machines needed; 0 lets an image without machines pass
    #[arg(long, value_name = "N", default_value_t = 1)]
    min_completed: u64,

    /// What the limits apply to
    #[arg(long, value_name = "SCOPE", default_value = Per::Total.as_str(), value_parser = scopes())]
    per: Per,

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
    pub(crate) fn gate(&self) -> Gate {
        let gate = Gate::default()
            .max_pending(self.max_pending)
            .max_failed(self.max_failed)
            .min_completed(self.min_completed)
            .per(self.per);
        let gate = self.fleets.iter().fold(gate, Gate::fleet);
        self.regions.iter().fold(gate, Gate::region)
    }
}
