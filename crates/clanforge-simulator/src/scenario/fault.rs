//! When a reply is replaced by a fault.

use std::time::Duration;

use serde::Deserialize;

use super::duration::duration;
use super::invalid::InvalidScenario;
use super::reply::Reply;

/// A reply that replaces the usual one, and when it does. All conditions that are set must hold. If several
/// faults of a scenario apply to a request, only the first of them takes effect.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The reply.
    pub reply: Reply,
    /// The period of the rollout in which the fault applies; defaults to any time.
    pub during: Option<During>,
    /// The requests to which the fault applies, by number, from 1; defaults to all of them.
    pub requests: Option<Requests>,
    /// Apply the fault only to every n-th request, such as every third; defaults to 1.
    pub every: Option<u64>,
}

/// A period of the rollout; the moment of its end is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct During {
    /// The beginning, as the time since the start of the rollout.
    #[serde(deserialize_with = "duration")]
    #[cfg_attr(feature = "schema", schemars(with = "super::duration::Schema"))]
    pub from: Duration,
    /// The end, as the time since the start of the rollout.
    #[serde(deserialize_with = "duration")]
    #[cfg_attr(feature = "schema", schemars(with = "super::duration::Schema"))]
    pub to: Duration,
}

/// Consecutive requests, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// The number of the first request, from 1.
    pub from: u64,
    /// The number of the last request.
    pub to: u64,
}

/// When a request arrives.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// The time since the start of the rollout.
    pub rollout: Duration,
    /// The number of the request, from 1.
    pub request: u64,
}

impl Fault {
    /// Returns a fault that applies to every request.
    pub const fn always(reply: Reply) -> Self {
        Self { reply, during: None, requests: None, every: None }
    }

    /// Returns true if the fault applies to a request that arrives then.
    pub fn applies(&self, when: When) -> bool {
        self.during.is_none_or(|during| (during.from..during.to).contains(&when.rollout))
            && self.requests.is_none_or(|requests| (requests.from..=requests.to).contains(&when.request))
            && self.every.is_none_or(|every| when.request.is_multiple_of(every))
    }

    pub(crate) fn validate(&self) -> Result<(), InvalidScenario> {
        if self.every == Some(0) {
            return Err(InvalidScenario("a fault has every = 0: must be at least 1".to_owned()));
        }
        if self.during.is_some_and(|during| during.from >= during.to) {
            return Err(InvalidScenario(
                "a fault has an empty period: during.from must be before during.to".to_owned(),
            ));
        }
        if self.requests.is_some_and(|requests| requests.from == 0 || requests.from > requests.to) {
            return Err(InvalidScenario(
                "a fault has no requests: requests.from must be at least 1, and at most requests.to".to_owned(),
            ));
        }
        self.reply.validate()
    }
}
