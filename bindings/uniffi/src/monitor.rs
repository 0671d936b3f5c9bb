//! The monitor of a wait, its policy, and the baseline that it compares with.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clanforge::monitor::{self, Next, Reading};
use clanforge_bindings::{duration, json};

use crate::error::{Result, configuration};
use crate::gate::Gate;
use crate::models::{ImageRef, ImageStatus, into_handle};
use crate::updates::{Outcome, ReadFailure, Update, seconds};

/// The options of a wait. Missing options have their defaults: a strict gate, a timeout of 60 min, and the others as in
/// `clanforge wait --help`.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Policy {
    /// The definition of ready.
    #[uniffi(default = None)]
    pub gate: Option<Gate>,
    /// The timeout of the whole wait, in seconds.
    #[uniffi(default = None)]
    pub timeout_seconds: Option<f64>,
    /// Wait without a timeout.
    #[uniffi(default = false)]
    pub no_timeout: bool,
    /// How long the rollout may make no progress, in seconds.
    #[uniffi(default = None)]
    pub stall_timeout_seconds: Option<f64>,
    /// The number of consecutive readings that must agree before a wait ends as ready or failed.
    #[uniffi(default = None)]
    pub confirmations: Option<u32>,
    /// How long evidence of the rollout may take to appear, in seconds.
    #[uniffi(default = None)]
    pub start_grace_seconds: Option<f64>,
    /// The share of machines, such as `50%`, that must leave the completed state as evidence of the rollout.
    #[uniffi(default = None)]
    pub evidence: Option<String>,
    /// End as ready only with that evidence.
    #[uniffi(default = None)]
    pub require_fresh: Option<bool>,
    /// The evidence was already seen, by an earlier wait that this one resumes.
    #[uniffi(default = None)]
    pub started: Option<bool>,
    /// How long consecutive readings may fail, in seconds.
    #[uniffi(default = None)]
    pub max_unreachable_seconds: Option<f64>,
    /// End as failed as soon as too many machines failed, without waiting for the others.
    #[uniffi(default = None)]
    pub fail_fast: Option<bool>,
    /// The shortest poll interval, in seconds.
    #[uniffi(default = None)]
    pub min_interval_seconds: Option<f64>,
    /// The longest poll interval, in seconds.
    #[uniffi(default = None)]
    pub max_interval_seconds: Option<f64>,
}

impl Policy {
    pub(crate) fn to_core(policy: Option<Self>) -> Result<monitor::Policy> {
        let mut core = monitor::Policy::default();
        let Some(policy) = policy else { return Ok(core) };
        let duration_or = |name: &str, seconds: Option<f64>, default: Duration| {
            seconds.map_or(Ok(default), |seconds| duration(name, seconds))
        };
        if let Some(gate) = policy.gate {
            core.gate = gate.into_core()?;
        }
        match (policy.no_timeout, policy.timeout_seconds) {
            (false, None) => {}
            (false, Some(seconds)) => core.timeout = Some(duration("timeout", seconds)?),
            (true, None) => core.timeout = None,
            (true, Some(seconds)) => {
                return Err(configuration(format!(
                    "invalid timeout of {seconds} seconds: no_timeout is set as well; set only one of them"
                )));
            }
        }
        if let Some(evidence) = policy.evidence {
            core.evidence =
                evidence.parse().map_err(|problem| configuration(format!("invalid evidence {evidence}: {problem}")))?;
        }
        core.stall_timeout = duration_or("stall timeout", policy.stall_timeout_seconds, core.stall_timeout)?;
        core.confirmations = policy.confirmations.unwrap_or(core.confirmations);
        if let Some(seconds) = policy.start_grace_seconds {
            core.start_grace = Some(duration("start grace", seconds)?);
        }
        core.require_fresh = policy.require_fresh.unwrap_or(core.require_fresh);
        core.started = policy.started.unwrap_or(core.started);
        core.max_unreachable = duration_or("max unreachable", policy.max_unreachable_seconds, core.max_unreachable)?;
        core.fail_fast = policy.fail_fast.unwrap_or(core.fail_fast);
        core.min_interval = duration_or("min interval", policy.min_interval_seconds, core.min_interval)?;
        core.max_interval = duration_or("max interval", policy.max_interval_seconds, core.max_interval)?;
        core.validate().map_err(configuration)?;
        Ok(core)
    }
}

/// Parses a policy from JSON. Missing fields have their defaults; an unknown field is an error.
#[uniffi::export]
pub fn policy_from_json(text: &str) -> Result<Policy> {
    let checked = clanforge_bindings::check_policy(text)?;
    let policy: monitor::Policy =
        serde_json::from_str(&checked).map_err(|problem| configuration(format!("invalid policy: {problem}")))?;
    Ok(Policy {
        no_timeout: policy.timeout.is_none(),
        timeout_seconds: seconds(policy.timeout),
        stall_timeout_seconds: Some(policy.stall_timeout.as_secs_f64()),
        confirmations: Some(policy.confirmations),
        start_grace_seconds: seconds(policy.start_grace),
        evidence: Some(policy.evidence.to_string()),
        require_fresh: Some(policy.require_fresh),
        started: Some(policy.started),
        max_unreachable_seconds: Some(policy.max_unreachable.as_secs_f64()),
        fail_fast: Some(policy.fail_fast),
        min_interval_seconds: Some(policy.min_interval.as_secs_f64()),
        max_interval_seconds: Some(policy.max_interval.as_secs_f64()),
        gate: Some(policy.gate.into()),
    })
}

/// Returns a policy in JSON, with every field.
#[uniffi::export]
pub fn policy_to_json(policy: Policy) -> Result<String> {
    Ok(json(&Policy::to_core(Some(policy))?))
}

/// An image status from before a rollout. A wait uses it to tell the counts of the new version from those of the old one.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Baseline {
    /// The image.
    pub image: ImageRef,
    /// The status, with detail.
    pub status: Arc<ImageStatus>,
}

impl Baseline {
    pub(crate) fn to_core(&self) -> monitor::Baseline {
        monitor::Baseline::new(self.image.into(), (*self.status.0).clone())
    }
}

/// Parses a baseline from JSON, as `baseline_to_json` and `clanforge baseline` write it.
#[uniffi::export]
pub fn baseline_from_json(text: &str) -> Result<Baseline> {
    let baseline: monitor::Baseline =
        serde_json::from_str(text).map_err(|problem| configuration(format!("invalid baseline: {problem}")))?;
    Ok(Baseline { image: baseline.image().into(), status: into_handle(baseline.status().clone()) })
}

/// Returns a baseline in JSON, as `clanforge wait --since` reads it.
#[uniffi::export]
pub fn baseline_to_json(baseline: Baseline) -> String {
    json(&baseline.to_core())
}

/// The result of a reading, and what to do next.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Step {
    /// The update.
    pub update: Update,
    /// Seconds until the next reading; `None` where the wait has ended.
    pub next_reading_seconds: Option<f64>,
    /// The outcome, where the wait has one. A wait that ends without an outcome ended by a permanent error.
    pub outcome: Option<Outcome>,
}

/// The state machine of a wait, without clock and I/O: for tests and recorded rollouts.
#[derive(Debug, uniffi::Object)]
pub struct Monitor(Mutex<monitor::Monitor>);

#[uniffi::export]
impl Monitor {
    /// Creates a monitor for an image.
    #[uniffi::constructor(default(policy = None, baseline = None))]
    pub fn new(image: ImageRef, policy: Option<Policy>, baseline: Option<Baseline>) -> Result<Arc<Self>> {
        let baseline = baseline.map(|baseline| baseline.to_core());
        let monitor = monitor::Monitor::new(image.into(), Policy::to_core(policy)?, baseline.as_ref());
        Ok(Arc::new(Self(Mutex::new(monitor.map_err(configuration)?))))
    }

    /// Returns whether the gate needs the counts of each fleet and region.
    pub fn needs_detail(&self) -> bool {
        self.lock().needs_detail()
    }

    /// Returns whether there is evidence that the counts describe the new version.
    pub fn has_started(&self) -> bool {
        self.lock().has_started()
    }

    /// Takes a status that was read at `elapsed_seconds` after the start of the wait. Call it in the order of time.
    pub fn observe_status(&self, elapsed_seconds: f64, status: Arc<ImageStatus>) -> Result<Step> {
        self.observe(elapsed_seconds, Reading::Status((*status.0).clone()))
    }

    /// Takes a failed reading, in the order of time.
    pub fn observe_failure(&self, elapsed_seconds: f64, failure: ReadFailure) -> Result<Step> {
        self.observe(elapsed_seconds, Reading::Failed(failure.into_core()?))
    }
}

impl Monitor {
    fn lock(&self) -> std::sync::MutexGuard<'_, monitor::Monitor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn observe(&self, elapsed: f64, reading: Reading) -> Result<Step> {
        let elapsed = duration("elapsed", elapsed)?;
        let step = self.lock().observe(elapsed, reading);
        let (next_reading_seconds, outcome) = match step.next {
            Next::Read { after, .. } => (Some(after.as_secs_f64()), None),
            Next::Finished(outcome) => (None, Some((*outcome).try_into()?)),
            Next::GiveUp => (None, None),
        };
        Ok(Step { update: step.update.try_into()?, next_reading_seconds, outcome })
    }
}
