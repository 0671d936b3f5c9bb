//! The blocking client, for programs without an async runtime.
//!
//! ```no_run
//! use clanforge::blocking::Client;
//! use clanforge::ImageRef;
//!
//! let status = Client::from_env()?.image_status(ImageRef::new(1234, 5678)).detail(true).send()?;
//! println!("{}", status.readiness());
//! # Ok::<(), clanforge::Error>(())
//! ```

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use clanforge_core::monitor::{Baseline, CombinedOutcome, Outcome, Policy, Update};
use clanforge_core::{Gate, ImageRef, ImageStatus};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::Error;
use crate::wait::{RolloutCall, RolloutError};

/// Reads image statuses and waits for rollouts, and blocks the calling thread: the counterpart of [`crate::Client`].
///
/// A clone shares connections and settings with the original; threads may use one client at the same time. Within an async
/// runtime, where blocking would stop other tasks, calls return an error of kind `configuration`. Threads of tokio's
/// `spawn_blocking` are within a runtime.
#[derive(Clone, Debug)]
pub struct Client {
    client: crate::Client,
    driver: Arc<Driver>,
}

impl Client {
    /// Returns a blocking client with the settings of a builder.
    ///
    /// # Errors
    /// As [`crate::ClientBuilder::build`]; `local` if the operating system has no resources for it.
    pub fn new(builder: crate::ClientBuilder) -> Result<Self, Error> {
        Ok(Self { client: builder.build()?, driver: Arc::new(Driver::new()?) })
    }

    /// Returns a client with default settings, and with credentials and base URL from the environment: see
    /// [`crate::Client::from_env`].
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn from_env() -> Result<Self, Error> {
        Self::new(crate::Client::builder().from_env())
    }

    /// Returns a call for the status of one image: see [`crate::Client::image_status`].
    pub fn image_status(&self, image: ImageRef) -> ImageStatusCall {
        ImageStatusCall { call: self.client.image_status(image), driver: Arc::clone(&self.driver) }
    }

    /// Returns a wait: see [`crate::Client::wait`].
    pub fn wait(&self, image: ImageRef) -> WaitCall {
        WaitCall { call: self.client.wait(image), driver: Arc::clone(&self.driver) }
    }

    /// Returns the same wait as [`wait`](Self::wait), for the iterator over its updates: see [`crate::Client::watch`].
    pub fn watch(&self, image: ImageRef) -> WaitCall {
        self.wait(image)
    }

    /// Returns a wait for several images: see [`crate::Client::wait_all`].
    pub fn wait_all(&self, images: impl IntoIterator<Item = ImageRef>) -> WaitAllCall {
        WaitAllCall { call: self.client.wait_all(images), driver: Arc::clone(&self.driver) }
    }

    /// Reads the baselines of one or several images, runs the deployment, which starts the rollout, and waits for it: see
    /// [`crate::RolloutCall::run`]. `options` sets the options of the rollout.
    ///
    /// # Errors
    /// As [`crate::RolloutCall::run`]; `configuration` within an async runtime.
    pub fn rollout<T, E: Display>(
        &self,
        images: impl IntoIterator<Item = ImageRef>,
        options: impl FnOnce(RolloutCall) -> RolloutCall,
        deploy: impl FnOnce() -> Result<T, E>,
    ) -> Result<CombinedOutcome, RolloutError<E>> {
        let rollout = self.driver.block_on(options(self.client.rollout(images)).begin())?;
        if !rollout.is_deployed() {
            rollout.starting()?;
            rollout.ended(deploy()).map_err(RolloutError::Deploy)?;
        }
        Ok(self.driver.block_on(rollout.wait())?)
    }

    /// Returns the same wait as [`wait_all`](Self::wait_all), for the iterator over its updates: see
    /// [`crate::Client::watch_all`].
    pub fn watch_all(&self, images: impl IntoIterator<Item = ImageRef>) -> WaitAllCall {
        self.wait_all(images)
    }

    /// Returns the image status as a baseline: see [`crate::Client::baseline`].
    ///
    /// # Errors
    /// As [`ImageStatusCall::send`].
    pub fn baseline(&self, image: ImageRef) -> Result<Baseline, Error> {
        self.driver.block_on(self.client.baseline(image))
    }

    /// Returns the baselines of several images: see [`crate::Client::baselines`].
    ///
    /// # Errors
    /// As [`ImageStatusCall::send`].
    pub fn baselines(&self, images: impl IntoIterator<Item = ImageRef>) -> Result<Vec<Baseline>, Error> {
        self.driver.block_on(self.client.baselines(images))
    }
}

/// A wait for one image: the counterpart of [`crate::WaitCall`].
#[derive(Clone, Debug)]
#[must_use = "a wait does nothing until send or updates is called"]
pub struct WaitCall {
    call: crate::WaitCall,
    driver: Arc<Driver>,
}

impl WaitCall {
    /// Sets the whole policy: see [`crate::WaitCall::policy`].
    pub fn policy(mut self, policy: Policy) -> Self {
        self.call = self.call.policy(policy);
        self
    }

    /// Sets the gate: see [`crate::WaitCall::gate`].
    pub fn gate(mut self, gate: Gate) -> Self {
        self.call = self.call.gate(gate);
        self
    }

    /// Sets the longest that the wait may take: see [`crate::WaitCall::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call = self.call.timeout(timeout);
        self
    }

    /// Removes the timeout: see [`crate::WaitCall::no_timeout`].
    pub fn no_timeout(mut self) -> Self {
        self.call = self.call.no_timeout();
        self
    }

    /// Sets the status from before the rollout: see [`crate::WaitCall::baseline`].
    pub fn baseline(mut self, baseline: Baseline) -> Self {
        self.call = self.call.baseline(baseline);
        self
    }

    /// Requests detail even if the gate does not need it: see [`crate::WaitCall::detail`].
    pub fn detail(mut self, detail: bool) -> Self {
        self.call = self.call.detail(detail);
        self
    }

    /// Sets the seed of the jitter: see [`crate::WaitCall::seed`].
    pub fn seed(mut self, seed: u64) -> Self {
        self.call = self.call.seed(seed);
        self
    }

    /// Waits, and returns the outcome.
    ///
    /// # Errors
    /// As [`crate::WaitCall::stream`]; `configuration` within an async runtime.
    pub fn send(self) -> Result<Outcome, Error> {
        self.driver.block_on(self.call)
    }

    /// Returns the events of the wait, one after another: see [`crate::WaitCall::stream`].
    pub fn updates(self) -> Updates {
        Updates { updates: Some(self.call.stream()), driver: self.driver }
    }
}

/// The updates of a wait: the counterpart of [`crate::Updates`], as an iterator that blocks until the next.
#[derive(Debug)]
pub struct Updates {
    /// `None` once the wait could not continue.
    updates: Option<crate::Updates>,
    driver: Arc<Driver>,
}

impl Iterator for Updates {
    type Item = Result<Update, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let updates = self.updates.as_mut()?;
        let next = self.driver.block_on(async { Ok(updates.next().await) });
        next.unwrap_or_else(|error| {
            self.updates = None;
            Some(Err(error))
        })
    }
}

/// A wait for several images: the counterpart of [`crate::WaitAllCall`].
#[derive(Clone, Debug)]
#[must_use = "a wait does nothing until send or updates is called"]
pub struct WaitAllCall {
    call: crate::WaitAllCall,
    driver: Arc<Driver>,
}

impl WaitAllCall {
    /// Sets the whole policy: see [`crate::WaitAllCall::policy`].
    pub fn policy(mut self, policy: Policy) -> Self {
        self.call = self.call.policy(policy);
        self
    }

    /// Sets the gate: see [`crate::WaitAllCall::gate`].
    pub fn gate(mut self, gate: Gate) -> Self {
        self.call = self.call.gate(gate);
        self
    }

    /// Sets the longest that the wait may take: see [`crate::WaitAllCall::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call = self.call.timeout(timeout);
        self
    }

    /// Removes the timeout: see [`crate::WaitAllCall::no_timeout`].
    pub fn no_timeout(mut self) -> Self {
        self.call = self.call.no_timeout();
        self
    }

    /// Sets the statuses from before the rollouts: see [`crate::WaitAllCall::baselines`].
    pub fn baselines(mut self, baselines: impl IntoIterator<Item = Baseline>) -> Self {
        self.call = self.call.baselines(baselines);
        self
    }

    /// Requests detail even if the gate does not need it: see [`crate::WaitAllCall::detail`].
    pub fn detail(mut self, detail: bool) -> Self {
        self.call = self.call.detail(detail);
        self
    }

    /// Sets the seed of the jitter: see [`crate::WaitAllCall::seed`].
    pub fn seed(mut self, seed: u64) -> Self {
        self.call = self.call.seed(seed);
        self
    }

    /// Waits, and returns the combined outcome.
    ///
    /// # Errors
    /// As [`crate::WaitAllCall::stream`]; `configuration` within an async runtime.
    pub fn send(self) -> Result<CombinedOutcome, Error> {
        self.driver.block_on(self.call)
    }

    /// Returns the events of the wait, one after another: see [`crate::WaitAllCall::stream`].
    pub fn updates(self) -> AllUpdates {
        AllUpdates { updates: self.call.stream(), has_failed: false, driver: self.driver }
    }
}

/// The updates of a wait for several images: the counterpart of [`crate::AllUpdates`], as an iterator that blocks until the
/// next.
#[derive(Debug)]
pub struct AllUpdates {
    updates: crate::AllUpdates,
    /// Whether the wait could not continue.
    has_failed: bool,
    driver: Arc<Driver>,
}

impl AllUpdates {
    /// Returns the combined outcome; `None` before the wait has ended: see [`crate::AllUpdates::outcome`].
    pub const fn outcome(&self) -> Option<&CombinedOutcome> {
        self.updates.outcome()
    }
}

impl Iterator for AllUpdates {
    type Item = Result<Update, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_failed {
            return None;
        }
        let updates = &mut self.updates;
        let next = self.driver.block_on(async { Ok(updates.next().await) });
        next.unwrap_or_else(|error| {
            self.has_failed = true;
            Some(Err(error))
        })
    }
}

/// A call for the status of one image: the counterpart of [`crate::ImageStatusCall`].
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until send is called"]
pub struct ImageStatusCall {
    call: crate::ImageStatusCall,
    driver: Arc<Driver>,
}

impl ImageStatusCall {
    /// Requests the counts of each fleet and region as well: see [`crate::ImageStatusCall::detail`].
    pub fn detail(mut self, detail: bool) -> Self {
        self.call = self.call.detail(detail);
        self
    }

    /// Sets the longest that this call may take: see [`crate::ImageStatusCall::timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.call = self.call.timeout(timeout);
        self
    }

    /// Sets how many retries may follow a transient error: see [`crate::ImageStatusCall::retries`].
    pub fn retries(mut self, retries: u32) -> Self {
        self.call = self.call.retries(retries);
        self
    }

    /// Sends the request and returns the image status.
    ///
    /// # Errors
    /// As [`crate::Client::image_status`]; `configuration` within an async runtime.
    pub fn send(self) -> Result<ImageStatus, Error> {
        self.driver.block_on(self.call)
    }
}

/// Drives calls on the calling thread, so that no response has to wake another thread.
#[derive(Debug)]
struct Driver(Option<Runtime>);

impl Driver {
    fn new() -> Result<Self, Error> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build();
        runtime
            .map(|runtime| Self(Some(runtime)))
            .map_err(|error| Error::local(format!("the blocking client could not be set up: {error}")))
    }

    fn block_on<T>(&self, call: impl IntoFuture<Output = Result<T, Error>>) -> Result<T, Error> {
        if Handle::try_current().is_ok() {
            return Err(Error::configuration(
                "blocking call within an async runtime: use clanforge::Client, or call it on a separate thread",
            ));
        }
        match &self.0 {
            Some(runtime) => runtime.block_on(call.into_future()),
            None => Err(Error::internal("the blocking client was already dropped")),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // The last clone may be dropped within another runtime, where waiting for this one to end would panic.
            runtime.shutdown_background();
        }
    }
}
