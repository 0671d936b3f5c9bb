//! The client.

use std::fmt;
use std::pin::pin;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};

use clanforge::blocking;
use clanforge_bindings::{Fault, Settings, duration};
use futures_util::future::{Either, select};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use crate::error::{ClanforgeError, ErrorFields, Result, configuration};
use crate::models::{ImageRef, ImageStatus, made};
use crate::monitor::{Baseline, Policy};
use crate::updates::{Outcome, Update};

/// The settings of a client.
///
/// Credentials and address that are not given come from `CLANFORGE_ACCESS_KEY` and `CLANFORGE_SECRET_KEY` (by
/// `CLANFORGE_AUTH_SCHEME`), or `CLANFORGE_TOKEN`, and from `CLANFORGE_BASE_URL`. As a text it shows neither credentials nor
/// the password of a proxy.
#[derive(Clone, Default, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ClientSettings {
    /// The access key, with the secret key.
    #[uniffi(default = None)]
    pub access_key: Option<String>,
    /// The secret key, with the access key.
    #[uniffi(default = None)]
    pub secret_key: Option<String>,
    /// A bearer token, in place of both keys.
    #[uniffi(default = None)]
    pub token: Option<String>,
    /// What is made of both keys: `basic`, the default, or `sigv4`, by which they sign each request.
    #[uniffi(default = None)]
    pub auth_scheme: Option<String>,
    /// The service's address.
    #[uniffi(default = None)]
    pub base_url: Option<String>,
    /// How long a call may take, retries and pauses included, in seconds: 60 by default.
    #[uniffi(default = None)]
    pub timeout_seconds: Option<f64>,
    /// How long one attempt may take, in seconds: 20 by default.
    #[uniffi(default = None)]
    pub attempt_timeout_seconds: Option<f64>,
    /// How long opening a connection may take, in seconds: 5 by default.
    #[uniffi(default = None)]
    pub connect_timeout_seconds: Option<f64>,
    /// How many more attempts may follow a failed one: 2 by default.
    #[uniffi(default = None)]
    pub retries: Option<u32>,
    /// The pause before a first retry, drawn up to this, in seconds: 0.5 by default.
    #[uniffi(default = None)]
    pub first_backoff_seconds: Option<f64>,
    /// The longest pause before a retry, in seconds: 8 by default.
    #[uniffi(default = None)]
    pub max_backoff_seconds: Option<f64>,
    /// How long a connection is kept for the next call, in seconds: 15 by default.
    #[uniffi(default = None)]
    pub idle_timeout_seconds: Option<f64>,
    /// The longest answer that is read, in bytes: 16 MiB by default.
    #[uniffi(default = None)]
    pub max_body_bytes: Option<u64>,
    /// A file of certificates to trust, as PEM, and no others; the platform's by default.
    #[uniffi(default = None)]
    pub ca_file: Option<String>,
    /// A file of certificates to trust as well.
    #[uniffi(default = None)]
    pub extra_ca_file: Option<String>,
    /// The proxy to use, whatever the environment says.
    #[uniffi(default = None)]
    pub proxy: Option<String>,
    /// Use no proxy, whatever the environment says.
    #[uniffi(default = false)]
    pub no_proxy: bool,
    /// Send credentials in clear text beyond this machine: for test servers only.
    #[uniffi(default = false)]
    pub allow_http: bool,
    /// What the product calls itself, in front of this library's own name.
    #[uniffi(default = None)]
    pub user_agent: Option<String>,
}

impl fmt::Display for ClientSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An address may hold a password, and so may be shown where it is read as one only.
        let address = self.base_url.as_deref().map(clanforge_bindings::origin);
        write!(f, "ClientSettings for {}", address.as_deref().unwrap_or("the service"))
    }
}

impl fmt::Debug for ClientSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<ClientSettings> for Settings {
    fn from(settings: ClientSettings) -> Self {
        let backoff = match (settings.first_backoff_seconds, settings.max_backoff_seconds) {
            (None, None) => None,
            (first, longest) => Some((
                first.unwrap_or(clanforge::defaults::FIRST_BACKOFF.as_secs_f64()),
                longest.unwrap_or(clanforge::defaults::MAX_BACKOFF.as_secs_f64()),
            )),
        };
        Self {
            access_key: settings.access_key,
            secret_key: settings.secret_key,
            token: settings.token,
            auth_scheme: settings.auth_scheme,
            credentials_provider: false,
            base_url: settings.base_url,
            variables: None,
            timeout: settings.timeout_seconds,
            attempt_timeout: settings.attempt_timeout_seconds,
            connect_timeout: settings.connect_timeout_seconds,
            retries: settings.retries,
            backoff,
            idle_timeout: settings.idle_timeout_seconds,
            max_body_bytes: settings.max_body_bytes.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX)),
            ca_file: settings.ca_file.map(Into::into),
            default_ca: None,
            extra_ca_file: settings.extra_ca_file.map(Into::into),
            proxy: settings.proxy,
            no_proxy: settings.no_proxy,
            allow_http: settings.allow_http,
            user_agent: settings.user_agent,
        }
    }
}

/// Ends calls before their time, in languages whose tasks do not: what was given it fails as cancelled, and its connection
/// closes.
#[derive(uniffi::Object)]
pub struct Cancellation(Semaphore);

#[uniffi::export]
impl Cancellation {
    /// Returns one for any number of calls.
    #[uniffi::constructor]
    #[allow(clippy::new_without_default)] // It is made elsewhere.
    pub fn new() -> Arc<Self> {
        Arc::new(Self(Semaphore::new(0)))
    }

    /// Ends the calls that it was given to, and every later one.
    pub fn cancel(&self) {
        self.0.close();
    }

    /// Returns whether it was told to.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_closed()
    }
}

/// Runs a call until it ends or is cancelled.
async fn until_cancelled<T>(
    cancellation: Option<Arc<Cancellation>>,
    call: impl Future<Output = Result<T>>,
) -> Result<T> {
    let Some(cancellation) = cancellation else { return call.await };
    match select(pin!(cancellation.0.acquire()), pin!(call)).await {
        Either::Left(_) => {
            Err(ClanforgeError::Cancelled { reason: "the call was cancelled".to_owned(), fields: ErrorFields::none() })
        }
        Either::Right((ended, _)) => ended,
    }
}

/// Is told what happens while a wait goes on.
#[uniffi::export(foreign)]
pub trait UpdateListener: Send + Sync {
    /// Takes one update; the last is the outcome.
    fn on_update(&self, update: Update);
}

/// Asks the service for image statuses. Connections are kept and shared by all calls.
#[derive(uniffi::Object)]
pub struct Client {
    asynchronous: clanforge::Client,
    /// What blocking calls are made with: connections belong to the thread that drives them.
    blocking: blocking::Client,
}

#[uniffi::export(async_runtime = "tokio")]
impl Client {
    /// Returns a client with these settings.
    #[uniffi::constructor]
    pub fn new(settings: ClientSettings) -> Result<Arc<Self>> {
        let settings = Settings::from(settings);
        Ok(Arc::new(Self {
            asynchronous: settings.builder()?.build()?,
            blocking: blocking::Client::new(settings.builder()?)?,
        }))
    }

    /// Returns how far an image is.
    #[uniffi::method(default(detail = false, timeout_seconds = None, retries = None, cancellation = None))]
    pub async fn image_status(
        &self,
        image: ImageRef,
        detail: bool,
        timeout_seconds: Option<f64>,
        retries: Option<u32>,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<Arc<ImageStatus>> {
        let call =
            clanforge_bindings::image_status(&self.asynchronous, image.into(), detail, timeout_seconds, retries)?;
        until_cancelled(cancellation, async move { Ok(made(call.await?)) }).await
    }

    /// Returns how far an image is, and blocks the thread until it is known.
    #[uniffi::method(default(detail = false, timeout_seconds = None, retries = None))]
    pub fn image_status_blocking(
        &self,
        image: ImageRef,
        detail: bool,
        timeout_seconds: Option<f64>,
        retries: Option<u32>,
    ) -> Result<Arc<ImageStatus>> {
        let mut call = self.blocking.image_status(image.into()).detail(detail);
        if let Some(timeout) = timeout_seconds {
            call = call.timeout(duration("timeout", timeout)?);
        }
        if let Some(retries) = retries {
            call = call.retries(retries);
        }
        Ok(made(call.send()?))
    }

    /// Waits until an image is ready by a gate, has failed, or is no longer worth waiting for, and returns how it ended.
    ///
    /// The baseline tells the new version's counts from the old one's; without one an outcome may be assumed.
    #[uniffi::method(default(policy = None, baseline = None, detail = false, seed = None, listener = None, cancellation = None))]
    #[allow(clippy::too_many_arguments)] // All but the first have defaults.
    pub async fn wait(
        &self,
        image: ImageRef,
        policy: Option<Policy>,
        baseline: Option<Baseline>,
        detail: bool,
        seed: Option<u64>,
        listener: Option<Arc<dyn UpdateListener>>,
        cancellation: Option<Arc<Cancellation>>,
    ) -> Result<Outcome> {
        let watch = self.watch(image, policy, baseline, detail, seed)?;
        until_cancelled(cancellation, async move {
            while let Some(update) = watch.next().await? {
                if let Some(listener) = &listener {
                    listener.on_update(update.clone());
                }
                if let Update::Ended { outcome } = update {
                    return Ok(outcome);
                }
            }
            Err(configuration("the wait was closed, and has no outcome"))
        })
        .await
    }

    /// Waits likewise, and blocks the thread to the end.
    #[uniffi::method(default(policy = None, baseline = None, detail = false, seed = None, listener = None))]
    pub fn wait_blocking(
        &self,
        image: ImageRef,
        policy: Option<Policy>,
        baseline: Option<Baseline>,
        detail: bool,
        seed: Option<u64>,
        listener: Option<Arc<dyn UpdateListener>>,
    ) -> Result<Outcome> {
        let mut call = self.blocking.watch(image.into()).policy(Policy::checked(policy)?).detail(detail);
        if let Some(baseline) = baseline {
            call = call.baseline(baseline.core());
        }
        if let Some(seed) = seed {
            call = call.seed(seed);
        }
        for update in call.updates() {
            let update = Update::try_from(update?)?;
            if let Some(listener) = &listener {
                listener.on_update(update.clone());
            }
            if let Update::Ended { outcome } = update {
                return Ok(outcome);
            }
        }
        Err(Fault::new(clanforge::ErrorKind::Internal, "the wait ended without an outcome").into())
    }

    /// Waits as `wait` does, one update after another.
    #[uniffi::method(default(policy = None, baseline = None, detail = false, seed = None))]
    pub fn watch(
        &self,
        image: ImageRef,
        policy: Option<Policy>,
        baseline: Option<Baseline>,
        detail: bool,
        seed: Option<u64>,
    ) -> Result<Arc<Watch>> {
        let policy = Policy::checked(policy)?;
        let before = baseline.map(|baseline| (baseline.image.into(), baseline.status.0.clone()));
        let watch = clanforge_bindings::watch_by(&self.asynchronous, image.into(), policy, before, detail, seed);
        Ok(Arc::new(Watch(watch)))
    }

    /// Starts a call for a status, and returns it as one that runs.
    #[uniffi::method(default(detail = false, timeout_seconds = None, retries = None))]
    pub fn start_image_status(
        &self,
        image: ImageRef,
        detail: bool,
        timeout_seconds: Option<f64>,
        retries: Option<u32>,
    ) -> Result<Arc<Pending>> {
        let call =
            clanforge_bindings::image_status(&self.asynchronous, image.into(), detail, timeout_seconds, retries)?;
        Pending::start(async move { Ok(Answer::Status { status: made(call.await?) }) })
    }

    /// Returns the status, with detail, to be taken before a rollout is started and given to `wait` afterwards.
    #[uniffi::method(default(cancellation = None))]
    pub async fn baseline(&self, image: ImageRef, cancellation: Option<Arc<Cancellation>>) -> Result<Baseline> {
        let status = self.image_status(image, true, None, None, cancellation).await?;
        Ok(Baseline { image, status })
    }

    /// Returns the same, and blocks the thread until it is known.
    pub fn baseline_blocking(&self, image: ImageRef) -> Result<Baseline> {
        let status = self.image_status_blocking(image, true, None, None)?;
        Ok(Baseline { image, status })
    }
}

/// A call that runs, for languages whose threads must not be held by it: whoever waits for it looks again and again.
#[derive(uniffi::Object)]
pub struct Pending {
    answer: Mutex<Receiver<Result<Answer>>>,
    running: AbortHandle,
}

/// What a pending call ended with.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum Answer {
    /// A status.
    Status {
        /// The status.
        status: Arc<ImageStatus>,
    },
    /// The next update of a wait; nothing after the last.
    Next {
        /// The update.
        update: Option<Update>,
    },
}

impl Pending {
    fn start(call: impl Future<Output = Result<Answer>> + Send + 'static) -> Result<Arc<Self>> {
        let (sender, answer) = channel();
        let task = clanforge_bindings::runtime()?.spawn(async move {
            // Where nobody waits any more, nobody has to be told.
            let _ = sender.send(call.await);
        });
        Ok(Arc::new(Self { answer: Mutex::new(answer), running: task.abort_handle() }))
    }
}

#[uniffi::export]
impl Pending {
    /// Blocks for so many seconds at most, and returns what the call ended with; nothing where it goes on.
    pub fn wait_for(&self, seconds: f64) -> Result<Option<Answer>> {
        let limit = duration("time", seconds)?;
        let answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        match answer.recv_timeout(limit) {
            Ok(ended) => ended.map(Some),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            // It panicked, or was cancelled.
            Err(RecvTimeoutError::Disconnected) => {
                Err(Fault::new(clanforge::ErrorKind::Internal, "the call ended without an answer").into())
            }
        }
    }

    /// Ends the call, and closes its connection.
    pub fn cancel(&self) {
        self.running.abort();
    }
}

/// The updates of a wait, one after another: readings and failed readings, and last the outcome.
#[derive(uniffi::Object)]
pub struct Watch(clanforge_bindings::Watch);

#[uniffi::export(async_runtime = "tokio")]
impl Watch {
    /// Returns the next update; nothing after the last, or once the wait is ended.
    pub async fn next(&self) -> Result<Option<Update>> {
        self.0.clone().next().await?.update()?.map(Update::try_from).transpose()
    }

    /// Starts a call for the next update, and returns it as one that runs.
    pub fn start_next(&self) -> Result<Arc<Pending>> {
        let next = self.0.clone().next();
        Pending::start(
            async move { Ok(Answer::Next { update: next.await?.update()?.map(Update::try_from).transpose()? }) },
        )
    }

    /// Ends the waiting, and closes its connection.
    pub fn stop(&self) {
        self.0.close();
    }
}

/// Returns how far an image is, with credentials from the environment: for a single call.
#[uniffi::export(async_runtime = "tokio", default(detail = false))]
pub async fn image_status(image: ImageRef, detail: bool) -> Result<Arc<ImageStatus>> {
    Client::new(ClientSettings::default())?.image_status(image, detail, None, None, None).await
}

/// The same, which blocks the thread until it is known.
#[uniffi::export(default(detail = false))]
pub fn image_status_blocking(image: ImageRef, detail: bool) -> Result<Arc<ImageStatus>> {
    Client::new(ClientSettings::default())?.image_status_blocking(image, detail, None, None)
}
