//! The HTTP client below: the one place that knows reqwest's settings.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};

use crate::defaults;
use crate::error::Error;
use crate::error::cause_texts;
use crate::http::base_url::BaseUrl;
use crate::http::connect_tracker::ConnectTracker;
use crate::http::proxy::{Proxy, ProxyChoice};
use crate::http::trust::{NamedPath, TrustStore};

/// How connections are opened, kept and secured.
#[derive(Clone, Debug)]
pub(crate) struct TransportOptions {
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) max_body_bytes: usize,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) default_ca: Option<NamedPath>,
    pub(crate) extra_ca_file: Option<PathBuf>,
    pub(crate) proxy: ProxyChoice,
    pub(crate) user_agent: String,
}

/// How long an HTTP/2 connection may be silent under a request before it is asked for a sign of life, and how long that
/// may take. Attempts share the connection and would otherwise wait for a dead one, each for its whole time.
const PING_PATIENCE: Duration = Duration::from_secs(5);

/// A pool of connections to one origin.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) trust: TrustStore,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_body_bytes: usize,
}

impl Transport {
    /// Returns a transport to `base`, for attempts of so long; nothing is connected yet.
    ///
    /// # Errors
    /// `configuration` where the trust store, the proxy or the user agent cannot be used.
    pub(crate) fn new(base: &BaseUrl, options: TransportOptions, attempt_timeout: Duration) -> Result<Self, Error> {
        let proxy = options.proxy.on_the_way_to(base)?;
        // Without encryption no certificate is looked for: a machine without any still reaches the simulator.
        let is_plain = base.is_plain() && proxy.as_ref().is_none_or(Proxy::is_plain);
        let trust = match is_plain {
            true => TrustStore::unused(),
            false => TrustStore::choose(options.ca_file, options.default_ca, options.extra_ca_file),
        };
        let mut tls = trust.client_config()?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let patience = PING_PATIENCE.min(attempt_timeout / 4);
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(user_agent(&options.user_agent)?)
            .default_headers(headers())
            .connect_timeout(options.connect_timeout)
            .pool_idle_timeout(options.idle_timeout)
            .http2_keep_alive_interval(patience)
            .http2_keep_alive_timeout(patience)
            .connector_layer(ConnectTracker)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never());
        let builder = match &proxy {
            Some(proxy) => builder.proxy(proxy.to_reqwest()?),
            None => builder,
        };
        let http = builder.build().map_err(|error| {
            let error = error.without_url();
            let causes = cause_texts(&error).join(": ");
            Error::configuration(format!("the HTTP client cannot be set up with {trust}: {error}: {causes}"))
        })?;
        Ok(Self {
            http,
            trust,
            proxy,
            connect_timeout: options.connect_timeout,
            max_body_bytes: options.max_body_bytes,
        })
    }
}

fn headers() -> HeaderMap {
    HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        // A proxy's memory of a reading is no reading.
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        // The service's page on authentication asks for it on every request, a GET without a body included.
        (CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded")),
    ])
}

fn user_agent(product: &str) -> Result<HeaderValue, Error> {
    let own = concat!("clanforge/", env!("CARGO_PKG_VERSION"));
    let text = if product.is_empty() { own.to_owned() } else { format!("{product} {own}") };
    HeaderValue::from_str(&text)
        .map_err(|_| Error::configuration(format!("user agent {product:?} refused: it contains a control character")))
}

impl TransportOptions {
    /// Returns an error that names the option that lets nothing happen.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        if self.connect_timeout.is_zero() {
            return Err(Error::configuration("connect_timeout is zero: no connection can be opened in no time"));
        }
        match self.max_body_bytes {
            0 => Err(Error::configuration("max_body_bytes is 0: no status has no bytes")),
            _ => Ok(()),
        }
    }
}

impl Default for TransportOptions {
    fn default() -> Self {
        Self {
            connect_timeout: defaults::CONNECT_TIMEOUT,
            idle_timeout: defaults::IDLE_TIMEOUT,
            max_body_bytes: defaults::MAX_BODY_BYTES,
            ca_file: None,
            default_ca: None,
            extra_ca_file: None,
            proxy: ProxyChoice::Environment,
            user_agent: String::new(),
        }
    }
}
