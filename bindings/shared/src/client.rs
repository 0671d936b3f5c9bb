//! Calls, and waits whose updates are taken one by one.

use std::sync::Arc;

use clanforge::{Client, Error, ImageRef, ImageStatusCall};

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
    let mut call = client.watch(image).policy(policy(policy_text)?).detail(detail);
    if let Some(before) = before {
        call = call.baseline(baseline(before));
    }
    if let Some(seed) = seed {
        call = call.seed(seed);
    }
    Ok(Watch(Arc::new(tokio::sync::Mutex::new(Updates::Live(call.stream())))))
}

/// The updates of a wait, shared by its handle and by a call for the next one.
#[derive(Clone, Default)]
pub struct Watch(Arc<tokio::sync::Mutex<Updates>>);

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
    Told(Told),
    /// Nothing: the last was told before.
    Nothing,
    /// A wait that was given up.
    GivenUp,
}

impl Found {
    /// Returns the update; nothing after the last.
    ///
    /// # Errors
    /// `configuration` where the wait was given up.
    pub fn told(self) -> Result<Option<Told>, Fault> {
        match self {
            Self::Told(told) => Ok(Some(told)),
            Self::Nothing => Ok(None),
            Self::GivenUp => Err(Fault::given_up()),
        }
    }
}

impl Watch {
    /// Waits for the next update; dropped before its end, it gives the wait up.
    ///
    /// # Errors
    /// What no repetition mends.
    pub async fn next(self) -> Result<Found, Error> {
        InFlight { updates: self.0.lock().await, is_over: true }.next().await
    }
}

/// Gives up a wait whose next update is not awaited to its end, so that its connection is closed.
struct InFlight<'a> {
    updates: tokio::sync::MutexGuard<'a, Updates>,
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
            Some(told) => told.map(update).map(Found::Told),
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
