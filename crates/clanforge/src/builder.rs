//! The settings of a client.

use std::fmt;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use crate::auth::{AuthScheme, Authenticator, Credentials, Provider, ProviderError, Signer};
use crate::call::{CallLimits, Service};
use crate::environment::{Environment, KEYS, TOKEN};
use crate::error::Error;
use crate::http::{BaseUrl, NamedPath, Transport};
use crate::options::ClientOptions;
use crate::wait::clock::Simulation;

/// Builds a [`Client`](crate::Client). Every option has a default except credentials, which are required: see
/// [`ClientOptions`].
#[derive(Default)]
#[must_use = "a builder does nothing until build is called"]
pub struct ClientBuilder {
    options: ClientOptions,
    credentials: Option<Credentials>,
    provider: Option<Provider>,
    environment: Environment,
    default_ca: Option<NamedPath>,
    simulation: Option<String>,
}

impl ClientBuilder {
    /// Sets all options at once.
    pub fn options(mut self, options: ClientOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets the credentials.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Sets a provider of credentials. The client calls it before the first request, once more in a call whose
    /// credentials the service rejects with HTTP 401, and before the next call after HTTP 403. Until then all calls share the
    /// credentials that it returned.
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

    /// Reads what is not set here from the environment: credentials from `CLANFORGE_ACCESS_KEY` and `CLANFORGE_SECRET_KEY`
    /// (for the scheme in `CLANFORGE_AUTH_SCHEME`), or from `CLANFORGE_TOKEN`, and the base URL from `CLANFORGE_BASE_URL`.
    /// Instead of a key or the token, a variable such as `CLANFORGE_TOKEN_FILE` may name a file that contains it.
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

    /// Makes the waits skip time if the service is the simulation at this URL, on this machine: their pauses move its clock. The
    /// environment variable `CLANFORGE_SIMULATION` does the same.
    pub fn simulation(mut self, url: impl Into<String>) -> Self {
        self.simulation = Some(url.into());
        self
    }

    /// Sets [`ClientOptions::base_url`].
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.options.base_url = Some(base_url.into());
        self
    }

    /// Sets [`ClientOptions::auth_scheme`].
    pub const fn auth_scheme(mut self, scheme: AuthScheme) -> Self {
        self.options.auth_scheme = Some(scheme);
        self
    }

    /// Sets [`ClientOptions::timeout`].
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    /// Sets [`ClientOptions::attempt_timeout`].
    pub const fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options.attempt_timeout = Some(timeout);
        self
    }

    /// Sets [`ClientOptions::connect_timeout`].
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.options.connect_timeout = timeout;
        self
    }

    /// Sets [`ClientOptions::retries`].
    pub const fn retries(mut self, retries: u32) -> Self {
        self.options.retries = retries;
        self
    }

    /// Sets [`ClientOptions::initial_backoff`] and [`ClientOptions::max_backoff`].
    pub const fn backoff(mut self, initial: Duration, longest: Duration) -> Self {
        self.options.initial_backoff = initial;
        self.options.max_backoff = longest;
        self
    }

    /// Sets [`ClientOptions::idle_timeout`].
    pub const fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.options.idle_timeout = timeout;
        self
    }

    /// Sets [`ClientOptions::max_body_bytes`].
    pub const fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.options.max_body_bytes = bytes;
        self
    }

    /// Sets [`ClientOptions::ca_file`].
    pub fn ca_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.options.ca_file = Some(file.into());
        self
    }

    /// Trusts the PEM certificates in this file, or in the files of this folder, instead of the platform's, unless
    /// [`ca_file`](Self::ca_file), `SSL_CERT_FILE` or `SSL_CERT_DIR` is set. `name` is what errors call this setting,
    /// such as the environment variable that it comes from.
    pub fn default_ca(mut self, name: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        self.default_ca = Some(NamedPath { name: name.into(), path: path.into() });
        self
    }

    /// Sets [`ClientOptions::extra_ca_file`].
    pub fn extra_ca_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.options.extra_ca_file = Some(file.into());
        self
    }

    /// Sets [`ClientOptions::proxy`].
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.options.proxy = Some(url.into());
        self
    }

    /// Sets [`ClientOptions::no_proxy`].
    pub const fn no_proxy(mut self) -> Self {
        self.options.no_proxy = true;
        self
    }

    /// Sets [`ClientOptions::allow_http`].
    pub const fn allow_http(mut self, allow: bool) -> Self {
        self.options.allow_http = allow;
        self
    }

    /// Sets [`ClientOptions::user_agent`].
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.options.user_agent = Some(product.into());
        self
    }

    /// Returns the service and the limits of a client with these options.
    pub(crate) fn into_service(self) -> Result<(Service, CallLimits), Error> {
        let Self { options, credentials, provider, environment, default_ca, simulation } = self;
        options.validate()?;
        let authenticator =
            match (credentials.map_or_else(|| options.credentials(), |given| Ok(Some(given)))?, provider) {
                (Some(_), Some(_)) => {
                    return Err(Error::configuration(
                        "credentials and a credentials provider are both set: give one or the other",
                    ));
                }
                (Some(credentials), None) => Authenticator::fixed(credentials.signer()?),
                (None, Some(provider)) => Authenticator::provided(provider),
                (None, None) if environment.has_credential_files() => {
                    // Invalid files are reported now rather than by the first call.
                    signer_from(&environment, options.auth_scheme)?;
                    let (environment, scheme) = (environment.clone(), options.auth_scheme);
                    Authenticator::with_files(Box::new(move || {
                        let credentials = environment.credentials(scheme).map_err(Into::into);
                        let found =
                            credentials.and_then(|found| Ok(found.ok_or("the variables are not set any more")?.0));
                        Box::pin(std::future::ready(found))
                    }))
                }
                // The environment is read only where no argument overrides it: other variables may be invalid.
                (None, None) => Authenticator::fixed(signer_from(&environment, options.auth_scheme)?),
            };
        let base_url = match &options.base_url {
            None => environment.base_url()?,
            Some(base_url) => Some(base_url.clone()),
        };
        let base_url = BaseUrl::parse(base_url.as_deref().unwrap_or(ClientOptions::BASE_URL))?;
        let simulation = Simulation::at(&base_url, simulation, &environment)?;
        let transport = Transport::new(&base_url, &options, default_ca)?;
        let is_local = base_url.is_loopback() && options.proxy.is_none();
        if base_url.is_plain() && !is_local && !options.allow_http {
            return Err(Error::configuration(format!(
                "credentials would cross the network in clear text to {}: use https://, or `allow_http` for a test server",
                base_url.origin()
            )));
        }
        let authenticator = match transport.proxy() {
            Some(proxy) => authenticator.with_redacted(proxy.secrets()),
            None => authenticator,
        };
        let service = Service { base_url, authenticator, transport, simulation, last_url: Mutex::default() };
        Ok((service, CallLimits::from(&options)))
    }
}

fn signer_from(environment: &Environment, scheme: Option<AuthScheme>) -> Result<Signer, Error> {
    let Some((credentials, variables)) = environment.credentials(scheme)? else {
        return Err(Error::configuration(match environment {
            Environment::None => "no credentials: pass them, or call from_env to read them from variables".to_owned(),
            Environment::Process | Environment::Given(_) => format!("no credentials: set {KEYS}, or {TOKEN}"),
        }));
    };
    Ok(credentials.signer()?.with_settings(variables))
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A base URL that is not checked yet may contain a password, so it is not shown.
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("has_provider", &self.provider.is_some())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
