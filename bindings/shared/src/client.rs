//! Calls, and waits whose updates are read one by one.

use std::sync::Arc;

use clanforge::{Client, ImageRef, ImageStatusCall, Updates};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::error::BindingError;
use crate::monitor::{BaselineParts, EncodedUpdate, baseline, encode_update, parse_policy};
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

/// Starts a wait with a policy in JSON.
///
/// # Errors
/// `configuration` if the policy is invalid.
pub fn watch(
    client: &Client,
    image: ImageRef,
    policy: &str,
    before: Option<BaselineParts>,
    detail: bool,
    seed: Option<u64>,
    record: Option<String>,
) -> Result<Watch, BindingError> {
    let mut call = client.watch(image).policy(parse_policy(policy)?).detail(detail);
    if let Some(before) = before {
        call = call.baseline(baseline(before)?);
    }
    if let Some(seed) = seed {
        call = call.seed(seed);
    }
    if let Some(file) = record {
        call = call.record(file);
    }
    Ok(Watch { updates: Arc::new(Mutex::new(Some(call.stream()))), closed: CancellationToken::new() })
}

/// The updates of a wait, shared by its handle and a call for the next update.
#[derive(Clone)]
pub struct Watch {
    /// `None` while a call for the next update is in flight, and after one was dropped.
    updates: Arc<Mutex<Option<Updates>>>,
    closed: CancellationToken,
}

impl Watch {
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
            return if self.closed.is_cancelled() { Ok(None) } else { Err(BindingError::abandoned_wait()) };
        };
        let next = updates.next().await;
        *shared = Some(updates);
        Ok(next.transpose()?.map(encode_update))
    }

    /// Ends the wait and every call for its next update, and closes its connection.
    pub fn close(&self) {
        self.closed.cancel();
        // Where a call is in flight, it drops them.
        if let Ok(mut updates) = self.updates.try_lock() {
            *updates = None;
        }
    }
}
