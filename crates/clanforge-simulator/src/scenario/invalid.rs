//! Why a scenario is invalid.

use std::fmt;

/// Why a scenario is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidScenario(pub(crate) String);

impl fmt::Display for InvalidScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid scenario: {}", self.0.trim_end())
    }
}

impl std::error::Error for InvalidScenario {}
