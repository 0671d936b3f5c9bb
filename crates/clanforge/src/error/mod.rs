//! Errors: what callers get, what one attempt fails with, and how secrets are kept out of both.
//!
//! [`Error`] is public. The other modules return a [`Failure`], which the retry loop turns into an [`Error`] once no attempt
//! follows. [`Redactor`] removes secrets from text that comes from outside.

mod attempt_phase;
mod client_error;
mod error_chain;
mod failure;
mod redactor;

pub(crate) use attempt_phase::{AttemptPhase, CurrentPhase};
pub(crate) use client_error::Details;
pub use client_error::Error;
pub(crate) use error_chain::{cause_texts, chain, cut, find, plain_cause};
pub(crate) use failure::{Failure, Progress, Retry, RetryReason};
pub(crate) use redactor::Redactor;
