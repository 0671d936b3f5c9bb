//! The settings of a client.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::auth::{AuthScheme, Authenticator, Credentials, Provider, ProviderError, Signer};
use crate::call::{CallLimits, Service};
use crate::defaults;
use crate::environment::{Environment, KEYS, TOKEN};
use crate::error::Error;
use crate::http::{BaseUrl, NamedPath, ProxyChoice, Transport, TransportOptions};

/// Builds a [`Client`](crate::Client). Every setting has a default, listed in [`defaults`], except credentials, which are required.
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
    /// Sets the credentials.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sets a provider of credentials. The client calls it before the first request, and once more in a call whose
    /// credentials the service rejects with HTTP 401. Until then all calls share the credentials that it returned.
    ///
    /// Calls that need credentials at the same time share one call of the provider. The time that it takes counts toward the
    /// timeouts of the attempt and of the call. An error of the provider ends the call with kind `authentication`: a provider
    /// with transient errors should retry by itself. It runs on the task or thread that drives the call, and may block
    /// within a `blocking` call.
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
    pub fn credentials_provider<F, E>(mut self, provider: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Credentials, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.provider = Some(Box::new(move || {
            let future = provider();
            Box::pin(async move { future.await.map_err(|error| -> ProviderError { error.into() }) })
        }));
        self
    }

    /// Sets the service's base URL, with the path of a gateway where there is one. Defaults to [`defaults::BASE_URL`].
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets how the keys from the environment authenticate requests. Defaults to `CLANFORGE_AUTH_SCHEME`, `basic` or `sigv4`,
    /// and to Basic authentication where that is not set.
    pub const fn auth_scheme(mut self, scheme: AuthScheme) -> Self {
        self.auth_scheme = Some(scheme);
        self
    }

    /// Reads what is not set here from the environment: credentials from `CLANFORGE_ACCESS_KEY` and `CLANFORGE_SECRET_KEY`
    /// (used by `CLANFORGE_AUTH_SCHEME`), or from `CLANFORGE_TOKEN`, and the base URL from `CLANFORGE_BASE_URL`.
    pub fn from_env(mut self) -> Self {
        self.environment = Environment::Process;
        self
    }

    /// Reads what is not set here from these variables, which have the names that [`from_env`](Self::from_env) reads: for
    /// callers whose environment is not that of the process.
    pub fn from_variables(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.environment = Environment::Given(variables.into_iter().collect());
        self
    }

    /// Sets the longest that a call may take, retries and backoff included. Defaults to [`defaults::TIMEOUT`].
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// Sets the longest that one attempt may take. Defaults to [`defaults::ATTEMPT_TIMEOUT`].
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt_timeout = timeout;
        self
    }

    /// Sets the longest that opening a connection may take. Defaults to [`defaults::CONNECT_TIMEOUT`].
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.transport.connect_timeout = timeout;
        self
    }

    /// Sets how many retries follow a transient error: a connection error, a timeout, or HTTP 408, 429, 500, 502, 503 or 504.
    /// Defaults to [`defaults::RETRIES`].
    pub const fn retries(mut self, retries: u32) -> Self {
        self.limits.retry.retries = retries;
        self
    }

    /// Sets the longest backoff before the first retry, which doubles with each further one up to `longest`. Each backoff is
    /// drawn between zero and its longest. Defaults to [`defaults::FIRST_BACKOFF`] and [`defaults::MAX_BACKOFF`].
    pub const fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.limits.retry.first_backoff = first;
        self.limits.retry.max_backoff = longest;
        self
    }

    /// Sets how long an idle connection is kept. Defaults to [`defaults::IDLE_TIMEOUT`].
    pub const fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.transport.idle_timeout = timeout;
        self
    }

    /// Sets the largest response body, in bytes after decompression. Defaults to [`defaults::MAX_BODY_BYTES`].
    pub const fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.transport.max_body_bytes = bytes;
        self
    }

    /// Trusts the PEM certificates in this file and no others. Defaults to those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, and to
    /// those of the platform where neither is set.
    pub fn ca_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.transport.ca_file = Some(file.into());
        self
    }

    /// Trusts the PEM certificates in this file, or in the files of this folder, instead of the platform's, unless
    /// [`ca_file`](Self::ca_file), `SSL_CERT_FILE` or `SSL_CERT_DIR` is set. For callers whose users have a variable of their
    /// own for it: errors name it by `name`.
    pub fn default_ca(mut self, name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        self.transport.default_ca = Some(NamedPath { name: name.into(), path: path.into() });
        self
    }

    /// Trusts the PEM certificates in this file in addition to those of [`ca_file`](Self::ca_file) or its default.
    pub fn extra_ca_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.transport.extra_ca_file = Some(file.into());
        self
    }

    /// Sends everything through this http or https proxy, with `user:password@` in its URL where it requires credentials.
    /// Defaults to `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, and to no proxy for a loopback address.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.transport.proxy = ProxyChoice::Url(url.into());
        self
    }

    /// Uses no proxy, whatever is set in the environment.
    pub fn no_proxy(mut self) -> Self {
        self.transport.proxy = ProxyChoice::None;
        self
    }

    /// Allows credentials to cross the network in clear text, for a test server on another machine. A loopback address without
    /// a proxy is always allowed.
    pub const fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Sets the product that precedes this library in the User-Agent header, such as `deploy-tool/2.1`.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.transport.user_agent = product.into();
        self
    }

    /// Returns the service and the limits of a client with these settings.
    pub(crate) fn into_service(self) -> Result<(Service, CallLimits), Error> {
        let authenticator = match (self.credentials, self.provider) {
            (Some(_), Some(_)) => {
                return Err(Error::configuration(
                    "credentials and a credentials provider are both set: give one or the other",
                ));
            }
            (Some(credentials), None) => Authenticator::fixed(credentials.signer()?),
            (None, Some(provider)) => Authenticator::provided(provider),
            // The environment is read only where no argument overrides it: other variables may be invalid.
            (None, None) => Authenticator::fixed(signer_from(&self.environment, self.auth_scheme)?),
        };
        self.limits.validate()?;
        self.transport.validate()?;
        let base_url = match self.base_url {
            None => self.environment.base_url()?,
            base_url => base_url,
        };
        let base_url = BaseUrl::parse(base_url.as_deref().unwrap_or(defaults::BASE_URL))?;
        let is_local = base_url.is_loopback() && !matches!(self.transport.proxy, ProxyChoice::Url(_));
        if base_url.is_plain() && !is_local && !self.allow_http {
            return Err(Error::configuration(format!(
                "credentials would cross the network in clear text to {}: use https://, or allow_http for a test server",
                base_url.origin()
            )));
        }
        let transport = Transport::new(&base_url, self.transport, self.limits.attempt_timeout)?;
        let authenticator = match transport.proxy() {
            Some(proxy) => authenticator.with_redacted(proxy.secrets()),
            None => authenticator,
        };
        Ok((Service { base_url, authenticator, transport }, self.limits))
    }
}

fn signer_from(environment: &Environment, scheme: Option<AuthScheme>) -> Result<Signer, Error> {
    let Some((credentials, variables)) = environment.credentials(scheme)? else {
        return Err(Error::configuration(format!("no credentials: set {KEYS}, or {TOKEN}, or pass them")));
    };
    Ok(credentials.signer()?.with_settings(variables))
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A base URL that is not checked yet may contain a password, so it is not shown.
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("has_provider", &self.provider.is_some())
            .field("limits", &self.limits)
            .field("transport", &self.transport)
            .finish_non_exhaustive()
    }
}
