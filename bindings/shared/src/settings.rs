//! The settings of a client.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use clanforge::{ClientBuilder, ClientOptions};
use serde::Deserialize;

use crate::credentials;
use crate::error::BindingError;
use crate::simulation::Simulation;

/// The options of a client, and settings that only a binding sets.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The options.
    pub options: ClientOptions,
    /// Every call requests its credentials from a callback: see `with_credentials_callback`.
    pub credentials_provider: bool,
    /// Environment variables to read instead of those of the process.
    pub variables: Option<HashMap<String, String>>,
    /// The name and value of an environment variable that programs in the binding's language use, such as `REQUESTS_CA_BUNDLE`: a
    /// file or folder that replaces the platform's trust anchors.
    pub default_ca: Option<(String, PathBuf)>,
}

impl Settings {
    /// Parses settings from a JSON object.
    ///
    /// # Errors
    /// `configuration` if a value has the wrong type, or a name is unknown.
    pub fn from_json(text: &str) -> Result<Self, BindingError> {
        // The message names the option, and does not quote its value: it may be a secret in the wrong place.
        let read = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text));
        read.map_err(|error| BindingError::configuration(format!("invalid {}: wrong type", error.path())))
    }

    /// Returns a builder with these settings.
    pub fn builder(&self) -> ClientBuilder {
        let mut builder = clanforge::Client::builder().options(self.options.clone());
        builder = match &self.variables {
            Some(variables) => builder.from_variables(variables.clone()),
            None => builder.from_env(),
        };
        if let Some(url) = self.options.base_url.as_deref().and_then(Simulation::find) {
            builder = builder.simulation(url);
        }
        if self.credentials_provider {
            builder = builder.credentials_provider(credentials::request_credentials);
        }
        match &self.default_ca {
            Some((name, path)) => builder.default_ca(name, path),
            None => builder,
        }
    }
}

/// Converts a number of seconds to a duration.
///
/// # Errors
/// `configuration`, naming the value, if it is negative, not finite or too long.
pub fn duration(name: &str, seconds: f64) -> Result<Duration, BindingError> {
    let longest = clanforge::core::seconds::LONGEST;
    Duration::try_from_secs_f64(seconds).ok().filter(|duration| *duration <= longest).ok_or_else(|| {
        let longest = longest.as_secs();
        BindingError::configuration(format!(
            "invalid `{name}` {seconds}: expected a number of seconds from 0 to {longest}"
        ))
    })
}
