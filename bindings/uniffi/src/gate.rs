//! Your definition of ready.

use std::sync::Arc;

use clanforge::Limit;
use clanforge_bindings::json;

use crate::error::{Result, configuration};
use crate::models::{ImageStatus, MachineCounts};

/// The scopes that a gate applies its limits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Per {
    /// The whole image.
    Total,
    /// Each fleet.
    Fleet,
    /// Each region.
    Region,
}

/// Your definition of ready: a limit for each of the three counts, and the scopes that they apply to.
///
/// A status passes when every scope is within all three limits in the same reading. `per` selects the scopes: the image, each
/// fleet or each region. A selected fleet or region that the reading lacks is not ready.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Gate {
    /// The maximum of pending machines in a scope: a number such as `3`, or a percentage of its machines such as `5%`.
    #[uniffi(default = "0")]
    pub max_pending: String,
    /// The maximum of failed machines in a scope: a number or a percentage.
    #[uniffi(default = "0")]
    pub max_failed: String,
    /// The minimum of completed machines in a scope. With 0 an image without machines passes.
    #[uniffi(default = 1)]
    pub min_completed: u64,
    /// The scopes that the limits apply to. Defaults to the total.
    #[uniffi(default = None)]
    pub per: Option<Per>,
    /// The IDs of the fleets to evaluate. Empty selects all.
    #[uniffi(default = [])]
    pub fleets: Vec<String>,
    /// The IDs or names of the regions to evaluate. Empty selects all.
    #[uniffi(default = [])]
    pub regions: Vec<String>,
}

impl Gate {
    pub(crate) fn into_core(self) -> Result<clanforge::Gate> {
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

/// Evaluates the gate on a status.
#[uniffi::export]
pub fn evaluate(gate: Gate, status: Arc<ImageStatus>) -> Result<Verdict> {
    Ok(gate.into_core()?.evaluate(&status.0).into())
}

/// Returns whether a gate needs a status with detail.
#[uniffi::export]
pub fn gate_needs_detail(gate: Gate) -> Result<bool> {
    Ok(gate.into_core()?.needs_detail())
}

/// Parses a gate from JSON. Missing fields have their defaults; an unknown field is an error.
#[uniffi::export]
pub fn gate_from_json(text: &str) -> Result<Gate> {
    let checked = clanforge_bindings::check_gate(text)?;
    let gate: clanforge::Gate =
        serde_json::from_str(&checked).map_err(|problem| configuration(format!("invalid gate: {problem}")))?;
    Ok(gate.into())
}

/// Returns a gate in JSON, with every field.
#[uniffi::export]
pub fn gate_to_json(gate: Gate) -> Result<String> {
    Ok(json(&gate.into_core()?))
}

/// One of the three counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum CountName {
    /// Machines with a pending install.
    PendingMachines,
    /// Machines whose install failed.
    FailedMachines,
    /// Machines that are fully installed.
    CompletedMachines,
}

/// The kind of a scope.
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
    /// Pending and failed machines in a total that the sum of its parts does not contain.
    Unaccounted,
    /// A scope that the gate selects and the reading lacks.
    Missing,
}

/// A part of a status that a gate evaluates on its own.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Scope {
    /// The kind of scope.
    pub kind: ScopeKind,
    /// The ID of the fleet, for a fleet or a region.
    pub fleet_id: Option<String>,
    /// The ID of the region, for a region.
    pub region_id: Option<String>,
    /// The name of the region.
    pub name: Option<String>,
    /// A description of what the reading lacks.
    pub missing: Option<String>,
}

/// A limit that a scope does not meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Shortfall {
    /// The count that is compared.
    pub count: CountName,
    /// The number of machines in the scope.
    pub have: u64,
    /// The maximum, or for completed machines the minimum.
    pub limit: u64,
}

/// The verdict of a gate on one scope.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ScopeVerdict {
    /// The scope.
    pub scope: Scope,
    /// The machines of the scope; `None` where the reading lacks it.
    pub counts: Option<MachineCounts>,
    /// The limits that the scope does not meet, in the order pending, failed, completed.
    pub shortfalls: Vec<Shortfall>,
    /// Whether the reading has the scope, and every limit is met.
    pub is_ready: bool,
}

/// The verdict of a gate on a status, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Verdict {
    /// Whether every scope is ready.
    pub is_ready: bool,
    /// A sentence for people: the scope that misses a limit by most, its count, and the limit.
    pub reason: String,
    /// The verdict on each scope, in the order of the reading.
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
        let with_kind = |kind| Self { kind, fleet_id: None, region_id: None, name: None, missing: None };
        match scope {
            clanforge::Scope::Total => with_kind(ScopeKind::Total),
            clanforge::Scope::Selection => with_kind(ScopeKind::Selection),
            clanforge::Scope::Fleet { fleet_id } => {
                Self { fleet_id: Some(fleet_id.clone()), ..with_kind(ScopeKind::Fleet) }
            }
            clanforge::Scope::Region { fleet_id, region_id, name } => Self {
                fleet_id: Some(fleet_id.clone()),
                region_id: Some(region_id.clone()),
                name: Some(name.clone()),
                ..with_kind(ScopeKind::Region)
            },
            clanforge::Scope::Unaccounted => with_kind(ScopeKind::Unaccounted),
            clanforge::Scope::Missing(missing) => {
                Self { missing: Some(missing.to_string()), ..with_kind(ScopeKind::Missing) }
            }
        }
    }
}

/// Evaluates a gate on a status, and returns the verdict in JSON, in the format of the `-o json` output.
#[uniffi::export]
pub fn evaluate_to_json(gate: Gate, status: Arc<ImageStatus>) -> Result<String> {
    Ok(json(&gate.into_core()?.evaluate(&status.0)))
}
