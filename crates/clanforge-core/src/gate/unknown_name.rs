//! Names of fleets and regions that a gate selects and an image does not have.

use super::scope::{Missing, Scope};
use super::verdict::{ScopeVerdict, Verdict};
use crate::status::{FleetStatus, ImageStatus};
use crate::text::one_line;

impl Verdict {
    /// Returns a sentence about a fleet or region that the gate selects and the image does not have: neither in
    /// `status`, which this verdict is on, nor in the status of the earlier verdict `before`. The sentence suggests the
    /// nearest name. `None` if the image has all of them, or no fleets.
    pub fn unknown_name(&self, status: &ImageStatus, before: Option<&Self>) -> Option<String> {
        let fleets = status.fleets().filter(|fleets| !fleets.is_empty())?;
        let is_named = |scope: &&Scope| matches!(scope, Scope::Missing(Missing::Fleet(_) | Missing::Region(_)));
        let was_absent =
            |scope: &&Scope| before.is_none_or(|before| before.scopes().iter().any(|each| each.scope() == *scope));
        let scopes = self.scopes().iter().map(ScopeVerdict::scope);
        match scopes.filter(is_named).find(was_absent)? {
            Scope::Missing(Missing::Fleet(id)) => Some(problem("fleet", id, fleets.iter().map(FleetStatus::id))),
            Scope::Missing(Missing::Region(name)) => {
                let rows = fleets.iter().flat_map(FleetStatus::rows);
                Some(problem("region", name, rows.flat_map(|row| [row.name, row.region_id])))
            }
            _ => None,
        }
    }
}

fn problem<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let distance = |each: &&str| strsim::damerau_levenshtein(&each.to_lowercase(), &name.to_lowercase());
    let shown = one_line(name);
    // A name that is further off is another name rather than a misspelt one.
    let is_near = |each: &&str| 3 * distance(each) <= each.chars().count().max(name.chars().count());
    match known.filter(|each| !each.is_empty()).filter(is_near).min_by_key(distance) {
        Some(nearest) if nearest == name => format!("{what} `{shown}` is in none of the selected fleets"),
        Some(nearest) => format!("the image has no {what} `{shown}`; did you mean `{}`?", one_line(nearest)),
        None => format!("the image has no {what} `{shown}`"),
    }
}
