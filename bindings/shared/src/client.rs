//! Calls, and waits whose updates are taken one by one.

use std::pin::pin;
use std::sync::Arc;

use clanforge::monitor::{Policy, Update};
use clanforge::{Client, Error, ImageRef, ImageStatusCall};
use futures_util::future::{Either, select};
use tokio::sync::{Mutex, MutexGuard, Semaphore};

use crate::fault::Fault;
use crate::monitor::{Before, Told, baseline, policy, update};
use crate::settings::duration;

/// Returns the call for a status; `timeout` in seconds.
///
/// # Errors
/// Where the timeout is no duration.
pub fn image_status(
    client: &Client,
    image: ImageRef,
    detail: bool,
    timeout: Option<f64>,
    retries: Option<u32>,
) -> Result<ImageStatusCall, Fault> {
    let mut call = client.image_status(image).detail(detail);
    if let Some(timeout) = timeout {
        call = call.timeout(duration("timeout", timeout)?);
    }
    if let Some(retries) = retries {
        call = call.retries(retries);
    }
    Ok(call)
}

/// Begins a wait by a policy as JSON.
///
/// # Errors
/// Where it is no policy.
pub fn watch(
    client: &Client,
    image: ImageRef,
    policy_text: &str,
    before: Option<Before>,
    detail: bool,
    seed: Option<u64>,
) -> Result<Watch, Fault> {
    Ok(watch_by(client, image, policy(policy_text)?, before, detail, seed))
}

/// Begins a wait by a policy.
pub fn watch_by(
    client: &Client,
    image: ImageRef,
    policy: Policy,
    before: Option<Before>,
    detail: bool,
    seed: Option<u64>,
) -> Watch {
    let mut call = client.watch(image).policy(policy).detail(detail);
    if let Some(before) = before {
        call = call.baseline(baseline(before));
    }
    if let Some(seed) = seed {
        call = call.seed(seed);
    }
    Watch { updates: Arc::new(Mutex::new(Updates::Live(call.stream()))), ..Watch::default() }
}

/// The updates of a wait, shared by its handle and by a call for the next one.
#[derive(Clone)]
pub struct Watch {
    updates: Arc<Mutex<Updates>>,
    /// Without permits: whoever waits for one waits for the wait to be closed.
    closed: Arc<Semaphore>,
}

impl Default for Watch {
    /// Returns one that is over.
    fn default() -> Self {
        Self { updates: Arc::default(), closed: Arc::new(Semaphore::new(0)) }
    }
}

/// Where a wait is.
#[derive(Default)]
enum Updates {
    Live(clanforge::Updates),
    /// The last update was handed out, or the wait was closed.
    #[default]
    Over,
    /// A call for the next update did not run to its end.
    GivenUp,
}

/// What a call for the next update found.
pub enum Found {
    /// An update.
    Told(Box<Update>),
    /// Nothing: the last was told before.
    Nothing,
    /// A wait that was given up.
    GivenUp,
}

impl Found {
    /// Returns the update as a text and its status; nothing after the last.
    ///
    /// # Errors
    /// `configuration` where the wait was given up.
    pub fn told(self) -> Result<Option<Told>, Fault> {
        Ok(self.update()?.map(update))
    }

    /// Returns the update; nothing after the last.
    ///
    /// # Errors
    /// `configuration` where the wait was given up.
    pub fn update(self) -> Result<Option<Update>, Fault> {
        match self {
            Self::Told(update) => Ok(Some(*update)),
            Self::Nothing => Ok(None),
            Self::GivenUp => Err(Fault::given_up()),
        }
    }
}

impl Watch {
    /// Waits for the next update; nothing where the wait is closed meanwhile. Dropped before its end, it gives the wait up.
    ///
    /// # Errors
    /// What no repetition mends.
    pub async fn next(self) -> Result<Found, Error> {
        let next = async { InFlight { updates: self.updates.lock().await, is_over: true }.next().await };
        match select(pin!(self.closed.acquire()), pin!(next)).await {
            Either::Left(_) => Ok(Found::Nothing),
            Either::Right((found, _)) => found,
        }
    }

    /// Ends the waiting, also of calls for the next update. The connection closes with the last handle.
    pub fn close(&self) {
        self.closed.close();
    }
}

/// Gives up a wait whose next update is not awaited to its end, so that its connection is closed.
struct InFlight<'a> {
    updates: MutexGuard<'a, Updates>,
    is_over: bool,
}

impl InFlight<'_> {
    async fn next(&mut self) -> Result<Found, Error> {
        self.is_over = false;
        let told = match &mut *self.updates {
            Updates::Live(stream) => stream.next().await,
            Updates::Over => None,
            Updates::GivenUp => return Ok(Found::GivenUp),
        };
        self.is_over = true;
        match told {
            Some(told) => told.map(Box::new).map(Found::Told),
            None => {
                *self.updates = Updates::Over;
                Ok(Found::Nothing)
            }
        }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            *self.updates = Updates::GivenUp;
        }
    }
}
