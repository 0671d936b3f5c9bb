//! The client. The generated asynchronous and blocking calls use the `start_*` functions of this file.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

use clanforge::WaitOptions;
use clanforge_bindings::{BindingError, Closing, Settings, lock};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::checks::{Options, of_arguments};
use crate::generated::{
    Baseline, ClanforgeError, ClientOptions, ErrorFields, ImageRef, Outcome, Policy, Result, Update,
};
use crate::log;
use crate::status::ImageStatus;

/// Cancels calls, for languages in which cancelling a task does not cancel its call. A call that is cancelled fails with the error
/// `Cancelled`, and its connection is closed.
#[derive(uniffi::Object)]
pub struct Cancellation(CancellationToken);

#[uniffi::export]
impl Cancellation {
    /// Creates a cancellation for any number of calls.
    #[uniffi::constructor]
    #[allow(clippy::new_without_default)] // Only other languages create it.
    pub fn new() -> Arc<Self> {
        Arc::new(Self(CancellationToken::new()))
    }

    /// Cancels every call that this cancellation was passed to, also later ones.
    pub fn cancel(&self) {
        self.0.cancel();
    }

    /// Returns whether `cancel` was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// Runs a call, and blocks the thread until it completes.
pub(crate) fn block_on<T>(call: impl Future<Output = Result<T>>) -> Result<T> {
    if Handle::try_current().is_ok() {
        let problem = "blocking call in the listener of a wait, which would block the wait: make it on another thread";
        return Err(BindingError::configuration(problem).into());
    }
    clanforge_bindings::runtime()?.block_on(call)
}

/// Receives the updates of a wait.
#[uniffi::export(foreign)]
pub trait UpdateListener: Send + Sync {
    /// Called with each update; the last is the outcome.
    fn on_update(&self, update: Update);
}

/// A client of the service. All calls share its connections.
#[derive(uniffi::Object)]
pub struct Client {
    /// `None` once it is stopped.
    open: Mutex<Option<clanforge::Client>>,
    closing: Closing,
}

#[uniffi::export]
impl Client {
    /// Creates a client.
    #[uniffi::constructor(default(options))]
    pub fn new(options: ClientOptions) -> Result<Arc<Self>> {
        Ok(options.pass(connect)?)
    }

    /// Creates a client with options in JSON.
    #[uniffi::constructor]
    pub fn from_json(options: &str) -> Result<Arc<Self>> {
        Ok(connect(options)?)
    }

    /// Ends every call and wait of this client with an error, and closes its connections. Later calls fail.
    pub fn stop(&self) {
        self.closing.close();
        *lock(&self.open) = None;
    }
}

impl Client {
    fn open(&self) -> Result<clanforge::Client> {
        Ok(lock(&self.open).clone().ok_or_else(BindingError::closed_client)?)
    }

    pub(crate) fn start_image_status(
        &self,
        image: ImageRef,
        detail: bool,
        timeout: Option<f64>,
        retries: Option<u32>,
    ) -> Result<impl Future<Output = Result<Arc<ImageStatus>>> + use<>> {
        let call = clanforge_bindings::image_status(&self.open()?, image.into(), detail, timeout, retries);
        let call = call.map_err(of_arguments)?;
        Ok(async move { Ok(ImageStatus::handle(call.await.map_err(of_arguments)?)) })
    }

    pub(crate) fn start_watch(
        &self,
        image: ImageRef,
        policy: Policy,
        baseline: Option<Baseline>,
        options: WaitOptions,
    ) -> Result<Arc<Watch>> {
        let (client, baseline) = (self.open()?, baseline.map(Baseline::into_parts));
        let start = |policy: &str| clanforge_bindings::watch(&client, image.into(), policy, baseline, options);
        let (updates, closing) = (policy.pass(start)?, self.closing.clone());
        Ok(Arc::new(Watch { updates, closing, warnings_logged: AtomicUsize::new(0) }))
    }

    pub(crate) fn start_baseline(&self, image: ImageRef) -> Result<impl Future<Output = Result<Baseline>> + use<>> {
        let client = self.open()?;
        Ok(async move {
            let baseline = client.baseline(image.into()).await.map_err(BindingError::from)?;
            log::warn(baseline.image(), &baseline.warnings());
            Ok(Baseline::of(&baseline))
        })
    }

    /// Runs a call until it completes or is cancelled, or the client is stopped.
    pub(crate) async fn run<T>(
        &self,
        cancellation: Option<Arc<Cancellation>>,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let cancellation = cancellation.unwrap_or_else(Cancellation::new);
        let call = self.closing.clone().end(call);
        cancellation.0.run_until_cancelled(call).await.unwrap_or_else(|| {
            let exit_code = clanforge::ExitCode::Interrupted.code().into();
            let fields = ErrorFields { exit_code, ..ErrorFields::default() };
            Err(ClanforgeError::Cancelled { reason: "the call was cancelled".to_owned(), fields })
        })
    }
}

fn connect(options: &str) -> std::result::Result<Arc<Client>, BindingError> {
    let settings = Settings::from_json(&format!(r#"{{"options": {options}}}"#))?;
    Ok(Arc::new(Client { open: Mutex::new(Some(settings.builder().build()?)), closing: Closing::default() }))
}

/// The updates of a wait: readings and failed readings, then the outcome.
#[derive(uniffi::Object)]
pub struct Watch {
    updates: clanforge_bindings::Watch,
    /// Whether the client is stopped.
    closing: Closing,
    warnings_logged: AtomicUsize,
}

#[uniffi::export(async_runtime = "tokio")]
impl Watch {
    /// Waits for the next update; absent after the last, or after `stop`.
    pub async fn next(&self) -> Result<Option<Update>> {
        let next = self.closing.clone().end(self.updates.clone().next()).await?;
        Ok(next.map(Update::decode).transpose()?.inspect(|update| self.log_warnings(update)))
    }

    /// Waits for the next update as `next` does. Blocks the thread.
    pub fn next_blocking(&self) -> Result<Option<Update>> {
        block_on(self.next())
    }

    /// Ends the wait, and closes its connection.
    pub fn stop(&self) {
        self.updates.close();
    }
}

impl Watch {
    /// Passes each update to a listener, and returns the outcome.
    pub(crate) async fn outcome(self: Arc<Self>, listener: Option<Arc<dyn UpdateListener>>) -> Result<Outcome> {
        while let Some(update) = self.next().await? {
            if let Some(listener) = &listener {
                listener.on_update(update.clone());
            }
            if let Update::Outcome { outcome } = update {
                return Ok(outcome);
            }
        }
        Err(BindingError::bug("a wait without an outcome").into())
    }

    /// Logs new warnings only: an outcome has every warning of its wait.
    fn log_warnings(&self, update: &Update) {
        let (image, warnings) = match update {
            Update::Reading { reading } => (&reading.image, &reading.warnings[..]),
            Update::Outcome { outcome } => (&outcome.image, &outcome.warnings[self.warnings_logged.load(Relaxed)..]),
            Update::ReadFailed { .. } => return,
        };
        self.warnings_logged.fetch_add(warnings.len(), Relaxed);
        log::warn(image.clone().into(), warnings);
    }
}

/// Returns the status of an image, with credentials from the environment. For several calls, create a client.
#[uniffi::export(async_runtime = "tokio", default(detail = false))]
pub async fn image_status(image: ImageRef, detail: bool) -> Result<Arc<ImageStatus>> {
    Client::new(ClientOptions::default())?.image_status(image, detail, None, None, None).await
}

/// Returns the status of an image, with credentials from the environment. Blocks the thread.
#[uniffi::export(default(detail = false))]
pub fn image_status_blocking(image: ImageRef, detail: bool) -> Result<Arc<ImageStatus>> {
    block_on(image_status(image, detail))
}
