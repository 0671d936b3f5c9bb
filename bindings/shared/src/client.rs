//! Calls, and waits whose updates are read one by one.

use std::pin::pin;
use std::sync::Arc;

use clanforge::monitor::Update;
use clanforge::{Client, Error, ImageRef, ImageStatusCall};
use futures_util::future::{Either, select};
use tokio::sync::{Mutex, MutexGuard, Semaphore};

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
) -> Result<Watch, BindingError> {
    let mut call = client.watch(image).policy(parse_policy(policy)?).detail(detail);
    if let Some(before) = before {
        call = call.baseline(baseline(before)?);
    }
    if let Some(seed) = seed {
        call = call.seed(seed);
    }
    Ok(Watch { updates: Arc::new(Mutex::new(Updates::Active(call.stream()))), ..Watch::default() })
}

/// The updates of a wait, shared by its handle and a call for the next update.
#[derive(Clone)]
pub struct Watch {
    updates: Arc<Mutex<Updates>>,
    /// Has no permits: acquiring one waits until the watch is closed.
    closed: Arc<Semaphore>,
}

impl Default for Watch {
    /// Returns a watch that has finished.
    fn default() -> Self {
        Self { updates: Arc::default(), closed: Arc::new(Semaphore::new(0)) }
    }
}

/// The state of a wait.
#[derive(Default)]
enum Updates {
    Active(clanforge::Updates),
    /// The last update was returned, or the watch was closed.
    #[default]
    Finished,
    /// A call for the next update was cancelled.
    Abandoned,
}

/// The result of a call for the next update.
pub enum NextUpdate {
    /// An update.
    Update(Box<Update>),
    /// There is none: the last was returned before, or the watch was closed.
    Finished,
    /// The wait was abandoned before.
    Abandoned,
}

impl NextUpdate {
    /// Returns the update in the form that crosses the FFI boundary; `None` after the last.
    ///
    /// # Errors
    /// `configuration` if the wait was abandoned.
    pub fn encode(self) -> Result<Option<EncodedUpdate>, BindingError> {
        match self {
            Self::Update(update) => Ok(Some(encode_update(*update))),
            Self::Finished => Ok(None),
            Self::Abandoned => Err(BindingError::abandoned_wait()),
        }
    }
}

impl Watch {
    /// Waits for the next update, or until the watch is closed. Dropping the future before it completes abandons the wait.
    ///
    /// # Errors
    /// A permanent error.
    pub async fn next(self) -> Result<NextUpdate, Error> {
        let next = async { InFlight { updates: self.updates.lock().await, is_complete: true }.next().await };
        match select(pin!(self.closed.acquire()), pin!(next)).await {
            Either::Left(_) => Ok(NextUpdate::Finished),
            Either::Right((next, _)) => next,
        }
    }

    /// Ends the wait and every call for its next update, and closes its connection.
    pub fn close(&self) {
        self.closed.close();
        // Where a call is in flight, it abandons the wait.
        if let Ok(mut updates) = self.updates.try_lock() {
            *updates = Updates::Finished;
        }
    }
}

/// Abandons the wait when a call for its next update is dropped before it completes, so that its connection closes.
struct InFlight<'a> {
    updates: MutexGuard<'a, Updates>,
    is_complete: bool,
}

impl InFlight<'_> {
    async fn next(&mut self) -> Result<NextUpdate, Error> {
        self.is_complete = false;
        let update = match &mut *self.updates {
            Updates::Active(stream) => stream.next().await,
            Updates::Finished => None,
            Updates::Abandoned => return Ok(NextUpdate::Abandoned),
        };
        self.is_complete = true;
        match update {
            Some(update) => update.map(Box::new).map(NextUpdate::Update),
            None => {
                *self.updates = Updates::Finished;
                Ok(NextUpdate::Finished)
            }
        }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if !self.is_complete {
            *self.updates = Updates::Abandoned;
        }
    }
}
