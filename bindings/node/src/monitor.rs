//! The gate, the policy and the state machine of waiting.

use clanforge_bindings::Told;
use napi_derive::napi;

use crate::client::{before_of, image};
use crate::error::guarded;
use crate::number;
use crate::status::Status;

/// What a monitor makes of a reading.
#[napi(object, object_from_js = false)]
pub struct Step {
    /// The update, as JSON without its status.
    pub update: String,
    /// The update's status.
    pub status: Option<Status>,
    /// The outcome, likewise.
    pub outcome: Option<String>,
    /// The outcome's status.
    pub outcome_status: Option<Status>,
    /// Read again after so many seconds.
    pub next_reading: Option<f64>,
}

/// Decides from readings.
#[napi]
pub struct Monitor(clanforge_bindings::Monitor);

#[napi]
impl Monitor {
    #[napi(constructor)]
    pub fn new(
        account_service_id: f64,
        image_id: f64,
        policy: String,
        before: Option<Vec<f64>>,
        status: Option<&Status>,
    ) -> napi::Result<Self> {
        guarded(|| {
            let image = image(account_service_id, image_id);
            Ok(Self(clanforge_bindings::Monitor::new(image, &policy, before_of(before, status)?)?))
        })
    }

    #[napi(getter)]
    pub fn needs_detail(&self) -> bool {
        self.0.needs_detail()
    }

    #[napi(getter)]
    pub fn has_started(&self) -> bool {
        self.0.has_started()
    }

    #[napi]
    pub fn observe_status(&self, elapsed: f64, status: &Status) -> napi::Result<Step> {
        guarded(|| step(self.0.observe_status(elapsed, &status.0)?))
    }

    /// `failure` is JSON.
    #[napi]
    pub fn observe_failure(&self, elapsed: f64, failure: String) -> napi::Result<Step> {
        guarded(|| step(self.0.observe_failure(elapsed, &failure)?))
    }
}

fn step(step: clanforge_bindings::Step) -> Result<Step, crate::error::Thrown> {
    let Told { text, status } = step.told;
    let (outcome, outcome_status) = match step.outcome {
        Some(Told { text, status }) => (Some(text), status),
        None => (None, None),
    };
    for status in status.iter().chain(&outcome_status) {
        number::check(status)?;
    }
    Ok(Step {
        update: text,
        status: status.map(Status),
        outcome,
        outcome_status: outcome_status.map(Status),
        next_reading: step.next_reading_seconds,
    })
}

/// Throws where this is no gate; else returns it with every field.
#[napi]
pub fn check_gate(gate: String) -> napi::Result<String> {
    guarded(|| Ok(clanforge_bindings::check_gate(&gate)?))
}

/// Returns the verdict as JSON.
#[napi]
pub fn evaluate(gate: String, status: &Status) -> napi::Result<String> {
    guarded(|| Ok(clanforge_bindings::evaluate(&gate, &status.0)?))
}

/// Throws where this is no policy; else returns it with every field.
#[napi]
pub fn check_policy(policy: String) -> napi::Result<String> {
    guarded(|| Ok(clanforge_bindings::check_policy(&policy)?))
}
