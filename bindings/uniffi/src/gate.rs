//! The caller's own definition of ready.

use std::sync::Arc;

use clanforge::Limit;
use clanforge_bindings::json;

use crate::error::{Result, configuration};
use crate::models::{ImageStatus, MachineCounts};

/// What the limits of a gate apply to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Per {
    /// The whole image.
    Total,
    /// Each fleet.
    Fleet,
    /// Each region.
    Region,
}

/// The caller's own definition of ready: three limits, one for each count, and where they apply.
///
/// A status passes when in every scope that `per` names the pending and the failed machines are no more, and the completed
/// machines no fewer, than the gate says, all in one reading. What the gate names and the reading does not have is never
/// ready.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Gate {
    /// The most machines with installs pending that a scope may have: a number, or `5%` of its machines.
    #[uniffi(default = "0")]
    pub max_pending: String,
    /// The most failed machines that a scope may have, likewise.
    #[uniffi(default = "0")]
    pub max_failed: String,
    /// The fewest completed machines that a scope must have; 0 lets an image without machines pass.
    #[uniffi(default = 1)]
    pub min_completed: u64,
    /// What the limits apply to: the total, where nothing is given.
    #[uniffi(default = None)]
    pub per: Option<Per>,
    /// The ids of the fleets to judge; none for all.
    #[uniffi(default = [])]
    pub fleets: Vec<String>,
    /// The ids or names of the regions to judge; none for all.
    #[uniffi(default = [])]
    pub regions: Vec<String>,
}

impl Gate {
    pub(crate) fn checked(self) -> Result<clanforge::Gate> {
        let limit = |name: &str, text: &str| {
            text.parse::<Limit>().map_err(|problem| configuration(format!("invalid gate: {name}: {problem}")))
        };
        let mut gate = clanforge::Gate::default();
        gate.max_pending = limit("max_pending", &self.max_pending)?;
        gate.max_failed = limit("max_failed", &self.max_failed)?;
        gate.min_completed = self.min_completed;
        gate.per = match self.per {
            None | Some(Per::Total) => clanforge::Per::Total,
            Some(Per::Fleet) => clanforge::Per::Fleet,
            Some(Per::Region) => clanforge::Per::Region,
        };
        gate.fleets = self.fleets.into_iter().collect();
        gate.regions = self.regions.into_iter().collect();
        Ok(gate)
    }
}

impl From<clanforge::Gate> for Gate {
    fn from(gate: clanforge::Gate) -> Self {
        Self {
            max_pending: gate.max_pending.to_string(),
            max_failed: gate.max_failed.to_string(),
            min_completed: gate.min_completed,
            per: Some(match gate.per {
                clanforge::Per::Total => Per::Total,
                clanforge::Per::Fleet => Per::Fleet,
                clanforge::Per::Region => Per::Region,
            }),
            fleets: gate.fleets.into_iter().collect(),
            regions: gate.regions.into_iter().collect(),
        }
    }
}

/// Judges one status.
#[uniffi::export]
pub fn evaluate(gate: Gate, status: Arc<ImageStatus>) -> Result<Verdict> {
    Ok(gate.checked()?.evaluate(&status.0).into())
}

/// Returns whether a gate cannot judge a status without detail.
#[uniffi::export]
pub fn gate_needs_detail(gate: Gate) -> Result<bool> {
    Ok(gate.checked()?.needs_detail())
}

/// Returns the gate of JSON; fields that are left out have their defaults, an unknown one is an error.
#[uniffi::export]
pub fn gate_from_json(text: &str) -> Result<Gate> {
    let checked = clanforge_bindings::check_gate(text)?;
    let gate: clanforge::Gate =
        serde_json::from_str(&checked).map_err(|problem| configuration(format!("invalid gate: {problem}")))?;
    Ok(gate.into())
}

/// Returns a gate as JSON, with every field.
#[uniffi::export]
pub fn gate_to_json(gate: Gate) -> Result<String> {
    Ok(json(&gate.checked()?))
}

/// One of the three counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum CountName {
    /// Machines with an install pending.
    PendingMachines,
    /// Machines that were unable to install.
    FailedMachines,
    /// Machines that are fully installed.
    CompletedMachines,
}

/// What kind of thing a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ScopeKind {
    /// The whole image.
    Total,
    /// The selected fleets and regions taken together.
    Selection,
    /// One fleet.
    Fleet,
    /// One region of one fleet.
    Region,
    /// The pending and failed machines that a whole states and its parts do not.
    Unaccounted,
    /// What the gate names and the reading lacks.
    Missing,
}

/// A part of a status that a gate judges as one.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Scope {
    /// What kind of thing it is.
    pub kind: ScopeKind,
    /// The fleet's id, for a fleet or a region.
    pub fleet_id: Option<String>,
    /// The region's id, for a region.
    pub region_id: Option<String>,
    /// The region's name.
    pub name: Option<String>,
    /// What is missing, in words.
    pub missing: Option<String>,
}

/// A limit that counts miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Shortfall {
    /// Which of the three counts.
    pub count: CountName,
    /// How many machines there are.
    pub have: u64,
    /// How many there may be at most, or for the completed ones must be at least.
    pub limit: u64,
}

/// What a gate says of one scope.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ScopeVerdict {
    /// What was judged.
    pub scope: Scope,
    /// Its machines; nothing where the reading does not have what the gate names.
    pub counts: Option<MachineCounts>,
    /// The limits that they miss: pending, failed, completed, in this order.
    pub shortfalls: Vec<Shortfall>,
    /// Whether the scope is in the reading and within every limit.
    pub is_ready: bool,
}

/// What a gate says of one status, and why not.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Verdict {
    /// Whether every scope passes.
    pub is_ready: bool,
    /// A sentence that a person can act on: the scope that lacks most, what it has, and what is allowed.
    pub reason: String,
    /// What was judged, in the order of the reading.
    pub scopes: Vec<ScopeVerdict>,
}

impl From<clanforge::Verdict> for Verdict {
    fn from(verdict: clanforge::Verdict) -> Self {
        Self {
            is_ready: verdict.is_ready(),
            reason: verdict.reason().to_owned(),
            scopes: verdict.scopes().iter().map(ScopeVerdict::from).collect(),
        }
    }
}

impl From<&clanforge::ScopeVerdict> for ScopeVerdict {
    fn from(verdict: &clanforge::ScopeVerdict) -> Self {
        let shortfalls = verdict.shortfalls().iter().map(|shortfall| Shortfall {
            count: match shortfall.count {
                clanforge::CountName::Pending => CountName::PendingMachines,
                clanforge::CountName::Failed => CountName::FailedMachines,
                clanforge::CountName::Completed => CountName::CompletedMachines,
            },
            have: shortfall.have,
            limit: shortfall.limit,
        });
        Self {
            scope: verdict.scope().into(),
            counts: verdict.counts().map(MachineCounts::from),
            shortfalls: shortfalls.collect(),
            is_ready: verdict.is_ready(),
        }
    }
}

impl From<&clanforge::Scope> for Scope {
    fn from(scope: &clanforge::Scope) -> Self {
        let of = |kind| Self { kind, fleet_id: None, region_id: None, name: None, missing: None };
        match scope {
            clanforge::Scope::Total => of(ScopeKind::Total),
            clanforge::Scope::Selection => of(ScopeKind::Selection),
            clanforge::Scope::Fleet { fleet_id } => Self { fleet_id: Some(fleet_id.clone()), ..of(ScopeKind::Fleet) },
            clanforge::Scope::Region { fleet_id, region_id, name } => Self {
                fleet_id: Some(fleet_id.clone()),
                region_id: Some(region_id.clone()),
                name: Some(name.clone()),
                ..of(ScopeKind::Region)
            },
            clanforge::Scope::Unaccounted => of(ScopeKind::Unaccounted),
            clanforge::Scope::Missing(missing) => Self { missing: Some(missing.to_string()), ..of(ScopeKind::Missing) },
        }
    }
}

/// Returns a verdict on a status as JSON, in the shape of the command's `-o json`.
#[uniffi::export]
pub fn evaluate_to_json(gate: Gate, status: Arc<ImageStatus>) -> Result<String> {
    Ok(json(&gate.checked()?.evaluate(&status.0)))
}
