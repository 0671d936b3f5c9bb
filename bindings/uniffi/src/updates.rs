//! The updates of a wait, and its outcome.

use std::sync::Arc;

use clanforge::monitor;
use clanforge_bindings::{BindingError, EncodedUpdate, json};
use serde_json::Value;

use crate::checks::from_json;
use crate::generated::{Outcome, OutcomeKind, RecordedWait, Result, Update};
use crate::status::ImageStatus;

impl Update {
    pub(crate) fn decode(EncodedUpdate { json, status }: EncodedUpdate) -> Result<Self> {
        let mut update = from_json(&json)?;
        match (&mut update, status.map(|status| Arc::new(ImageStatus(status)))) {
            (Self::Reading { reading }, Some(status)) => reading.status = status,
            (Self::Outcome { outcome }, status) => outcome.status = status,
            (Self::Reading { .. }, None) | (Self::ReadFailed { .. }, _) => {}
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
        Ok(json(&monitor::Update::Outcome(serde_json::from_value(fields).map_err(BindingError::bug)?)))
    }
}

/// Parses a recording, as `clanforge wait --record` and `--output jsonl` write it, and returns its waits in the order in which
/// they began.
///
/// # Errors
/// `configuration` if the text is not a recording.
#[uniffi::export]
pub fn parse_recording(text: &str) -> Result<Vec<RecordedWait>> {
    let mut recording: Value = from_json(&clanforge_bindings::parse_recording(text)?)?;
    let waits: Vec<Value> = serde_json::from_value(recording["waits"].take()).map_err(BindingError::bug)?;
    waits
        .into_iter()
        .map(|mut wait| {
            wait["header"]["updates"] = wait["updates"].take();
            Ok(serde_json::from_value(wait["header"].take()).map_err(BindingError::bug)?)
        })
        .collect()
}
