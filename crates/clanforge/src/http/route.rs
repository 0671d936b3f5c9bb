//! How the service is reached.

use std::time::Duration;

use crate::http::proxy::Proxy;
use crate::http::tls::trust::TrustStore;

/// How many headers a response may have over HTTP/1.1. Gateways and tracing add headers: hyper's default of 100 is too few.
pub(crate) const MAX_HEADERS: usize = 512;

/// How many bytes the headers of a response may have over HTTP/2, each with 32 more (RFC 9113, section 6.5.2): as many as hyper
/// reads over HTTP/1.1, while its default for HTTP/2 is 16 KB.
pub(crate) const MAX_HEADER_BYTES: u32 = 400 * 1024;

/// How connections to the service are opened: what errors about them name.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// Scheme, host and port of the service.
    pub(crate) origin: String,
    pub(crate) trust: TrustStore,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) connect_timeout: Duration,
}
