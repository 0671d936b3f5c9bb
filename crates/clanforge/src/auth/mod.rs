//! Authentication: credentials, where they come from, and how a request carries them.
//!
//! [`Credentials`] and [`AuthScheme`] are public. The rest of the crate sees an [`Authenticator`], which gives each attempt a
//! signer for its Authorization header, and decides whether another attempt follows a 401 or 403.

mod authenticator;
mod credentials;
#[cfg(feature = "sigv4")]
mod signature_v4;
mod signer;

pub(crate) use authenticator::{Authenticator, Provider, ProviderError};
pub(crate) use credentials::CredentialParts;
pub use credentials::{AuthScheme, Credentials};
pub(crate) use signer::Signer;
