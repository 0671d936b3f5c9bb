//! The transport: connections to one service, with TLS, proxies and the connection pool.
//!
//! Nothing here knows an endpoint or a model, and nothing outside knows reqwest's settings. The rest of the crate sees a
//! [`BaseUrl`] and a [`Transport`], which sends a request and returns the response or a
//! [`Failure`](crate::error::Failure).

mod base_url;
mod connect_tracker;
mod key_exchange;
mod no_proxy;
mod pem;
mod proxy;
mod resolver;
mod route;
mod signatures;
mod tls_error;
mod tls_provider;
mod transport;
mod transport_error;
mod trust;

pub(crate) use base_url::{BaseUrl, origin};
pub(crate) use proxy::Proxy;
pub(crate) use transport::Transport;
pub(crate) use trust::NamedPath;
