//! Authentication: credentials, where they come from, and how a request carries them.
//!
//! [`Credentials`] and [`AuthScheme`] are public. The rest of the crate sees an [`Authenticator`], which gives each attempt
//! the [`Signer`](credentials::Signer) that adds the Authorization header.

mod authenticator;
mod credentials;
#[cfg(feature = "sigv4")]
mod signature_v4;

pub(crate) use authenticator::{Authenticator, Provider, ProviderError};
pub use credentials::{AuthScheme, Credentials};
