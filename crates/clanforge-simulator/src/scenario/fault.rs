//! What goes wrong, and when.

use std::time::Duration;

use serde::Deserialize;

use super::file::{InvalidScenario, duration};
use super::reply::Reply;

/// A reply that takes the place of the proper one, and when it does. The first fault of a scenario that applies counts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What the request is met with.
    pub reply: Reply,
    /// A part of the rollout's time; all of it where it is left out.
    pub during: Option<During>,
    /// The requests by number, from 1; all of them where it is left out.
    pub requests: Option<Requests>,
    /// Every so many requests; each one where it is left out.
    pub every: Option<u64>,
}

/// From a moment of the rollout until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct During {
    /// The first moment, counted from the deploy command.
    #[serde(deserialize_with = "duration")]
    pub from: Duration,
    /// The moment when it is over.
    #[serde(deserialize_with = "duration")]
    pub to: Duration,
}

/// From one request to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// The number of the first request, from 1.
    pub from: u64,
    /// The number of the last request.
    pub to: u64,
}

/// The moment of a request.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// The time of the rollout.
    pub rollout: Duration,
    /// The number of the request, from 1.
    pub request: u64,
}

impl Fault {
    /// Returns a fault of every request.
    pub const fn always(reply: Reply) -> Self {
        Self { reply, during: None, requests: None, every: None }
    }

    /// Returns true where the fault spoils the reply to a request of this moment.
    pub fn applies(&self, when: When) -> bool {
        self.during.is_none_or(|during| (during.from..during.to).contains(&when.rollout))
            && self.requests.is_none_or(|requests| (requests.from..=requests.to).contains(&when.request))
            && self.every.is_none_or(|every| when.request.is_multiple_of(every))
    }

    pub(crate) fn validate(&self) -> Result<(), InvalidScenario> {
        if self.every == Some(0) {
            return Err(InvalidScenario("a fault has every = 0: requests are counted from 1".to_owned()));
        }
        if self.during.is_some_and(|during| during.from >= during.to) {
            return Err(InvalidScenario(
                "a fault ends before it begins: during.from is not before during.to".to_owned(),
            ));
        }
        if self.requests.is_some_and(|requests| requests.from == 0 || requests.from > requests.to) {
            return Err(InvalidScenario("a fault has no requests: they are counted from 1, from <= to".to_owned()));
        }
        self.reply.validate()
    }
}
