//! The updates of a wait, and its outcome.

use std::sync::Arc;

use clanforge::core::timestamp;
use clanforge::monitor;
use clanforge_bindings::{BindingError, EncodedUpdate, json};

use crate::checks::from_json;
use crate::generated::{Baseline, Outcome, OutcomeKind, RecordedWait, Result, Update, policy_from_json};
use crate::status::ImageStatus;

impl Update {
    pub(crate) fn decode(EncodedUpdate { json, status }: EncodedUpdate) -> Result<Self> {
        let mut update = from_json(&json)?;
        let status = status.map(|status| Arc::new(ImageStatus(status)));
        match &mut update {
            Self::Reading { reading } => reading.status = status.unwrap_or_default(),
            Self::Outcome { outcome } => outcome.status = status,
            Self::ReadFailed { .. } => {}
        }
        Ok(update)
    }
}

#[uniffi::export]
impl Outcome {
    /// Returns whether the wait ended as ready.
    pub fn is_ready(&self) -> bool {
        self.kind == OutcomeKind::Ready
    }

    /// Returns the exit code of the `clanforge` command for this outcome.
    pub fn exit_code(&self) -> i32 {
        self.kind.exit_code()
    }

    /// Returns the outcome in JSON, as `clanforge wait -o json` writes it.
    pub fn to_json(&self) -> Result<String> {
        let mut fields = serde_json::to_value(self).map_err(BindingError::bug)?;
        for (name, value) in Self::CONSTANTS {
            fields[name] = value.into();
        }
        let mut outcome: monitor::Outcome = serde_json::from_value(fields).map_err(BindingError::bug)?;
        outcome.status = self.status.as_ref().map(|status| (*status.0).clone());
        Ok(json(&monitor::Update::Outcome(outcome)))
    }
}

/// Parses a recording, as `clanforge wait --record` and `--output jsonl` write it, and returns its waits in the order in which
/// they began.
///
/// # Errors
/// `configuration` if the text is not a recording.
#[uniffi::export]
pub fn parse_recording(text: &str) -> Result<Vec<RecordedWait>> {
    let waits = clanforge_bindings::recorded_waits(text)?.into_iter();
    waits
        .map(|(header, updates)| {
            Ok(RecordedWait {
                policy: policy_from_json(&json(&header.policy))?,
                baseline: header.baseline.as_ref().map(Baseline::from),
                image: header.image.into(),
                time: timestamp::text(header.time),
                wait: header.wait,
                updates: updates.into_iter().map(Update::decode).collect::<Result<_>>()?,
            })
        })
        .collect()
}
