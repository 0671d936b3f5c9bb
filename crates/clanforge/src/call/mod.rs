//! Calls: attempts, what the response to each means, and the retries between them.

mod attempt;
mod retry_loop;
mod retry_policy;

pub(crate) use attempt::Attempt;
pub(crate) use retry_loop::{AttemptPhase, CallLimits, call};
