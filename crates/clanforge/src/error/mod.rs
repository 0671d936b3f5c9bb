//! Errors: what callers get, what one attempt fails with, and how secrets are kept out of both.
//!
//! [`Error`] is public. The rooms of the crate report a [`Failure`], which the loop over attempts turns into an [`Error`].

mod client_error;
mod failure;
mod redactor;

pub(crate) use client_error::Details;
pub use client_error::Error;
pub(crate) use failure::{Failure, Retry, RetryReason, cause_texts, error_chain};
pub(crate) use redactor::Redactor;
