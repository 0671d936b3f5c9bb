//! The transport: connections to one service, with TLS, proxies and the connection pool. No model and no endpoint is known
//! here, and nothing outside knows reqwest's settings.
//!
//! The rest of the crate sees a [`BaseUrl`], a [`Transport`] with its options, and [`classify_transport_error`].

mod base_url;
pub(crate) mod connect_tracker;
mod no_proxy;
pub(crate) mod proxy;
mod transport;
mod transport_error;
mod trust;

pub(crate) use base_url::{BaseUrl, origin};
pub(crate) use proxy::ProxyChoice;
pub(crate) use transport::{Transport, TransportOptions};
pub(crate) use transport_error::classify_transport_error;
pub(crate) use trust::NamedPath;
