//! How the service is reached.

use std::time::Duration;

use crate::http::proxy::Proxy;
use crate::http::trust::TrustStore;

/// How many headers a response may have over HTTP/1.1. Gateways and tracing add headers: hyper's default of 100 is too few.
pub(crate) const MAX_HEADERS: usize = 512;

/// How connections to the service are opened: what errors about them name.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) trust: TrustStore,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) connect_timeout: Duration,
}
