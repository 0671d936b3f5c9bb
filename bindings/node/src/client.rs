//! The client.

use std::sync::Mutex;

use clanforge::{ImageRef, blocking};
use clanforge_bindings::{BaselineParts, BindingError, Settings};
use napi_derive::napi;

use crate::completion_queue::{CallResult, Completion, CompletionQueue, lock};
use crate::error::{NativeError, catch};
use crate::number::to_u64;
use crate::status::Status;

/// A client, for asynchronous and blocking calls.
#[napi]
pub struct Client {
    settings: Settings,
    /// `None` after it was closed.
    open: Mutex<Option<OpenClient>>,
}

/// The clients for each kind of call; a connection belongs to the thread that drives it.
struct OpenClient {
    asynchronous: clanforge::Client,
    /// Created on first use.
    blocking: Option<blocking::Client>,
}

#[napi]
impl Client {
    /// Creates a client with settings in JSON.
    #[napi(constructor)]
    pub fn new(settings: String) -> napi::Result<Self> {
        catch(|| {
            let settings = Settings::from_json(&settings)?;
            let asynchronous = settings.builder().build()?;
            Ok(Self { settings, open: Mutex::new(Some(OpenClient { asynchronous, blocking: None })) })
        })
    }

    /// Returns the status of an image. Blocks the thread.
    #[napi]
    pub fn image_status(
        &self,
        account_service_id: f64,
        image_id: f64,
        detail: bool,
        timeout: Option<f64>,
        retries: Option<u32>,
    ) -> napi::Result<Completion> {
        catch(|| {
            let mut call = self.blocking()?.image_status(image(account_service_id, image_id)).detail(detail);
            if let Some(timeout) = timeout {
                call = call.timeout(clanforge_bindings::duration("timeout", timeout)?);
            }
            if let Some(retries) = retries {
                call = call.retries(retries);
            }
            let status = call.send()?;
            Ok(Completion::new(0, Ok(CallResult::Status(status))))
        })
    }

    /// Starts a call for the status of an image.
    #[napi]
    #[allow(clippy::too_many_arguments)] // Only the TypeScript layer calls it.
    pub fn start_image_status(
        &self,
        queue: &CompletionQueue,
        call: u32,
        account_service_id: f64,
        image_id: f64,
        detail: bool,
        timeout: Option<f64>,
        retries: Option<u32>,
    ) -> napi::Result<()> {
        catch(|| {
            let image = image(account_service_id, image_id);
            let request = clanforge_bindings::image_status(&self.asynchronous()?, image, detail, timeout, retries)?;
            queue.start(call, async move { request.await.map(CallResult::Status) })
        })
    }

    /// Starts a wait. `policy` is JSON; the baseline is given as its image and status.
    #[napi]
    #[allow(clippy::too_many_arguments)] // Only the TypeScript layer calls it.
    pub fn watch(
        &self,
        account_service_id: f64,
        image_id: f64,
        policy: String,
        baseline_image: Option<Vec<f64>>,
        status: Option<&Status>,
        detail: bool,
        seed: Option<f64>,
    ) -> napi::Result<Watch> {
        catch(|| {
            let image = image(account_service_id, image_id);
            let baseline = baseline_parts(baseline_image, status)?;
            let client = self.asynchronous()?;
            let watch = clanforge_bindings::watch(&client, image, &policy, baseline, detail, seed.map(to_u64))?;
            Ok(Watch(Mutex::new(Some(watch))))
        })
    }

    /// Closes the connections. Later calls fail.
    #[napi]
    pub fn close(&self) {
        *lock(&self.open) = None;
    }
}

impl Client {
    fn asynchronous(&self) -> Result<clanforge::Client, NativeError> {
        self.with_open(|open| Ok(open.asynchronous.clone()))
    }

    fn blocking(&self) -> Result<blocking::Client, NativeError> {
        self.with_open(|open| match &open.blocking {
            Some(client) => Ok(client.clone()),
            None => Ok(open.blocking.insert(blocking::Client::new(self.settings.builder())?).clone()),
        })
    }

    fn with_open<T>(&self, run: impl FnOnce(&mut OpenClient) -> Result<T, NativeError>) -> Result<T, NativeError> {
        match &mut *lock(&self.open) {
            Some(open) => run(open),
            None => Err(BindingError::configuration("the client is closed").into()),
        }
    }
}

/// The updates of a wait, until it is closed.
#[napi]
pub struct Watch(Mutex<Option<clanforge_bindings::Watch>>);

#[napi]
impl Watch {
    /// Starts a call for the next update.
    #[napi]
    pub fn start_next(&self, queue: &CompletionQueue, call: u32) -> napi::Result<()> {
        catch(|| {
            let watch = lock(&self.0).clone().unwrap_or_default();
            queue.start(call, async move { Ok(CallResult::Update(watch.next().await?)) })
        })
    }

    /// Ends the wait, and closes its connection.
    #[napi]
    pub fn close(&self) -> napi::Result<()> {
        catch(|| {
            if let Some(watch) = lock(&self.0).take() {
                watch.close();
                let _runtime = clanforge_bindings::runtime()?.enter();
                drop(watch);
            }
            Ok(())
        })
    }
}

pub(crate) fn image(account_service_id: f64, image_id: f64) -> ImageRef {
    ImageRef::new(to_u64(account_service_id), to_u64(image_id))
}

pub(crate) fn baseline_parts(
    ids: Option<Vec<f64>>,
    status: Option<&Status>,
) -> Result<Option<BaselineParts>, BindingError> {
    match (ids.as_deref(), status) {
        (None, None) => Ok(None),
        (Some([account_service_id, image_id]), Some(status)) => {
            Ok(Some((image(*account_service_id, *image_id), status.0.clone())))
        }
        // A baseline without image or status must not be ignored.
        _ => Err(BindingError::configuration("invalid baseline: it needs an image and a status")),
    }
}
