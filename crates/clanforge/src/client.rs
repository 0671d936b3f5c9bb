//! The async client.

use std::sync::Arc;
use std::time::SystemTime;

use clanforge_core::ImageRef;
use clanforge_core::monitor::Baseline;
use futures_util::future::try_join_all;

use crate::builder::ClientBuilder;
use crate::call::{CallLimits, Service};
use crate::error::Error;
use crate::image_status::ImageStatusCall;
use crate::wait::{RolloutCall, WaitAllCall, WaitCall};

/// Reads image statuses and waits for rollouts.
///
/// A clone shares connections and settings with the original: create one client and clone it. Calls require a tokio runtime
/// with I/O and time enabled.
///
/// ```no_run
/// # async fn look() -> Result<(), clanforge::Error> {
/// use clanforge::{Client, Credentials, ImageRef};
///
/// let client = Client::builder().credentials(Credentials::basic("access key", "secret key")).build()?;
/// let status = client.image_status(ImageRef::new(1234, 5678)).await?;
/// println!("{}", status.readiness());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    service: Arc<Service>,
    limits: CallLimits,
}

impl Client {
    /// Returns a builder with every setting at its default.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Returns a client with default settings, and with credentials and base URL from the environment: see
    /// [`ClientBuilder::from_env`].
    ///
    /// # Errors
    /// `configuration` if credentials are missing or a variable is invalid.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().from_env().build()
    }

    /// Returns the scheme, host and port of the service that the client calls, which is safe to print.
    pub fn origin(&self) -> String {
        self.service.base_url.origin()
    }

    /// Returns a call for the status of one image. Nothing is sent until it is awaited.
    ///
    /// # Errors
    /// Awaiting returns an [`Error`] of any kind: `configuration` outside a tokio runtime and for a timeout of zero.
    pub fn image_status(&self, image: ImageRef) -> ImageStatusCall {
        ImageStatusCall::new(Arc::clone(&self.service), image, self.limits)
    }

    /// Returns a wait until the image is ready or has failed, or the wait has to give up. It begins when it is awaited.
    ///
    /// ```no_run
    /// # async fn wait(client: clanforge::Client, image: clanforge::ImageRef) -> Result<(), Box<dyn std::error::Error>> {
    /// let baseline = client.baseline(image).await?;
    /// // … start the rollout …
    /// let outcome = client.wait(image).baseline(baseline).await?.into_result()?;
    /// println!("{}", outcome.reason);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`WaitCall::stream`]. A wait that ends without success returns an [`Outcome`](crate::monitor::Outcome), not an error.
    pub fn wait(&self, image: ImageRef) -> WaitCall {
        WaitCall::new(self.image_status(image))
    }

    /// Returns the same wait as [`wait`](Self::wait), for the [`stream`](WaitCall::stream) of its updates.
    pub fn watch(&self, image: ImageRef) -> WaitCall {
        self.wait(image)
    }

    /// Returns a wait for several images: until all are ready, one has certainly failed, or the wait has to give up. It begins
    /// when it is awaited.
    ///
    /// ```no_run
    /// # async fn wait(client: clanforge::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use clanforge::ImageRef;
    ///
    /// let images = [5678, 5679].map(|image_id| ImageRef::new(1234, image_id));
    /// let baselines = client.baselines(images).await?;
    /// // … start the rollouts …
    /// client.wait_all(images).baselines(baselines).await?.into_result()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`WaitAllCall::stream`]. A wait that ends without success returns a
    /// [`CombinedOutcome`](crate::monitor::CombinedOutcome), not an error.
    pub fn wait_all(&self, images: impl IntoIterator<Item = ImageRef>) -> WaitAllCall {
        WaitAllCall::new(images.into_iter().map(|image| self.wait(image)).collect())
    }

    /// Returns a rollout of one or several images: reads their baselines, awaits the caller's deployment, which starts it, and
    /// waits for it. See [`RolloutCall::run`].
    pub fn rollout(&self, images: impl IntoIterator<Item = ImageRef>) -> RolloutCall {
        RolloutCall::new(self.clone(), images.into_iter().collect())
    }

    /// Returns the same wait as [`wait_all`](Self::wait_all), for the [`stream`](WaitAllCall::stream) of its updates.
    pub fn watch_all(&self, images: impl IntoIterator<Item = ImageRef>) -> WaitAllCall {
        self.wait_all(images)
    }

    /// Returns the image status, with detail, as a baseline: read it before you start a rollout, so that a wait can tell the
    /// new version's counts from the old one's.
    ///
    /// # Errors
    /// As [`image_status`](Self::image_status).
    pub async fn baseline(&self, image: ImageRef) -> Result<Baseline, Error> {
        let taken_at = SystemTime::now();
        let status = self.image_status(image).detail(true).await?;
        let baseline = Baseline::new(image, status).with_taken_at(taken_at);
        for warning in baseline.warnings() {
            tracing::warn!(account_service_id = image.account_service_id, image_id = image.image_id, "{warning}");
        }
        Ok(baseline)
    }

    /// Returns the baselines of several images, read at the same time.
    ///
    /// # Errors
    /// As [`baseline`](Self::baseline): the first error.
    pub async fn baselines(&self, images: impl IntoIterator<Item = ImageRef>) -> Result<Vec<Baseline>, Error> {
        try_join_all(images.into_iter().map(|image| self.baseline(image))).await
    }
}

impl ClientBuilder {
    /// Returns the client. It opens connections on its first call, and does not need an async runtime here.
    ///
    /// # Errors
    /// `configuration`, with the name of the setting, if a setting is invalid or credentials are missing.
    pub fn build(self) -> Result<Client, Error> {
        let (service, limits) = self.into_service()?;
        Ok(Client { service: Arc::new(service), limits })
    }
}
