//! The cryptography of TLS: that of ring, and what OpenSSL has beyond it.

use std::sync::{Arc, LazyLock};

use rustls::crypto::{CryptoProvider, ring};

use crate::http::tls::{key_exchange, signatures};

static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| {
    let mut provider = ring::default_provider();
    provider.signature_verification_algorithms = signatures::extended(provider.signature_verification_algorithms);
    provider.kx_groups.push(key_exchange::P521);
    Arc::new(provider)
});

/// Returns the provider of every client's TLS.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::clone(&PROVIDER)
}
