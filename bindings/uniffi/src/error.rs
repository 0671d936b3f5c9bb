//! Errors: one variant for each kind, with fields. None holds a secret.

use clanforge_bindings::{BindingError, json};
use serde::Deserialize;

use crate::checks::internal;
pub(crate) use crate::generated::ClanforgeError;
use crate::generated::{ErrorFields, ErrorKind};

pub(crate) type Result<T> = std::result::Result<T, ClanforgeError>;

/// The JSON of an error.
#[derive(Deserialize)]
struct Report {
    kind: ErrorKind,
    message: String,
    #[serde(flatten)]
    fields: ErrorFields,
}

impl From<BindingError> for ClanforgeError {
    fn from(error: BindingError) -> Self {
        let report = serde_json::from_str(&json(&error)).unwrap_or_else(|problem| Report {
            kind: ErrorKind::Internal,
            message: internal(problem).report().message.clone(),
            fields: ErrorFields::default(),
        });
        Self::new(report.kind, report.message, report.fields)
    }
}

impl From<clanforge::Error> for ClanforgeError {
    fn from(error: clanforge::Error) -> Self {
        BindingError::from(error).into()
    }
}

impl From<clanforge::core::ResponseError> for ClanforgeError {
    fn from(error: clanforge::core::ResponseError) -> Self {
        BindingError::from(error).into()
    }
}

pub(crate) fn configuration(problem: impl ToString) -> ClanforgeError {
    BindingError::configuration(problem).into()
}
