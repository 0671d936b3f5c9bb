//! From settings to a client.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::{AuthScheme, Credentials};
use crate::auth::{Authenticator, Provider, ProviderError};
use crate::call::CallLimits;
use crate::client::{Client, Inner};
use crate::defaults;
use crate::environment::{ACCESS_KEY, Environment, SECRET_KEY, TOKEN};
use crate::error::Error;
use crate::http::BaseUrl;
use crate::http::NamedPath;
use crate::http::ProxyChoice;
use crate::http::{Transport, TransportOptions};

/// Sets up a [`Client`]. Every setting has a default, listed in [`defaults`]; credentials have none.
#[derive(Default)]
#[must_use = "a builder does nothing until build is called"]
pub struct ClientBuilder {
    credentials: Option<Credentials>,
    provider: Option<Provider>,
    auth_scheme: Option<AuthScheme>,
    base_url: Option<String>,
    environment: Environment,
    allow_http: bool,
    limits: CallLimits,
    transport: TransportOptions,
}

impl ClientBuilder {
    /// Sets how the client proves who it is.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sets what is asked for credentials: before the first request, and once more in a call whose credentials the service
    /// refuses with HTTP 401. What it gives is kept until then, and shared by all calls.
    ///
    /// Calls that need credentials at the same time wait for one answer. The time it takes is part of the attempt and of
    /// the call, and what it fails with ends the call as an error of kind `authentication`: a provider that may fail for
    /// a moment should try again by itself. It runs on whatever drives the call; within a `blocking`
    /// call it may block.
    ///
    /// ```no_run
    /// # async fn read_vault() -> Result<String, std::io::Error> { Ok(String::new()) }
    /// use clanforge::{Client, Credentials};
    ///
    /// let client = Client::builder()
    ///     .credentials_provider(|| async { read_vault().await.map(Credentials::bearer) })
    ///     .build()?;
    /// # Ok::<(), clanforge::Error>(())
    /// ```
    pub fn credentials_provider<A, E>(mut self, ask: impl Fn() -> A + Send + Sync + 'static) -> Self
    where
        A: Future<Output = Result<Credentials, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.provider = Some(Box::new(move || {
            let asked = ask();
            Box::pin(async move { asked.await.map_err(|error| -> ProviderError { error.into() }) })
        }));
        self
    }

    /// Sets the service's address, with the path of a gateway where there is one. Default: [`defaults::BASE_URL`].
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets what is made of the keys of the environment. Default: what `CLANFORGE_AUTH_SCHEME` says, `basic` or `sigv4`,
    /// and Basic authentication where it says nothing.
    pub const fn auth_scheme(mut self, scheme: AuthScheme) -> Self {
        self.auth_scheme = Some(scheme);
        self
    }

    /// Takes what was not set here from the environment: credentials from `CLANFORGE_ACCESS_KEY` and
    /// `CLANFORGE_SECRET_KEY` (by `CLANFORGE_AUTH_SCHEME`), or from `CLANFORGE_TOKEN`, and the address from
    /// `CLANFORGE_BASE_URL`.
    pub fn from_env(mut self) -> Self {
        self.environment = Environment::Process;
        self
    }

    /// Takes what was not set here from these variables, by the names that [`from_env`](Self::from_env) reads: for
    /// callers whose environment is not that of the process.
    pub fn from_variables(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.environment = Environment::Given(variables.into_iter().collect());
        self
    }

    /// Sets the longest that a whole call may take, retries and pauses included. Default: [`defaults::TIMEOUT`].
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// Sets the longest that one attempt may take. Default: [`defaults::ATTEMPT_TIMEOUT`].
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt_timeout = timeout;
        self
    }

    /// Sets the longest that opening a connection may take. Default: [`defaults::CONNECT_TIMEOUT`].
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.transport.connect_timeout = timeout;
        self
    }

    /// Sets how many more attempts follow a first one that failed by a connection error, a timeout, or HTTP 408, 429,
    /// 500, 502, 503 or 504. Default: [`defaults::RETRIES`].
    pub const fn retries(mut self, retries: u32) -> Self {
        self.limits.retry.retries = retries;
        self
    }

    /// Sets the longest pause before the first retry, which doubles with each further one, and the longest of all.
    /// Defaults: [`defaults::FIRST_BACKOFF`], [`defaults::MAX_BACKOFF`].
    pub const fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.limits.retry.first_backoff = first;
        self.limits.retry.max_backoff = longest;
        self
    }

    /// Sets how long an unused connection is kept. Default: [`defaults::IDLE_TIMEOUT`].
    pub const fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.transport.idle_timeout = timeout;
        self
    }

    /// Sets the largest body that is read, after decompression. Default: [`defaults::MAX_BODY_BYTES`].
    pub const fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.transport.max_body_bytes = bytes;
        self
    }

    /// Trusts the PEM certificates of this file and no others. Default: those of `SSL_CERT_FILE` and `SSL_CERT_DIR`,
    /// and where neither is set those of the platform.
    pub fn ca_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.transport.ca_file = Some(file.into());
        self
    }

    /// Trusts the PEM certificates of this file, or of the files in this folder, in place of the platform's: where neither
    /// [`ca_file`](Self::ca_file) nor `SSL_CERT_FILE` or `SSL_CERT_DIR` says otherwise. For callers whose users have a
    /// variable of their own for it, by whose `name` errors call it.
    pub fn default_ca(mut self, name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        self.transport.default_ca = Some(NamedPath { name: name.into(), path: path.into() });
        self
    }

    /// Trusts the PEM certificates of this file as well, beside those of [`ca_file`](Self::ca_file) or its default.
    pub fn extra_ca_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.transport.extra_ca_file = Some(file.into());
        self
    }

    /// Sends everything through this http or https proxy, with `user:password@` in its URL where it asks for them.
    /// Default: what `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say, and none for an address of this machine.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.transport.proxy = ProxyChoice::Url(url.into());
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.transport.proxy = ProxyChoice::None;
        self
    }

    /// Lets credentials cross the network in clear text, to a test server beyond this machine. To an address of this
    /// machine without a proxy they always may.
    pub const fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Sets the product that stands before this library in the User-Agent header, such as `deploy-tool/2.1`.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.transport.user_agent = product.into();
        self
    }

    /// Returns the client. Nothing is connected before the first call; no async runtime is needed for this step.
    ///
    /// # Errors
    /// `configuration`, naming the setting, where one cannot be used or credentials are missing.
    pub fn build(self) -> Result<Client, Error> {
        let authenticator = match (self.credentials, self.provider) {
            (Some(_), Some(_)) => {
                return Err(Error::configuration("credentials and a credentials provider: give one or the other"));
            }
            (Some(credentials), None) => Authenticator::given(&credentials)?,
            (None, Some(provider)) => Authenticator::provided(provider),
            // Only what is needed is read: what an argument makes superfluous may be set wrongly.
            (None, None) => Authenticator::given(&found(self.environment.credentials(self.auth_scheme)?)?)?,
        };
        self.limits.validate()?;
        self.transport.validate()?;
        let base_url = match self.base_url {
            None => self.environment.base_url()?,
            base_url => base_url,
        };
        let base_url = BaseUrl::parse(base_url.as_deref().unwrap_or(defaults::BASE_URL))?;
        let stays_here = base_url.is_loopback() && !matches!(self.transport.proxy, ProxyChoice::Url(_));
        if base_url.is_plain() && !stays_here && !self.allow_http {
            return Err(Error::configuration(format!(
                "{} refused: credentials would cross the network in clear text: use https://, or allow_http for a test server",
                base_url.origin()
            )));
        }
        let transport = Transport::new(&base_url, self.transport, self.limits.attempt_timeout)?;
        let authenticator = match &transport.proxy {
            Some(proxy) => authenticator.with_redacted(proxy.secrets()),
            None => authenticator,
        };
        Ok(Client::new(Arc::new(Inner { base_url, authenticator, transport, limits: self.limits })))
    }
}

fn found(credentials: Option<Credentials>) -> Result<Credentials, Error> {
    credentials.ok_or_else(|| {
        Error::configuration(format!("no credentials: set {ACCESS_KEY} and {SECRET_KEY}, or {TOKEN}, or pass them"))
    })
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An address that is not checked yet may hold a password, so it is not shown.
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("has_provider", &self.provider.is_some())
            .field("limits", &self.limits)
            .field("transport", &self.transport)
            .finish_non_exhaustive()
    }
}
