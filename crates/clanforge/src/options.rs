//! The options of a client, as plain data.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use clanforge_core::seconds;
use serde::Deserialize;

use crate::auth::{AuthScheme, CredentialParts, Credentials};
use crate::call::CallLimits;
use crate::error::Error;

/// The options of a client.
///
/// If the client reads the environment, credentials and the base URL that are absent here come from it:
/// `CLANFORGE_ACCESS_KEY` and `CLANFORGE_SECRET_KEY`, or `CLANFORGE_TOKEN`; `CLANFORGE_AUTH_SCHEME`;
/// `CLANFORGE_BASE_URL`. Instead of a key or the token, a variable such as `CLANFORGE_TOKEN_FILE` may name a file that
/// contains it.
///
/// As JSON it is an object of its fields, durations as numbers of seconds under names that end in `_seconds`. Absent fields
/// have their defaults, and an unknown field is an error.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(serde::Serialize, schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ClientOptions {
    /// The access key. Requires the secret key.
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    pub access_key: Option<String>,
    /// The secret key. Requires the access key.
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    pub secret_key: Option<String>,
    /// A bearer token, instead of both keys.
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    pub token: Option<String>,
    /// How to authenticate with the access key and the secret key. Absent means `CLANFORGE_AUTH_SCHEME`, or else `basic`.
    pub auth_scheme: Option<AuthScheme>,
    /// The base URL of the service, including the path of a gateway if there is one. Absent means `CLANFORGE_BASE_URL`, or
    /// else `https://api.multiplay.co.uk`, which the service's documentation names.
    pub base_url: Option<String>,
    /// The deadline of a whole call, retries and backoff included.
    #[serde(rename = "timeout_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "seconds::Schema"))]
    pub timeout: Duration,
    /// The deadline of one attempt, from resolving the host name to the last byte of the response. Absent means the greater
    /// of 20 s and `timeout` / (`retries` + 1) of the call.
    #[serde(rename = "attempt_timeout_seconds", with = "seconds::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<seconds::Schema>"))]
    pub attempt_timeout: Option<Duration>,
    /// The deadline for opening a connection once the host name is resolved, TLS included. All addresses of the host
    /// share it.
    #[serde(rename = "connect_timeout_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "seconds::Schema"))]
    pub connect_timeout: Duration,
    /// How many times a call is retried after a transient error: a connection error, a timeout, or HTTP 408, 429, 500, 502,
    /// 503, 504, 520 to 527 or 530.
    pub retries: u32,
    /// The maximum backoff before the first retry, with full jitter. It doubles with each retry, up to `max_backoff`.
    #[serde(rename = "initial_backoff_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "seconds::Schema"))]
    pub initial_backoff: Duration,
    /// The maximum backoff before any retry.
    #[serde(rename = "max_backoff_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "seconds::Schema"))]
    pub max_backoff: Duration,
    /// How long an idle connection is kept for the next call. Load balancers commonly close theirs after 60 s.
    #[serde(rename = "idle_timeout_seconds", with = "seconds")]
    #[cfg_attr(feature = "schema", schemars(with = "seconds::Schema"))]
    pub idle_timeout: Duration,
    /// The largest response body that is read, in bytes, after decompression.
    pub max_body_bytes: usize,
    /// A file of PEM certificates to trust, and no others. Absent means `SSL_CERT_FILE` and `SSL_CERT_DIR`, or else the
    /// certificates of the platform.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub ca_file: Option<PathBuf>,
    /// A file of PEM certificates to trust in addition.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "path")))]
    pub extra_ca_file: Option<PathBuf>,
    /// The URL of an http or https proxy for every request, with `user:password@` if it needs them. Absent means
    /// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, and no proxy for loopback addresses.
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    pub proxy: Option<String>,
    /// Use no proxy, whatever `proxy` and the environment say.
    pub no_proxy: bool,
    /// Allow unencrypted HTTP to hosts other than loopback: for test servers only.
    pub allow_http: bool,
    /// The product that precedes this library in the User-Agent header, such as `deploy-tool/2.1`.
    pub user_agent: Option<String>,
}

impl ClientOptions {
    /// The base URL that the service's documentation names.
    pub const BASE_URL: &str = "https://api.multiplay.co.uk";

    /// Returns the credentials in the options; `None` if there are none.
    ///
    /// # Errors
    /// `configuration` if they are incomplete or contradict each other.
    pub fn credentials(&self) -> Result<Option<Credentials>, Error> {
        let parts = CredentialParts {
            access_key: ("`access_key`", self.access_key.clone()),
            secret_key: ("`secret_key`", self.secret_key.clone()),
            token: ("`token`", self.token.clone()),
        };
        parts.credentials(|| Ok(self.auth_scheme.unwrap_or_default()))
    }

    /// Returns an error that names the option with which no call can succeed.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        CallLimits::from(self).validate()?;
        if self.connect_timeout.is_zero() {
            return Err(Error::configuration("`connect_timeout` must be longer than 0 s"));
        }
        let durations = [
            ("connect_timeout", self.connect_timeout),
            ("initial_backoff", self.initial_backoff),
            ("max_backoff", self.max_backoff),
            ("idle_timeout", self.idle_timeout),
        ];
        if let Some((name, _)) = durations.iter().find(|(_, duration)| *duration > seconds::LONGEST) {
            let longest = seconds::LONGEST.as_secs();
            return Err(Error::configuration(format!("`{name}` must be at most {longest} s")));
        }
        match self.max_body_bytes {
            0 => Err(Error::configuration("`max_body_bytes` must be greater than 0")),
            _ => Ok(()),
        }
    }
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            access_key: None,
            secret_key: None,
            token: None,
            auth_scheme: None,
            base_url: None,
            timeout: Duration::from_secs(60),
            attempt_timeout: None,
            connect_timeout: Duration::from_secs(10),
            retries: 2,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(8),
            idle_timeout: Duration::from_secs(15),
            max_body_bytes: 16 * 1024 * 1024,
            ca_file: None,
            extra_ca_file: None,
            proxy: None,
            no_proxy: false,
            allow_http: false,
            user_agent: None,
        }
    }
}

impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The others are, or may hold, secrets.
        f.debug_struct("ClientOptions")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}
