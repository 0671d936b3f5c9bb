//! The state machine of waiting, its policy, and the baseline that it compares with.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clanforge::monitor::{self, Next, Reading};
use clanforge_bindings::{duration, json};

use crate::error::{Result, configuration};
use crate::gate::Gate;
use crate::models::{ImageRef, ImageStatus, made};
use crate::updates::{Outcome, ReadFailure, Update, seconds};

/// How a wait decides. What is left out has its default: a strict gate, a timeout of an hour, and the rest as the command's
/// `wait --help` says.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Policy {
    /// The definition of ready.
    #[uniffi(default = None)]
    pub gate: Option<Gate>,
    /// How long to wait, all in all, in seconds.
    #[uniffi(default = None)]
    pub timeout_seconds: Option<f64>,
    /// Wait as long as it takes.
    #[uniffi(default = false)]
    pub no_timeout: bool,
    /// How long there may be no progress, in seconds.
    #[uniffi(default = None)]
    pub stall_timeout_seconds: Option<f64>,
    /// How many readings in a row must agree before ready or failed is believed.
    #[uniffi(default = None)]
    pub confirmations: Option<u32>,
    /// How long it may take until the counts are seen to be the new version's, in seconds.
    #[uniffi(default = None)]
    pub start_grace_seconds: Option<f64>,
    /// The share of the machines, such as `50%`, that must be seen to cease to be completed.
    #[uniffi(default = None)]
    pub evidence: Option<String>,
    /// Never pass without that evidence.
    #[uniffi(default = None)]
    pub require_fresh: Option<bool>,
    /// That evidence has been seen already, by a wait that this one continues.
    #[uniffi(default = None)]
    pub started: Option<bool>,
    /// How long readings may fail one after another, in seconds.
    #[uniffi(default = None)]
    pub max_unreachable_seconds: Option<f64>,
    /// End as failed at once, without waiting for the other machines.
    #[uniffi(default = None)]
    pub fail_fast: Option<bool>,
    /// The shortest pause between readings, in seconds.
    #[uniffi(default = None)]
    pub min_interval_seconds: Option<f64>,
    /// The longest pause between readings, in seconds.
    #[uniffi(default = None)]
    pub max_interval_seconds: Option<f64>,
}

impl Policy {
    pub(crate) fn checked(policy: Option<Self>) -> Result<monitor::Policy> {
        let mut made = monitor::Policy::default();
        let Some(policy) = policy else { return Ok(made) };
        let given = |name: &str, seconds: Option<f64>, default: Duration| {
            seconds.map_or(Ok(default), |seconds| duration(name, seconds))
        };
        if let Some(gate) = policy.gate {
            made.gate = gate.checked()?;
        }
        match (policy.no_timeout, policy.timeout_seconds) {
            (false, None) => {}
            (false, Some(seconds)) => made.timeout = Some(duration("timeout", seconds)?),
            (true, None) => made.timeout = None,
            (true, Some(seconds)) => {
                return Err(configuration(format!("a timeout of {seconds} seconds, and none: give one of both")));
            }
        }
        if let Some(evidence) = policy.evidence {
            made.evidence =
                evidence.parse().map_err(|problem| configuration(format!("invalid evidence {evidence}: {problem}")))?;
        }
        made.stall_timeout = given("stall timeout", policy.stall_timeout_seconds, made.stall_timeout)?;
        made.confirmations = policy.confirmations.unwrap_or(made.confirmations);
        if let Some(seconds) = policy.start_grace_seconds {
            made.start_grace = Some(duration("start grace", seconds)?);
        }
        made.require_fresh = policy.require_fresh.unwrap_or(made.require_fresh);
        made.started = policy.started.unwrap_or(made.started);
        made.max_unreachable = given("max unreachable", policy.max_unreachable_seconds, made.max_unreachable)?;
        made.fail_fast = policy.fail_fast.unwrap_or(made.fail_fast);
        made.min_interval = given("min interval", policy.min_interval_seconds, made.min_interval)?;
        made.max_interval = given("max interval", policy.max_interval_seconds, made.max_interval)?;
        made.validate().map_err(configuration)?;
        Ok(made)
    }
}

/// Returns the policy of JSON; fields that are left out have their defaults, an unknown one is an error.
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

/// Returns a policy as JSON, with every field.
#[uniffi::export]
pub fn policy_to_json(policy: Policy) -> Result<String> {
    Ok(json(&Policy::checked(Some(policy))?))
}

/// A status from before a rollout is started, by which a wait tells the new version's counts from the old one's.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Baseline {
    /// The image that it was taken of.
    pub image: ImageRef,
    /// The status, with detail.
    pub status: Arc<ImageStatus>,
}

impl Baseline {
    pub(crate) fn core(&self) -> monitor::Baseline {
        monitor::Baseline::new(self.image.into(), (*self.status.0).clone())
    }
}

/// Returns the baseline of JSON that the command's `baseline` or `baseline_to_json` wrote.
#[uniffi::export]
pub fn baseline_from_json(text: &str) -> Result<Baseline> {
    let baseline: monitor::Baseline =
        serde_json::from_str(text).map_err(|problem| configuration(format!("invalid baseline: {problem}")))?;
    Ok(Baseline { image: baseline.image().into(), status: made(baseline.status().clone()) })
}

/// Returns a baseline as JSON: what the command's `--since` reads.
#[uniffi::export]
pub fn baseline_to_json(baseline: Baseline) -> String {
    json(&baseline.core())
}

/// What a monitor makes of a reading, and what to do next.
#[derive(Clone, Debug, uniffi::Record)]
pub struct Step {
    /// What there is to tell.
    pub update: Update,
    /// Read again after so many seconds; nothing to stop.
    pub next_reading_seconds: Option<f64>,
    /// How the wait ended, where it did; a stop without one is the end by an error that no repetition mends.
    pub outcome: Option<Outcome>,
}

/// The state machine of waiting, without clock: for tests, and for rollouts that were recorded.
#[derive(Debug, uniffi::Object)]
pub struct Monitor(Mutex<monitor::Monitor>);

#[uniffi::export]
impl Monitor {
    /// Returns the monitor of an image.
    #[uniffi::constructor(default(policy = None, baseline = None))]
    pub fn new(image: ImageRef, policy: Option<Policy>, baseline: Option<Baseline>) -> Result<Arc<Self>> {
        let baseline = baseline.map(|baseline| baseline.core());
        let monitor = monitor::Monitor::new(image.into(), Policy::checked(policy)?, baseline.as_ref());
        Ok(Arc::new(Self(Mutex::new(monitor.map_err(configuration)?))))
    }

    /// Returns whether the gate needs the counts of each fleet and region.
    pub fn needs_detail(&self) -> bool {
        self.lock().needs_detail()
    }

    /// Returns whether the counts were seen to be the new version's.
    pub fn has_started(&self) -> bool {
        self.lock().has_started()
    }

    /// Takes a status that was read so many seconds after the wait began, in the order of their times.
    pub fn observe_status(&self, elapsed_seconds: f64, status: Arc<ImageStatus>) -> Result<Step> {
        self.observe(elapsed_seconds, Reading::Status((*status.0).clone()))
    }

    /// Takes a reading that failed, likewise.
    pub fn observe_failure(&self, elapsed_seconds: f64, failure: ReadFailure) -> Result<Step> {
        self.observe(elapsed_seconds, Reading::Failed(failure.checked()?))
    }
}

impl Monitor {
    fn lock(&self) -> std::sync::MutexGuard<'_, monitor::Monitor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn observe(&self, elapsed: f64, reading: Reading) -> Result<Step> {
        let elapsed = duration("time", elapsed)?;
        let step = self.lock().observe(elapsed, reading);
        let (next_reading_seconds, outcome) = match step.next {
            Next::Read { after, .. } => (Some(after.as_secs_f64()), None),
            Next::Finished(outcome) => (None, Some((*outcome).try_into()?)),
            Next::GiveUp => (None, None),
        };
        Ok(Step { update: step.update.try_into()?, next_reading_seconds, outcome })
    }
}
