//! TLS: which certificates a client trusts, its cryptography, and what went wrong, in plain words.

pub(crate) mod error;
mod key_exchange;
mod pem;
mod provider;
mod signatures;
pub(crate) mod trust;
