//! Credentials that a callback of the other language returns when a call needs them.

use std::sync::Arc;

use clanforge::{ClientOptions, Credentials};
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
/// If the call has no callback, or the request is dropped without a response.
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
    /// `configuration` if the JSON holds no valid credentials. The caller must then end the call.
    pub fn respond(self, credentials: &str) -> Result<(), BindingError> {
        // The message does not quote the value: it may be a secret in the wrong place.
        let options: ClientOptions = serde_json::from_str(credentials).map_err(|_| {
            BindingError::configuration(
                "invalid credentials: expected strings for `token`, or `access_key` and `secret_key`",
            )
        })?;
        let credentials = options.credentials()?.ok_or_else(|| {
            BindingError::configuration("empty credentials: expected `token`, or `access_key` and `secret_key`")
        })?;
        // A call that was cancelled no longer receives them.
        let _ = self.0.send(credentials);
        Ok(())
    }
}
