//! Calls, and waits whose updates are read one by one.

use std::sync::Arc;

use clanforge::monitor::Update;
use clanforge::{AllUpdates, Client, Error, ImageRef, ImageStatusCall, Rollout, RolloutCall, Updates, WaitOptions};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::error::BindingError;
use crate::monitor::{
    BaselineParts, EncodedCombinedOutcome, EncodedUpdate, baseline, encode_combined_outcome, encode_update, parse_own,
    parse_policy,
};
use crate::settings::duration;

/// Returns the call for an image status; `timeout` is in seconds.
///
/// # Errors
/// `configuration` if the timeout is not a valid duration.
pub fn image_status(
    client: &Client,
    image: ImageRef,
    detail: bool,
    timeout: Option<f64>,
    retries: Option<u32>,
) -> Result<ImageStatusCall, BindingError> {
    let mut call = client.image_status(image).detail(detail);
    if let Some(timeout) = timeout {
        call = call.timeout(duration("timeout", timeout)?);
    }
    if let Some(retries) = retries {
        call = call.retries(retries);
    }
    Ok(call)
}

/// Returns the options of the requests and files of a wait from JSON that the package wrote.
///
/// # Errors
/// `configuration` if a name is unknown, or a value has the wrong type.
pub fn wait_options(options: &str) -> Result<WaitOptions, BindingError> {
    parse_own(options, "options of a wait")
}

/// Starts a wait with a policy in JSON.
///
/// # Errors
/// `configuration` if the policy is invalid.
pub fn watch(
    client: &Client,
    image: ImageRef,
    policy: &str,
    before: Option<BaselineParts>,
    options: WaitOptions,
) -> Result<Watch, BindingError> {
    let mut call = client.watch(image).policy(parse_policy(policy)?).options(options);
    if let Some(before) = before {
        call = call.baseline(baseline(before)?);
    }
    Ok(Watch::new(Source::One(call.stream())))
}

/// Starts a wait for several images, with one policy in JSON.
///
/// # Errors
/// `configuration` if the policy is invalid.
pub fn watch_all(
    client: &Client,
    images: impl IntoIterator<Item = ImageRef>,
    policy: &str,
    before: impl IntoIterator<Item = BaselineParts>,
    options: WaitOptions,
) -> Result<Watch, BindingError> {
    let before = before.into_iter().map(baseline).collect::<Result<Vec<_>, _>>()?;
    let call = client.watch_all(images).policy(parse_policy(policy)?).baselines(before).options(options);
    Ok(Watch::new(Source::All(call.stream())))
}

/// Returns a rollout that has not begun, with a policy in JSON.
///
/// # Errors
/// `configuration` if the policy is invalid.
pub fn rollout(
    client: &Client,
    images: impl IntoIterator<Item = ImageRef>,
    policy: &str,
    options: WaitOptions,
    allow_busy: bool,
    assume_deployed: bool,
) -> Result<RolloutCall, BindingError> {
    let call = client.rollout(images).policy(parse_policy(policy)?).options(options);
    Ok(call.allow_busy(allow_busy).assume_deployed(assume_deployed))
}

/// Starts the wait for a rollout.
pub fn watch_rollout(rollout: &Rollout) -> Watch {
    Watch::new(Source::All(rollout.clone().wait().stream()))
}

/// The updates of a wait, shared by its handle and a call for the next update.
#[derive(Clone)]
pub struct Watch {
    /// `None` while a call for the next update is in flight, and after one was dropped.
    updates: Arc<Mutex<Option<Source>>>,
    closed: CancellationToken,
}

/// The updates of a wait for one image, or for several.
enum Source {
    One(Updates),
    All(AllUpdates),
}

impl Source {
    async fn next(&mut self) -> Option<Result<Update, Error>> {
        match self {
            Self::One(updates) => updates.next().await,
            Self::All(updates) => updates.next().await,
        }
    }
}

impl Watch {
    fn new(updates: Source) -> Self {
        Self { updates: Arc::new(Mutex::new(Some(updates))), closed: CancellationToken::new() }
    }

    /// Waits for the next update; `None` after the last, or once the watch is closed. Dropping the future before it completes
    /// abandons the wait.
    ///
    /// # Errors
    /// A permanent error, or `configuration` if the wait was abandoned.
    pub async fn next(self) -> Result<Option<EncodedUpdate>, BindingError> {
        self.closed.run_until_cancelled(self.next_while_open()).await.unwrap_or(Ok(None))
    }

    async fn next_while_open(&self) -> Result<Option<EncodedUpdate>, BindingError> {
        let mut shared = self.updates.lock().await;
        // Taken, so that they are dropped with this future, and their connection closes.
        let Some(mut updates) = shared.take() else {
            let problem = "the wait was abandoned because a call for its next update was interrupted: start a new wait";
            return if self.closed.is_cancelled() { Ok(None) } else { Err(BindingError::configuration(problem)) };
        };
        let next = updates.next().await;
        *shared = Some(updates);
        Ok(next.transpose()?.map(encode_update))
    }

    /// Returns how a wait for several images ended; `None` before that, or if it was closed or interrupted.
    pub fn combined_outcome(&self) -> Option<EncodedCombinedOutcome> {
        match &*self.updates.try_lock().ok()? {
            Some(Source::All(updates)) => updates.outcome().cloned().map(encode_combined_outcome),
            _ => None,
        }
    }

    /// Ends the wait and every call for its next update, and closes its connection.
    pub fn close(&self) {
        self.closed.cancel();
        // A call in flight holds the lock, and drops them itself.
        if let Ok(mut updates) = self.updates.try_lock() {
            *updates = None;
        }
    }
}
