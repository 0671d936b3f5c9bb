//! What a client is made with.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use clanforge::ClientBuilder;
use serde::Deserialize;

use crate::fault::Fault;
use crate::provider::{self, Keys};

/// The settings of a client, those of [`ClientBuilder`] by their names; durations in seconds.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // Each is documented where it is set in Rust, and once more in each language.
pub struct Settings {
    pub access_key: Option<String>,
    pub secret_key: Option<String>,
    pub token: Option<String>,
    pub auth_scheme: Option<String>,
    /// Each call asks for credentials: see `asking`.
    pub credentials_provider: bool,
    pub base_url: Option<String>,
    /// The environment to read, in place of that of the process.
    pub variables: Option<HashMap<String, String>>,
    pub timeout: Option<f64>,
    pub attempt_timeout: Option<f64>,
    pub connect_timeout: Option<f64>,
    pub retries: Option<u32>,
    pub backoff: Option<(f64, f64)>,
    pub idle_timeout: Option<f64>,
    pub max_body_bytes: Option<usize>,
    pub ca_file: Option<PathBuf>,
    /// What a variable of the language names in place of the platform's certificates: its name, and a file or folder.
    pub default_ca: Option<(String, PathBuf)>,
    pub extra_ca_file: Option<PathBuf>,
    pub proxy: Option<String>,
    pub no_proxy: bool,
    pub allow_http: bool,
    pub user_agent: Option<String>,
}

impl Settings {
    /// Returns the settings of a JSON object.
    ///
    /// # Errors
    /// Where a value is of another type, or a name is unknown.
    pub fn from_json(text: &str) -> Result<Self, Fault> {
        // What is wrong may be a secret in the wrong place: it is named, and not shown.
        let read = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text));
        read.map_err(|error| Fault::configuration(format!("invalid {}: a value of another type", error.path())))
    }

    /// Returns the builder of such a client.
    ///
    /// # Errors
    /// Where a duration is none, or credentials contradict each other.
    pub fn builder(&self) -> Result<ClientBuilder, Fault> {
        let mut builder = match &self.variables {
            Some(variables) => clanforge::Client::builder().from_variables(variables.clone()),
            None => clanforge::Client::builder().from_env(),
        };
        let keys = Keys {
            access_key: self.access_key.clone(),
            secret_key: self.secret_key.clone(),
            token: self.token.clone(),
            auth_scheme: self.auth_scheme.clone(),
        };
        if let Some(credentials) = keys.credentials()? {
            builder = builder.credentials(credentials);
        }
        if let Some(scheme) = &self.auth_scheme {
            builder = builder.auth_scheme(scheme.parse()?);
        }
        if self.credentials_provider {
            builder = builder.credentials_provider(provider::ask);
        }
        if let Some(url) = &self.base_url {
            builder = builder.base_url(url);
        }
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(duration("timeout", timeout)?);
        }
        if let Some(timeout) = self.attempt_timeout {
            builder = builder.attempt_timeout(duration("attempt timeout", timeout)?);
        }
        if let Some(timeout) = self.connect_timeout {
            builder = builder.connect_timeout(duration("connect timeout", timeout)?);
        }
        if let Some(retries) = self.retries {
            builder = builder.retries(retries);
        }
        if let Some((first, longest)) = self.backoff {
            builder = builder.backoff(duration("backoff", first)?, duration("backoff", longest)?);
        }
        if let Some(timeout) = self.idle_timeout {
            builder = builder.idle_timeout(duration("idle timeout", timeout)?);
        }
        if let Some(bytes) = self.max_body_bytes {
            builder = builder.max_body_bytes(bytes);
        }
        if let Some(file) = &self.ca_file {
            builder = builder.ca_file(file);
        }
        if let Some((name, path)) = &self.default_ca {
            builder = builder.default_ca(name, path);
        }
        if let Some(file) = &self.extra_ca_file {
            builder = builder.extra_ca_file(file);
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy);
        }
        if self.no_proxy {
            builder = builder.no_proxy();
        }
        if self.allow_http {
            builder = builder.allow_http(true);
        }
        if let Some(product) = &self.user_agent {
            builder = builder.user_agent(product);
        }
        Ok(builder)
    }
}

/// Returns what may be shown of an address: no user, no password, no path and no query.
pub fn origin(address: &str) -> String {
    let parsed = url::Url::parse(address).ok();
    let shown = parsed.as_ref().and_then(|url| Some((url, url.host_str()?))).map(|(url, host)| {
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{host}{port}", url.scheme())
    });
    shown.unwrap_or_else(|| "an address that is none".to_owned())
}

/// The longest duration, in seconds: three decades, which no clock of a system overflows by.
const LONGEST: f64 = 1e9;

/// Returns a number of seconds as a duration.
///
/// # Errors
/// Where it is none, by this name.
pub fn duration(name: &str, seconds: f64) -> Result<Duration, Fault> {
    if seconds > LONGEST {
        return Err(Fault::configuration(format!("invalid {name} of {seconds} seconds: at most {LONGEST}")));
    }
    Duration::try_from_secs_f64(seconds)
        .map_err(|problem| Fault::configuration(format!("invalid {name} of {seconds} seconds: {problem}")))
}
