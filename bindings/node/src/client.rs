//! The client.

use std::sync::Mutex;

use clanforge::ImageStatusCall;
use clanforge_bindings::{BindingError, Settings, lock, wait_options};
use napi::bindgen_prelude::Either4;
use napi_derive::napi;
use tokio::runtime::{Builder, Runtime};

use crate::completion_queue::CompletionQueue;
use crate::error::export;
use crate::monitor::{Baseline, parts};
use crate::number::{self, Image};
use crate::status::{CombinedOutcome, Status, Value, combined_outcome, update};

/// A client, for asynchronous and blocking calls.
#[napi]
pub struct Client {
    settings: Settings,
    /// `None` once it is closed.
    open: Mutex<Option<OpenClient>>,
}

/// The clients for each kind of call; a connection belongs to the thread that drives it.
struct OpenClient {
    asynchronous: clanforge::Client,
    /// Created on first use, with the runtime that drives its connections.
    blocking: Option<(clanforge::Client, Runtime)>,
}

/// The wait of a rollout, or for several images: the images, and in JSON its policy and the options of its requests and files.
type RolloutWait = (Vec<Image>, String, String);

/// A call for the status of an image.
#[napi(object, object_to_js = false)]
pub struct StatusRequest {
    pub account_service_id: f64,
    pub image_id: f64,
    pub detail: Option<bool>,
    pub timeout_ms: Option<f64>,
    pub retries: Option<u32>,
}

export!(impl Client {
    /// Creates a client with settings in JSON.
    [constructor] fn new(settings: String) -> Self = {
        let settings = Settings::from_json(&settings)?;
        let asynchronous = settings.builder().build()?;
        Ok(Self { settings, open: Mutex::new(Some(OpenClient { asynchronous, blocking: None })) })
    };

    /// Returns the status of an image. Blocks the thread.
    fn image_status(&self, request: StatusRequest) -> Value = self.with_open(|open| {
        let (client, runtime) = open.blocking(&self.settings)?;
        Status::value(runtime.block_on(request.call(client)?.into_future())?)
    });

    /// Starts a call for the status of an image.
    fn start_image_status(&self, queue: &CompletionQueue, call: u32, request: StatusRequest) -> () =
        self.with_open(|open| {
            let request = request.call(&open.asynchronous)?;
            queue.start(call, async move { Ok(Some(Status::value(request.await?)?)) })
        });

    /// Starts a wait. `policy`, and `options` for the requests and files of the wait, are JSON.
    fn watch(&self, image: Image, policy: String, baseline: Option<Baseline<'_>>, options: String) -> Watch = {
        let (client, image, options) = (self.asynchronous()?, number::image(image), wait_options(&options)?);
        clanforge_bindings::watch(&client, image, &policy, baseline.map(parts), options).map(Watch)
    };

    /// Starts a wait for several images.
    fn watch_all(&self, wait: RolloutWait, baselines: Vec<Baseline<'_>>) -> Watch = {
        let (client, (images, policy, options)) = (self.asynchronous()?, wait);
        let (images, baselines) = (images.into_iter().map(number::image), baselines.into_iter().map(parts));
        clanforge_bindings::watch_all(&client, images, &policy, baselines, wait_options(&options)?).map(Watch)
    };

    /// Starts a call that begins a rollout.
    fn start_rollout(
        &self, queue: &CompletionQueue, call: u32, wait: RolloutWait, allow_busy: bool, assume_deployed: bool
    ) -> () = {
        let (client, (images, policy, options)) = (self.asynchronous()?, wait);
        let (images, options) = (images.into_iter().map(number::image), wait_options(&options)?);
        let rollout = clanforge_bindings::rollout(&client, images, &policy, options, allow_busy, assume_deployed)?;
        queue.start(call, async move { Ok(Some(Either4::D(Rollout(rollout.begin().await?)))) })
    };

    /// Closes the connections. Later calls fail.
    fn close(&self) -> () = {
        *lock(&self.open) = None;
        Ok(())
    };
});

impl Client {
    fn with_open<T>(&self, run: impl FnOnce(&mut OpenClient) -> Result<T, BindingError>) -> Result<T, BindingError> {
        run(lock(&self.open).as_mut().ok_or_else(BindingError::closed_client)?)
    }

    fn asynchronous(&self) -> Result<clanforge::Client, BindingError> {
        self.with_open(|open| Ok(open.asynchronous.clone()))
    }
}

impl OpenClient {
    fn blocking(&mut self, settings: &Settings) -> Result<&(clanforge::Client, Runtime), BindingError> {
        match &mut self.blocking {
            Some(blocking) => Ok(blocking),
            missing => {
                let runtime = Builder::new_current_thread().enable_io().enable_time().build();
                let runtime = runtime.map_err(|problem| BindingError::startup(&problem))?;
                Ok(missing.insert((settings.builder().build()?, runtime)))
            }
        }
    }
}

impl StatusRequest {
    fn call(&self, client: &clanforge::Client) -> Result<ImageStatusCall, BindingError> {
        let image = number::image((self.account_service_id, self.image_id));
        let timeout = self.timeout_ms.map(|milliseconds| milliseconds / 1000.0);
        clanforge_bindings::image_status(client, image, self.detail.unwrap_or_default(), timeout, self.retries)
    }
}

/// A rollout whose baselines have been read.
#[napi]
pub struct Rollout(clanforge::Rollout);

export!(impl Rollout {
    /// Returns the warnings about the baseline of each image.
    fn warnings(&self) -> Vec<Vec<String>> =
        Ok(self.0.baselines().iter().map(clanforge::monitor::Baseline::warnings).collect());

    /// Whether the rollout was started before, so that only the wait is left.
    [getter] fn is_deployed(&self) -> bool = Ok(self.0.is_deployed());

    /// Records that the deployment starts.
    fn starting(&self) -> () = Ok(self.0.starting()?);

    /// Records that the deployment succeeded, or why it failed.
    fn ended(&self, failure: Option<String>) -> () = {
        // The result repeats the failure, which the caller throws.
        let _ = self.0.ended(failure.as_ref().map_or(Ok(()), Err));
        Ok(())
    };

    /// Starts the wait.
    fn watch(&self) -> Watch = Ok(Watch(clanforge_bindings::watch_rollout(&self.0)));
});

/// The updates of a wait.
#[napi]
pub struct Watch(clanforge_bindings::Watch);

export!(impl Watch {
    /// Starts a call for the next update.
    fn start_next(&self, queue: &CompletionQueue, call: u32) -> () = {
        let watch = self.0.clone();
        queue.start(call, async move { Ok(watch.next().await?.map(update).transpose()?.map(Either4::C)) })
    };

    /// Returns how a wait for several images ended; `null` before that, or if it was closed or interrupted.
    fn combined_outcome(&self) -> Option<CombinedOutcome> = self.0.combined_outcome().map(combined_outcome).transpose();

    /// Ends the wait, and closes its connection.
    fn close(&self) -> () = {
        self.0.close();
        Ok(())
    };
});
