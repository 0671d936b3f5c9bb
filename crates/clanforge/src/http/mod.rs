//! The transport: connections to one service, with TLS, proxies and the connection pool.
//!
//! Nothing here knows an endpoint or a model, and nothing outside knows reqwest's settings. The rest of the crate sees a
//! [`BaseUrl`] and a [`Transport`], which sends a request and returns the response or a
//! [`Failure`](crate::error::Failure).

mod base_url;
mod connect_tracker;
mod no_proxy;
mod proxy;
mod resolver;
mod route;
mod tls;
mod transport;
mod transport_error;

pub(crate) use base_url::{BaseUrl, origin};
pub(crate) use proxy::Proxy;
pub(crate) use tls::trust::NamedPath;
pub(crate) use transport::Transport;
