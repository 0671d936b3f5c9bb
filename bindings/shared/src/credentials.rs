//! Credentials that a callback of the other language returns when a call needs them.

use std::sync::Arc;

use clanforge::Credentials;
use serde::Deserialize;
use tokio::sync::oneshot;

use crate::error::BindingError;

/// Tells the other language that a call needs credentials; it responds to the request at once or later.
pub type CredentialsCallback = Arc<dyn Fn(CredentialsRequest) + Send + Sync>;

tokio::task_local! {
    /// The callback of the call that runs in this task.
    static CALLBACK: CredentialsCallback;
}

/// Runs a call, and requests the credentials that it needs from this callback.
pub async fn with_credentials_callback<T>(callback: Option<CredentialsCallback>, call: impl Future<Output = T>) -> T {
    match callback {
        Some(callback) => CALLBACK.scope(callback, call).await,
        None => call.await,
    }
}

/// Requests credentials for the call that runs in this task.
///
/// # Errors
/// Where the call has no callback, or the request is dropped without a response.
pub(crate) async fn request_credentials() -> Result<Credentials, String> {
    let (sender, response) = oneshot::channel();
    let requested = CALLBACK.try_with(|callback| callback(CredentialsRequest(sender)));
    requested.map_err(|_| "a blocking call cannot wait for it; use the asynchronous call instead".to_owned())?;
    response.await.map_err(|_| "it returned no credentials".to_owned())
}

/// A call's request for credentials.
pub struct CredentialsRequest(oneshot::Sender<Credentials>);

impl CredentialsRequest {
    /// Responds with credentials in JSON.
    ///
    /// # Errors
    /// `configuration` where the JSON holds no valid credentials. The caller must then end the call.
    pub fn respond(self, credentials: &str) -> Result<(), BindingError> {
        let credentials = CredentialFields::from_json(credentials)?;
        // A call that was cancelled no longer receives them.
        let _ = self.0.send(credentials);
        Ok(())
    }
}

/// The fields of credentials in JSON.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CredentialFields {
    pub(crate) access_key: Option<String>,
    pub(crate) secret_key: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) auth_scheme: Option<String>,
}

impl CredentialFields {
    fn from_json(text: &str) -> Result<Credentials, BindingError> {
        // The message does not quote the value: it may be a secret in the wrong place.
        let fields: Self = serde_json::from_str(text).map_err(|_| {
            BindingError::configuration("invalid credentials: expected strings for token, or access_key and secret_key")
        })?;
        fields.credentials()?.ok_or_else(|| {
            BindingError::configuration("empty credentials: expected a token, or an access key and a secret key")
        })
    }

    /// Returns the credentials; `None` where no field is set.
    ///
    /// # Errors
    /// `configuration` where fields contradict each other, or one of the two keys is missing.
    pub(crate) fn credentials(&self) -> Result<Option<Credentials>, BindingError> {
        match (&self.access_key, &self.secret_key, &self.token) {
            (None, None, None) => Ok(None),
            (Some(access_key), Some(secret_key), None) => {
                let scheme = self.auth_scheme.as_deref().map_or(Ok(clanforge::AuthScheme::Basic), str::parse)?;
                Ok(Some(Credentials::keys(scheme, access_key, secret_key)))
            }
            (None, None, Some(token)) => Ok(Some(Credentials::bearer(token))),
            (_, _, Some(_)) => Err(BindingError::configuration(
                "a token and access keys were both given: give only one kind of credentials",
            )),
            (Some(_), None, None) => {
                Err(BindingError::configuration("an access key was given without a secret key: give both, or a token"))
            }
            (None, Some(_), None) => {
                Err(BindingError::configuration("a secret key was given without an access key: give both, or a token"))
            }
        }
    }
}
