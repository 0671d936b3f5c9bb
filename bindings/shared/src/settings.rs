//! The settings of a client.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use clanforge::ClientBuilder;
use serde::Deserialize;

use crate::credentials::{self, CredentialFields};
use crate::error::BindingError;

/// The settings of a client, with the names of [`ClientBuilder`]; durations are in seconds.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // Each is documented on the builder and in each language.
pub struct Settings {
    pub access_key: Option<String>,
    pub secret_key: Option<String>,
    pub token: Option<String>,
    pub auth_scheme: Option<String>,
    /// Every call requests its credentials from a callback: see `with_credentials_callback`.
    pub credentials_provider: bool,
    pub base_url: Option<String>,
    /// Environment variables to read instead of those of the process.
    pub variables: Option<HashMap<String, String>>,
    pub timeout: Option<f64>,
    pub attempt_timeout: Option<f64>,
    pub connect_timeout: Option<f64>,
    pub retries: Option<u32>,
    pub backoff: Option<(f64, f64)>,
    pub idle_timeout: Option<f64>,
    pub max_body_bytes: Option<usize>,
    pub ca_file: Option<PathBuf>,
    /// An environment variable of the language that replaces the platform's trust anchors: its name, and a file or folder.
    pub default_ca: Option<(String, PathBuf)>,
    pub extra_ca_file: Option<PathBuf>,
    pub proxy: Option<String>,
    pub no_proxy: bool,
    pub allow_http: bool,
    pub user_agent: Option<String>,
}

impl Settings {
    /// Parses settings from a JSON object.
    ///
    /// # Errors
    /// `configuration` where a value has the wrong type, or a name is unknown.
    pub fn from_json(text: &str) -> Result<Self, BindingError> {
        // The message names the setting, and does not quote its value: it may be a secret in the wrong place.
        let read = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text));
        read.map_err(|error| BindingError::configuration(format!("invalid {}: wrong type", error.path())))
    }

    /// Returns a builder with these settings.
    ///
    /// # Errors
    /// `configuration` where a duration is invalid, or credentials contradict each other.
    pub fn builder(&self) -> Result<ClientBuilder, BindingError> {
        let mut builder = match &self.variables {
            Some(variables) => clanforge::Client::builder().from_variables(variables.clone()),
            None => clanforge::Client::builder().from_env(),
        };
        let credentials = CredentialFields {
            access_key: self.access_key.clone(),
            secret_key: self.secret_key.clone(),
            token: self.token.clone(),
            auth_scheme: self.auth_scheme.clone(),
        };
        if let Some(credentials) = credentials.credentials()? {
            builder = builder.credentials(credentials);
        }
        if let Some(scheme) = &self.auth_scheme {
            builder = builder.auth_scheme(scheme.parse()?);
        }
        if self.credentials_provider {
            builder = builder.credentials_provider(credentials::request_credentials);
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

/// Returns the origin of an address, without user, password, path and query, so that it is safe to print.
pub fn origin(address: &str) -> String {
    let parsed = url::Url::parse(address).ok();
    let origin = parsed.as_ref().and_then(|url| Some((url, url.host_str()?))).map(|(url, host)| {
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{host}{port}", url.scheme())
    });
    origin.unwrap_or_else(|| "an invalid address".to_owned())
}

/// The longest duration, in seconds: about 31 years, which overflows no system clock.
const MAX_SECONDS: f64 = 1e9;

/// Converts a number of seconds to a duration.
///
/// # Errors
/// `configuration`, naming the value, where it is negative, not finite or too long.
pub fn duration(name: &str, seconds: f64) -> Result<Duration, BindingError> {
    if seconds > MAX_SECONDS {
        return Err(BindingError::configuration(format!(
            "invalid {name} of {seconds} seconds: must be at most {MAX_SECONDS}"
        )));
    }
    Duration::try_from_secs_f64(seconds)
        .map_err(|problem| BindingError::configuration(format!("invalid {name} of {seconds} seconds: {problem}")))
}
