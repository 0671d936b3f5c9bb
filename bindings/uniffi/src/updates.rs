//! The updates of a wait, and its outcome.

use std::sync::Arc;

use clanforge::monitor;
use clanforge_bindings::{BindingError, EncodedUpdate, json};

use crate::checks::from_json;
use crate::generated::{Outcome, OutcomeKind, Result, Update};
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
    /// Returns whether the gate passed.
    pub fn is_ready(&self) -> bool {
        self.kind == OutcomeKind::Ready
    }

    /// Returns the exit code that the command has for it.
    pub fn exit_code(&self) -> i32 {
        self.kind.exit_code()
    }

    /// Returns the outcome in JSON, in the format of the `wait -o json` output.
    pub fn to_json(&self) -> Result<String> {
        let mut fields = serde_json::to_value(self).map_err(BindingError::bug)?;
        fields["status"] =
            serde_json::to_value(self.status.as_ref().map(|status| &*status.0)).map_err(BindingError::bug)?;
        for (name, value) in Self::CONSTANTS {
            fields[name] = value.into();
        }
        Ok(json(&monitor::Update::Outcome(serde_json::from_value(fields).map_err(BindingError::bug)?)))
    }
}
