//! The gate, the policy and the state machine of waiting, by texts of JSON.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clanforge::monitor::{self, Baseline, Next, Outcome, Policy, ReadFailure, Reading, Update};
use clanforge::{Gate, ImageRef, ImageStatus, MachineCounts};
use serde_json::Value;

use crate::fault::Fault;
use crate::json;
use crate::settings::duration;

/// A status from before a rollout: the image that it was taken of, and the status.
pub type Before = (ImageRef, Arc<ImageStatus>);

/// An update: its JSON without the status, and the status.
pub struct Told {
    /// The JSON.
    pub text: String,
    /// The status, where it has one.
    pub status: Option<Arc<ImageStatus>>,
}

/// What a monitor makes of a reading.
pub struct Step {
    /// What there is to tell.
    pub told: Told,
    /// Read again after so many seconds; nothing to stop.
    pub next_reading_seconds: Option<f64>,
    /// How the wait ended, where it did.
    pub outcome: Option<Told>,
}

/// Decides from readings; blocks nobody and reads nothing.
pub struct Monitor(Mutex<monitor::Monitor>);

impl Monitor {
    /// Returns the monitor of an image by a policy as JSON.
    ///
    /// # Errors
    /// Where it is no policy, contradicts itself, or the baseline cannot be used.
    pub fn new(image: ImageRef, policy_text: &str, before: Option<Before>) -> Result<Self, Fault> {
        let before = before.map(baseline);
        let monitor = monitor::Monitor::new(image, policy(policy_text)?, before.as_ref());
        Ok(Self(Mutex::new(monitor.map_err(Fault::configuration)?)))
    }

    /// Whether the gate needs the counts of each fleet and region.
    pub fn needs_detail(&self) -> bool {
        self.lock().needs_detail()
    }

    /// Whether the counts were seen to be the new version's.
    pub fn has_started(&self) -> bool {
        self.lock().has_started()
    }

    /// Takes a status that was read so many seconds after the wait began.
    ///
    /// # Errors
    /// Where the seconds are no duration.
    pub fn observe_status(&self, elapsed: f64, status: &ImageStatus) -> Result<Step, Fault> {
        self.observe(elapsed, Reading::Status(status.clone()))
    }

    /// Takes a reading that failed, as JSON.
    ///
    /// # Errors
    /// Where it is none, or the seconds are no duration.
    pub fn observe_failure(&self, elapsed: f64, failure: &str) -> Result<Step, Fault> {
        let invalid = |problem| Fault::configuration(format!("invalid failure: {problem}"));
        let failure: ReadFailure = serde_json::from_str(failure).map_err(invalid)?;
        self.observe(elapsed, Reading::Failed(failure))
    }

    fn observe(&self, elapsed: f64, reading: Reading) -> Result<Step, Fault> {
        let elapsed = duration("time", elapsed)?;
        let step = self.lock().observe(elapsed, reading);
        let told = update(step.update);
        Ok(match step.next {
            Next::Read { after, .. } => Step { told, next_reading_seconds: Some(after.as_secs_f64()), outcome: None },
            Next::Finished(ended) => Step { told, next_reading_seconds: None, outcome: Some(outcome(*ended)) },
            Next::GiveUp => Step { told, next_reading_seconds: None, outcome: None },
        })
    }

    fn lock(&self) -> MutexGuard<'_, monitor::Monitor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns a gate of JSON with every field.
///
/// # Errors
/// Where it is none.
pub fn check_gate(text: &str) -> Result<String, Fault> {
    gate(text).map(|gate| json(&gate))
}

/// Returns what a gate of JSON says of a status, as JSON.
///
/// # Errors
/// Where it is no gate.
pub fn evaluate(text: &str, status: &ImageStatus) -> Result<String, Fault> {
    Ok(json(&gate(text)?.evaluate(status)))
}

/// Returns a policy of JSON with every field.
///
/// # Errors
/// Where it is none, or contradicts itself.
pub fn check_policy(text: &str) -> Result<String, Fault> {
    let policy = policy(text)?;
    policy.validate().map_err(Fault::configuration)?;
    Ok(json(&policy))
}

pub(crate) fn policy(text: &str) -> Result<Policy, Fault> {
    serde_json::from_str(text).map_err(|problem| Fault::configuration(format!("invalid policy: {problem}")))
}

pub(crate) fn baseline((image, status): Before) -> Baseline {
    Baseline::new(image, Arc::unwrap_or_clone(status))
}

pub(crate) fn update(update: Update) -> Told {
    match update {
        Update::Outcome(ended) => outcome(ended),
        Update::Reading(mut reading) => {
            let status = std::mem::replace(&mut reading.status, ImageStatus::new(MachineCounts::default()));
            Told { text: without_status(&Update::Reading(reading)), status: Some(Arc::new(status)) }
        }
        other => Told { text: json(&other), status: None },
    }
}

fn outcome(mut outcome: Outcome) -> Told {
    let status = outcome.status.take().map(Arc::new);
    Told { text: without_status(&Update::Outcome(outcome)), status }
}

fn gate(text: &str) -> Result<Gate, Fault> {
    serde_json::from_str(text).map_err(|problem| Fault::configuration(format!("invalid gate: {problem}")))
}

fn without_status(update: &Update) -> String {
    let mut value = serde_json::to_value(update).unwrap_or_default();
    if let Value::Object(fields) = &mut value {
        fields.remove("status");
        fields.remove("summary");
    }
    value.to_string()
}
