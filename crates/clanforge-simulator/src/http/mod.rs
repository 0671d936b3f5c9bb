//! HTTP/1 on a socket: reads requests, writes responses byte by byte. Knows nothing of scenarios and rollouts.

pub(crate) mod connection;
pub(crate) mod request;
pub(crate) mod signature;
