//! The HTTP client: the only place that configures reqwest.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Name, Resolve};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Request, Response};
use tokio::time::Instant;

use crate::error::{AttemptPhase, CurrentPhase, Error, Failure, plain_cause};
use crate::http::base_url::BaseUrl;
use crate::http::connect_tracker::{self, ConnectTracker};
use crate::http::proxy::Proxy;
use crate::http::resolver::{KnownAddresses, SystemResolver, with_addresses};
use crate::http::route::{MAX_HEADER_BYTES, MAX_HEADERS, Route};
use crate::http::tls::trust::{NamedPath, TrustStore};
use crate::http::transport_error::{classify_transport_error, unresolved};
use crate::options::ClientOptions;

/// How long an HTTP/2 connection with an open request may be silent before it is pinged, and how long the response to the
/// ping may take. Attempts share the connection: without pings, each would wait for a dead one until its own timeout.
const PING_TIMEOUT: Duration = Duration::from_secs(5);

/// A pool of connections to one origin.
#[derive(Clone)]
pub(crate) struct Transport {
    http: reqwest::Client,
    resolver: Arc<dyn Resolve>,
    route: Route,
    max_body_bytes: usize,
}

impl Transport {
    /// Returns a transport to `base` with these options. Nothing is connected yet.
    ///
    /// # Errors
    /// `configuration` if the trust store, the proxy or the user agent cannot be used.
    pub(crate) fn new(base: &BaseUrl, options: &ClientOptions, default_ca: Option<NamedPath>) -> Result<Self, Error> {
        Self::with_resolver(base, options, default_ca, Arc::new(SystemResolver))
    }

    /// Returns the same transport, which resolves host names by `resolver`.
    pub(crate) fn with_resolver(
        base: &BaseUrl,
        options: &ClientOptions,
        default_ca: Option<NamedPath>,
        resolver: Arc<dyn Resolve>,
    ) -> Result<Self, Error> {
        let proxy = Proxy::select(options, base)?;
        // Plain HTTP needs no trust store: a machine without CA certificates can still use the simulator.
        let is_plain = base.is_plain() && proxy.as_ref().is_none_or(Proxy::is_plain);
        let trust = match is_plain {
            true => TrustStore::unused(),
            false => TrustStore::choose(options.ca_file.clone(), default_ca, options.extra_ca_file.clone()),
        };
        let mut tls = trust.client_config()?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let ping_timeout = options.attempt_timeout.map_or(PING_TIMEOUT, |limit| PING_TIMEOUT.min(limit / 4));
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(user_agent(options.user_agent.as_deref().unwrap_or_default())?)
            .default_headers(headers())
            .connect_timeout(options.connect_timeout)
            .pool_idle_timeout(options.idle_timeout)
            // `call::content_coding` decodes bodies, whatever features of reqwest other crates of the program turn on.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .http1_max_headers(MAX_HEADERS)
            .http2_max_header_list_size(MAX_HEADER_BYTES)
            .http2_keep_alive_interval(ping_timeout)
            .http2_keep_alive_timeout(ping_timeout)
            .connector_layer(ConnectTracker)
            .dns_resolver(KnownAddresses(Arc::clone(&resolver)))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never());
        let builder = match &proxy {
            Some(proxy) => builder.proxy(proxy.to_reqwest()?),
            None => builder,
        };
        let http = builder.build().map_err(|error| {
            let cause = plain_cause(&error.without_url());
            Error::configuration(format!("the HTTP client could not be set up with {trust}: {cause}"))
        })?;
        let route = Route { origin: base.origin(), trust, proxy, connect_timeout: options.connect_timeout };
        Ok(Self { http, resolver, route, max_body_bytes: options.max_body_bytes })
    }

    /// Sends a request and returns the response once its headers have arrived. `again` returns a copy of the request to
    /// send it again. It records in `phase` what it waits for.
    ///
    /// # Errors
    /// Why there is no response.
    pub(crate) async fn send(
        &self,
        request: Request,
        again: impl Fn() -> Option<Request>,
        phase: &CurrentPhase,
    ) -> Result<Response, Failure> {
        // Only the pool knows whether the request needs a connection, and so the addresses of the host.
        let ((mut sent, mut opened), needed) = self.execute(request, None).await;
        if let Some(name) = needed
            && let Some(request) = again()
        {
            let addresses = self.resolve(name, phase).await?;
            ((sent, opened), _) = self.execute(request, Some(addresses)).await;
        }
        sent.map_err(|error| classify_transport_error(&self.route, opened, error))
    }

    /// Sends a request with these addresses of the host. Returns the response and whether a connection was opened, and the
    /// name of the host if its addresses are missing.
    async fn execute(
        &self,
        request: Request,
        addresses: Option<Vec<SocketAddr>>,
    ) -> ((reqwest::Result<Response>, bool), Option<Name>) {
        with_addresses(addresses, connect_tracker::track(self.http.execute(request))).await
    }

    /// Returns the addresses of a host or proxy.
    async fn resolve(&self, name: Name, phase: &CurrentPhase) -> Result<Vec<SocketAddr>, Failure> {
        let host = self.route.proxy.as_ref().map_or_else(|| name.as_str().to_owned(), ToString::to_string);
        phase.set(AttemptPhase::Addresses(host.clone()));
        let began = Instant::now();
        let addresses = self.resolver.resolve(name).await;
        let addresses = addresses
            .map_err(|error| {
                let failure = unresolved(&host, &*error);
                Failure { maybe_elsewhere: self.route.proxy.is_none(), ..failure }
            })?
            .collect();
        phase.set(AttemptPhase::Response { resolved: Some((host, began.elapsed())) });
        Ok(addresses)
    }

    /// Returns the proxy that all connections go through; `None` if they go to the service.
    pub(crate) const fn proxy(&self) -> Option<&Proxy> {
        self.route.proxy.as_ref()
    }

    /// Returns the largest body that may be read, after decompression.
    pub(crate) const fn max_body_bytes(&self) -> usize {
        self.max_body_bytes
    }
}

fn headers() -> HeaderMap {
    HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        (ACCEPT_ENCODING, HeaderValue::from_static("gzip")),
        // A cached status would be an old one.
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        // The service's documentation asks for it on every request, a GET without a body included.
        (CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded")),
    ])
}

fn user_agent(product: &str) -> Result<HeaderValue, Error> {
    let own = concat!("clanforge/", env!("CARGO_PKG_VERSION"));
    let text = if product.is_empty() { own.to_owned() } else { format!("{product} {own}") };
    HeaderValue::from_str(&text)
        .map_err(|_| Error::configuration(format!("invalid `user_agent` {product:?}: it contains a control character")))
}
