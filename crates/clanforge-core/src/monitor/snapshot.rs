//! A monitor as JSON, so that a wait survives its process.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::machine::Monitor;
use super::outcome::OutcomeKind;
use super::policy::{InvalidPolicy, Policy};
use super::step::Next;
use crate::request::ImageRef;
use crate::version::Version;

/// A monitor between two readings: [`Monitor::restore`] continues it, also in another process and on another machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("x-handle" = true)))]
pub struct Snapshot {
    version: Version,
    /// The image.
    image: ImageRef,
    /// What the wait has seen so far. Its shape may change with any version.
    #[cfg_attr(feature = "schema", schemars(with = "Value"))]
    state: Box<Monitor>,
}

/// Why a snapshot cannot be continued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the snapshot is damaged: {0}")]
pub struct InvalidSnapshot(String);

/// The fields of a policy that may change during a wait. The others determine what the readings so far add up to.
const DEADLINES: [&str; 4] =
    ["timeout_seconds", "stall_timeout_seconds", "start_grace_seconds", "max_unreachable_seconds"];

impl Snapshot {
    /// Returns the image.
    pub const fn image(&self) -> ImageRef {
        self.image
    }
}

impl Monitor {
    /// Returns the monitor as it is now: one that is restored from it leads to the same steps.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { version: Version, image: self.image, state: Box::new(self.clone()) }
    }

    /// Returns a monitor that continues from a snapshot.
    ///
    /// # Errors
    /// [`InvalidSnapshot`] if its parts contradict each other.
    pub fn restore(snapshot: Snapshot) -> Result<Self, InvalidSnapshot> {
        let Snapshot { image, state, .. } = snapshot;
        let refuse = |problem: String| Err(InvalidSnapshot(problem));
        if state.image != image {
            return refuse(format!("it names {image}, but its data is of {}", state.image));
        }
        if let Err(error) = state.policy.validate() {
            return refuse(error.to_string());
        }
        let has_warnings = state.warnings_given <= state.warnings.len();
        if !has_warnings || !state.evidence.is_consistent() || !state.pace.is_consistent() {
            return refuse("its data contradicts itself".to_owned());
        }
        Ok(*state)
    }

    /// Takes another policy for the rest of the wait. It may differ in its deadlines: the timeout, the stall timeout,
    /// the start grace, and how long the service may be unreachable. If one does, a wait that has ended as anything
    /// other than ready or failed goes on.
    ///
    /// # Errors
    /// [`InvalidPolicy`] if the policy contradicts itself, or if it differs in anything else: the readings so far were
    /// evaluated by the former one.
    pub fn change_policy(&mut self, policy: Policy) -> Result<(), InvalidPolicy> {
        policy.validate()?;
        let (before, after) = (fields(&self.policy), fields(&policy));
        if before == after {
            return Ok(());
        }
        let changed = before.iter().zip(&after).filter(|(before, after)| before != after);
        let refused = changed.filter(|((name, _), _)| !DEADLINES.contains(&name.as_str()));
        let refused: Vec<_> =
            refused.map(|((name, before), (_, after))| format!("{name} was {before}, and is now {after}")).collect();
        if !refused.is_empty() {
            return Err(InvalidPolicy(format!("only deadlines may change during a wait: {}", refused.join(", "))));
        }
        self.policy = policy;
        if let Some(Next::Finished(outcome)) = &self.end
            && !matches!(outcome.kind, OutcomeKind::Ready | OutcomeKind::Failed)
        {
            self.end = None;
        }
        Ok(())
    }
}

/// Returns the fields of a policy and of its gate with their values, in one order.
fn fields(policy: &Policy) -> Vec<(String, Value)> {
    let Ok(Value::Object(mut policy)) = serde_json::to_value(policy) else { return Vec::new() };
    let gate = match policy.remove("gate") {
        Some(Value::Object(gate)) => gate,
        _ => serde_json::Map::new(),
    };
    let gate = gate.into_iter().map(|(name, value)| (format!("gate.{name}"), value));
    policy.into_iter().chain(gate).collect()
}
