//! The transport: connections, HTTP/2, TLS and proxies.

mod connections;
mod http2;
mod real_servers;
mod stock_server;
mod tls;
