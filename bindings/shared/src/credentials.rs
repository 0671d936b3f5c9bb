//! Credentials that the other language gives when a call needs them.

use std::sync::Arc;

use clanforge::Credentials;
use serde::Deserialize;
use tokio::sync::oneshot;

use crate::fault::Fault;

/// Asks the other language for credentials; it answers the request, at once or later.
pub type Ask = Arc<dyn Fn(Request) + Send + Sync>;

tokio::task_local! {
    /// Whom the call that runs here asks.
    static ASK: Ask;
}

/// Returns what a call comes to that asks this way for the credentials that it needs.
pub async fn asking<T>(ask: Option<Ask>, call: impl Future<Output = T>) -> T {
    match ask {
        Some(ask) => ASK.scope(ask, call).await,
        None => call.await,
    }
}

/// Asks for the credentials of the call that runs here.
///
/// # Errors
/// Where there is nobody to ask, or no answer comes.
pub(crate) async fn ask() -> Result<Credentials, String> {
    let (answer, answered) = oneshot::channel();
    let asked = ASK.try_with(|ask| ask(Request(answer)));
    asked.map_err(|_| "a call that blocks cannot wait for it: make the call that does not block".to_owned())?;
    answered.await.map_err(|_| "it gave no credentials".to_owned())
}

/// A call's request for credentials.
pub struct Request(oneshot::Sender<Credentials>);

impl Request {
    /// Answers with credentials as JSON.
    ///
    /// # Errors
    /// Where they are none; the call is then to be ended.
    pub fn give(self, keys: &str) -> Result<(), Fault> {
        let credentials = Keys::from_json(keys)?;
        // A call that was given up needs none.
        let _ = self.0.send(credentials);
        Ok(())
    }
}

/// What credentials are made of.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Keys {
    pub(crate) access_key: Option<String>,
    pub(crate) secret_key: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) auth_scheme: Option<String>,
}

impl Keys {
    fn from_json(text: &str) -> Result<Credentials, Fault> {
        // What is wrong may be a secret in the wrong place: it is not shown.
        let keys: Self = serde_json::from_str(text)
            .map_err(|_| Fault::configuration("credentials of another form: texts for keys or a token"))?;
        keys.credentials()?.ok_or_else(|| Fault::configuration("neither keys nor a token"))
    }

    /// Returns the credentials that they make; nothing where there are no keys.
    ///
    /// # Errors
    /// Where they contradict each other or are half there.
    pub(crate) fn credentials(&self) -> Result<Option<Credentials>, Fault> {
        match (&self.access_key, &self.secret_key, &self.token) {
            (None, None, None) => Ok(None),
            (Some(access_key), Some(secret_key), None) => {
                let scheme = self.auth_scheme.as_deref().map_or(Ok(clanforge::AuthScheme::Basic), str::parse)?;
                Ok(Some(Credentials::keys(scheme, access_key, secret_key)))
            }
            (None, None, Some(token)) => Ok(Some(Credentials::bearer(token))),
            (_, _, Some(_)) => Err(Fault::configuration("two kinds of credentials: give a token, or both keys")),
            _ => Err(Fault::configuration("one key without its other half: give both, or a token")),
        }
    }
}
