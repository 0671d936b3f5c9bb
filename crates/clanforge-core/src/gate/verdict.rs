//! A verdict, as data: what was judged, which limits it misses, and the sentence for people.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::percentage::Percentage;
use super::scope::{Missing, Scope};
use crate::exit_code::ExitCode;
use crate::status::{ImageStatus, MachineCounts, Readiness};

/// What a [`Gate`](super::Gate) decides about one status.
///
/// As JSON: `ready`, `reason` and `scopes`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verdict {
    /// Whether every scope passes.
    ready: bool,
    /// A sentence for people: the scope that misses its limits most, its counts, the limit, and how many more scopes do
    /// not pass.
    reason: String,
    /// The verdict on each scope, in the order of the status, then on the scopes that the status lacks. Never empty.
    scopes: Vec<ScopeVerdict>,
}

impl Verdict {
    /// Returns the verdict on these scopes, of which there is at least one.
    pub(super) fn of(scopes: Vec<ScopeVerdict>) -> Self {
        let ready = scopes.iter().all(ScopeVerdict::is_ready);
        Self { ready, reason: reason(&scopes), scopes }
    }

    /// Returns true if every scope passes.
    pub const fn is_ready(&self) -> bool {
        self.ready
    }

    /// Returns a sentence that a person can act on.
    ///
    /// It names the scope that misses its limits most, its counts, the limit, and how many more scopes do not pass:
    /// `not ready: region EU (ab12…) has 7 pending machines, at most 0 (2%) allowed`.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns what was judged, in the order of the reading, then the scopes that the reading lacks. Never empty.
    pub fn scopes(&self) -> &[ScopeVerdict] {
        &self.scopes
    }

    /// Returns true if a scope misses the limit of that count.
    pub fn is_short_of(&self, count: CountName) -> bool {
        self.scopes.iter().flat_map(|scope| &scope.shortfalls).any(|shortfall| shortfall.count == count)
    }

    /// Returns the number of machines by which all scopes together miss the limit of that count.
    pub fn shortfall(&self, count: CountName) -> u64 {
        let shortfalls = self.scopes.iter().flat_map(|scope| &scope.shortfalls);
        shortfalls.filter(|shortfall| shortfall.count == count).fold(0, |sum, short| sum.saturating_add(short.gap()))
    }

    /// Returns a sentence about the scope that misses the limit of that count most; `None` if none does.
    pub fn shortfall_reason(&self, count: CountName) -> Option<String> {
        let short = |scope: &ScopeVerdict| scope.shortfalls.iter().find(|shortfall| shortfall.count == count).copied();
        let missing = self.scopes.iter().filter_map(|scope| Some((scope, short(scope)?)));
        let (scope, shortfall) = missing.reduce(|worst, one| if one.1.gap() > worst.1.gap() { one } else { worst })?;
        Some(format!("{} has {shortfall}", scope.scope))
    }

    /// Returns a sentence about a scope that never passes with the machines that it has; `None` if there is none, or if
    /// there are no machines at all.
    pub fn impossible_reason(&self) -> Option<String> {
        let needed = |scope: &ScopeVerdict| {
            let total = scope.counts?.total_machines();
            let short = scope.shortfalls.iter().find(|short| short.count == CountName::Completed)?;
            (short.limit > total).then(|| {
                let (needed, has) = (short.limit, machines(total, ""));
                format!("the gate cannot pass: {} has {has}, and at least {needed} must be completed", scope.scope)
            })
        };
        (!self.is_empty()).then(|| self.scopes.iter().find_map(needed)).flatten()
    }

    /// Returns the exit code of a command that ends with this verdict on `status`: too many failed machines come first,
    /// then the absence of machines.
    pub fn exit_code(&self, status: &ImageStatus) -> ExitCode {
        if self.is_ready() {
            ExitCode::Ready
        } else if self.is_short_of(CountName::Failed) {
            ExitCode::Failed
        } else if self.is_empty() || status.readiness() == Readiness::Empty {
            ExitCode::NotStarted
        } else {
            ExitCode::NotReady
        }
    }

    /// Returns true if the reading lacks no scope, and no scope has machines.
    pub fn is_empty(&self) -> bool {
        self.scopes.iter().all(|scope| scope.counts.is_some_and(|counts| counts.total_machines() == 0))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// What a gate decides about one scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScopeVerdict {
    /// Whether the status has the scope and its counts meet every limit.
    ready: bool,
    /// The scope.
    scope: Scope,
    /// The counts of the scope; null if the status lacks it.
    counts: Option<MachineCounts>,
    /// The limits that the counts miss: pending, failed, completed, in this order.
    shortfalls: Vec<Shortfall>,
}

impl ScopeVerdict {
    pub(super) const fn judged(scope: Scope, counts: MachineCounts, shortfalls: Vec<Shortfall>) -> Self {
        Self { ready: shortfalls.is_empty(), scope, counts: Some(counts), shortfalls }
    }

    pub(super) const fn missing(missing: Missing) -> Self {
        Self { ready: false, scope: Scope::Missing(missing), counts: None, shortfalls: Vec::new() }
    }

    /// Returns true if the status has the scope and its counts meet every limit.
    pub const fn is_ready(&self) -> bool {
        self.ready
    }

    /// Returns what was judged.
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Returns the counts of the scope; `None` if the reading lacks it.
    pub const fn counts(&self) -> Option<MachineCounts> {
        self.counts
    }

    /// Returns the limits that the counts miss: pending, failed, completed, in this order.
    pub fn shortfalls(&self) -> &[Shortfall] {
        &self.shortfalls
    }

    /// Returns the number of machines by which the scope misses its limits; a missing scope comes before all others.
    fn gap(&self) -> u128 {
        match self.counts {
            None => u128::MAX,
            Some(_) => self.shortfalls.iter().map(|shortfall| u128::from(shortfall.gap())).sum(),
        }
    }
}

impl fmt::Display for ScopeVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.scope.fmt(f)?;
        let is_empty = self.counts.is_some_and(|counts| counts.total_machines() == 0);
        for (index, shortfall) in self.shortfalls.iter().enumerate() {
            f.write_str(if index == 0 { " has " } else { ", and " })?;
            match is_empty {
                true => write!(f, "no machines, at least {} needed", shortfall.limit)?,
                false => shortfall.fmt(f)?,
            }
        }
        Ok(())
    }
}

/// A limit that a scope misses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shortfall {
    /// The count that is over or under its limit.
    pub count: CountName,
    /// How many machines the scope has in that count.
    pub have: u64,
    /// The most machines that it may have (pending, failed), or the fewest that it must have (completed).
    pub limit: u64,
    /// The share of the scope's machines that the gate allows, from which `limit` follows by rounding down; absent if the
    /// gate gives a number of machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub share: Option<Percentage>,
}

impl Shortfall {
    /// Returns the number of machines by which the limit is missed.
    pub const fn gap(self) -> u64 {
        self.have.abs_diff(self.limit)
    }
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { count, have, limit, share } = self;
        let share = share.map(|share| format!(" ({share})")).unwrap_or_default();
        match count {
            CountName::Pending => write!(f, "{}, at most {limit}{share} allowed", machines(*have, "pending ")),
            CountName::Failed => write!(f, "{}, at most {limit}{share} allowed", machines(*have, "failed ")),
            CountName::Completed => write!(f, "{}, at least {limit} needed", machines(*have, "completed ")),
        }
    }
}

/// One of the three counts, by the service's name for it.
///
/// Exhaustive on purpose: the service's documentation has these three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CountName {
    /// Running machines with an install pending.
    #[serde(rename = "pending_machines")]
    Pending,
    /// Disabled machines that are unable to install.
    #[serde(rename = "failed_machines")]
    Failed,
    /// Running machines that are fully installed.
    #[serde(rename = "completed_machines")]
    Completed,
}

impl CountName {
    /// Returns the service's name: `pending_machines`, `failed_machines` or `completed_machines`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending_machines",
            Self::Failed => "failed_machines",
            Self::Completed => "completed_machines",
        }
    }
}

impl fmt::Display for CountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

fn reason(scopes: &[ScopeVerdict]) -> String {
    let failing = || scopes.iter().filter(|scope| !scope.is_ready());
    // Missing scopes come first, then the scope that misses its limits most; among equals the first.
    match failing().reduce(|worst, scope| if scope.gap() > worst.gap() { scope } else { worst }) {
        Some(worst) => match failing().count() - 1 {
            0 => format!("not ready: {worst}"),
            1 => format!("not ready: {worst}; 1 more scope is not ready"),
            others => format!("not ready: {worst}; {others} more scopes are not ready"),
        },
        None => format!("ready: {}", sum(scopes)),
    }
}

fn sum(scopes: &[ScopeVerdict]) -> String {
    // The scopes of one verdict are parts of one status, whose constructors checked that their sum fits.
    let counts = MachineCounts::sum_of_parts(scopes.iter().filter_map(|scope| scope.counts));
    let places = match scopes.len() {
        1 if counts.total_machines() == 0 => return format!("{} has no machines", scopes[0].scope),
        1 => String::new(),
        scopes => format!(" in {scopes} scopes"),
    };
    format!(
        "{} of {} completed{places}, {} pending, {} failed",
        counts.completed_machines(),
        machines(counts.total_machines(), ""),
        counts.pending_machines(),
        counts.failed_machines(),
    )
}

fn machines(number: u64, adjective: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {adjective}machine{plural}")
}
