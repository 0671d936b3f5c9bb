//! The HTTP client below: the one place that knows reqwest's settings.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderValue};
use url::Url;

use crate::base_url::BaseUrl;
use crate::defaults;
use crate::environment;
use crate::error::Error;
use crate::failure::cause_texts;
use crate::opened::NoteOpened;
use crate::trust::TrustStore;

/// How connections are opened, kept and secured.
#[derive(Clone, Debug)]
pub(crate) struct TransportOptions {
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) max_body_bytes: usize,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) extra_ca_file: Option<PathBuf>,
    pub(crate) proxy: Proxy,
    pub(crate) user_agent: String,
}

/// Which proxy connections go through.
#[derive(Clone)]
pub(crate) enum Proxy {
    /// That of `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; none for loopback.
    Environment,
    None,
    Url(String),
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::None => "None",
            // A proxy's URL may hold a password.
            Self::Url(_) => "Url([redacted])",
        })
    }
}

/// A pool of connections to one origin.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    pub(crate) http: reqwest::Client,
    pub(crate) trust: TrustStore,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_body_bytes: usize,
}

impl Transport {
    /// Returns a transport to `base`; nothing is connected yet.
    ///
    /// # Errors
    /// `configuration` where the trust store, the proxy or the user agent cannot be used.
    pub(crate) fn new(base: &BaseUrl, options: TransportOptions) -> Result<Self, Error> {
        let proxy = options.proxy.url_for(base)?;
        // Without encryption no certificate is looked for: a machine without any still reaches the simulator.
        let is_plain = base.is_plain() && proxy.as_ref().is_none_or(|proxy| proxy.scheme() == "http");
        let trust = match is_plain {
            true => TrustStore::unused(),
            false => TrustStore::choose(options.ca_file, options.extra_ca_file),
        };
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(trust.client_config()?)
            .user_agent(user_agent(&options.user_agent)?)
            .default_headers(headers())
            .connect_timeout(options.connect_timeout)
            .pool_idle_timeout(options.idle_timeout)
            .connector_layer(NoteOpened)
            .http1_only()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never());
        let builder = match proxy {
            Some(url) => builder.proxy(options.proxy.through(url)?),
            None => builder,
        };
        let http = builder.build().map_err(|error| {
            let error = error.without_url();
            let causes = cause_texts(&error).join(": ");
            Error::configuration(format!("the HTTP client cannot be set up with {trust}: {error}: {causes}"))
        })?;
        Ok(Self { http, trust, connect_timeout: options.connect_timeout, max_body_bytes: options.max_body_bytes })
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

impl Proxy {
    /// Returns the address of the proxy, where one is to be used.
    fn url_for(&self, base: &BaseUrl) -> Result<Option<Url>, Error> {
        match self {
            Self::None => Ok(None),
            Self::Environment if base.is_loopback() => Ok(None),
            Self::Environment => {
                let found = environment::proxy(base.is_plain())?;
                found.map(|(name, url)| parse_proxy(name, &url)).transpose()
            }
            Self::Url(url) => parse_proxy("proxy URL", url).map(Some),
        }
    }

    /// Returns what sends everything through the proxy, but for the hosts that the environment excepts from its own.
    fn through(&self, url: Url) -> Result<reqwest::Proxy, Error> {
        let proxy = reqwest::Proxy::all(url)
            .map_err(|error| Error::configuration(format!("proxy refused: {}", error.without_url())))?;
        Ok(match self {
            Self::Environment => proxy.no_proxy(reqwest::NoProxy::from_env()),
            Self::None | Self::Url(_) => proxy,
        })
    }
}

fn parse_proxy(name: &str, text: &str) -> Result<Url, Error> {
    // The text may hold a password, so it is not repeated.
    let refuse = |problem: String| Error::configuration(format!("{name} refused: {problem}"));
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&with_scheme).map_err(|error| refuse(error.to_string()))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        scheme => Err(refuse(format!("the scheme `{scheme}` is not http or https"))),
    }
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
            extra_ca_file: None,
            proxy: Proxy::Environment,
            user_agent: String::new(),
        }
    }
}
