//! The async client.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clanforge_core::monitor::Baseline;
use clanforge_core::{ImageRef, ImageStatus, ImageStatusRequest};
use reqwest::{Method, Request};
use tokio::time::Instant;
use tracing::Instrument;
use url::Url;

use crate::attempt::{Attempt, Received};
use crate::authentication::Authentication;
use crate::base_url::BaseUrl;
use crate::builder::ClientBuilder;
use crate::call::{Awaited, CallLimits, call};
use crate::error::Error;
use crate::failure::Failure;
use crate::transport::Transport;
use crate::wait::WaitCall;

/// Asks the service for image statuses.
///
/// A clone shares connections and settings with the original; use one client for everything. Calls need a tokio
/// runtime with I/O and time.
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
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) base_url: BaseUrl,
    pub(crate) authentication: Authentication,
    pub(crate) transport: Transport,
    pub(crate) limits: CallLimits,
}

impl Client {
    /// Returns a builder with every setting at its default.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Returns a client with default settings and what the environment says: see [`ClientBuilder::from_env`].
    ///
    /// # Errors
    /// `configuration` where credentials are missing or a variable cannot be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().from_env().build()
    }

    /// Returns a call for the status of one image. Nothing is sent until it is awaited.
    ///
    /// # Errors
    /// Awaiting gives an [`Error`] of any kind; `configuration` stands for a call outside a tokio runtime or for limits
    /// of zero.
    pub fn image_status(&self, image: ImageRef) -> ImageStatusCall {
        ImageStatusCall { client: self.clone(), request: ImageStatusRequest::new(image), limits: self.0.limits }
    }

    /// Returns a wait until the image is ready, has failed, or is not worth waiting for any longer. It begins when it is
    /// awaited.
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
    /// As [`WaitCall::stream`]. How the wait ended is an [`Outcome`](crate::monitor::Outcome), whatever the end.
    pub fn wait(&self, image: ImageRef) -> WaitCall {
        WaitCall::new(self.clone(), image)
    }

    /// Returns the same wait as [`wait`](Self::wait), for the [`stream`](WaitCall::stream) of its updates.
    pub fn watch(&self, image: ImageRef) -> WaitCall {
        self.wait(image)
    }

    /// Returns the status before a rollout is started, with detail, by which a wait tells the new version's counts from
    /// the old one's.
    ///
    /// # Errors
    /// As [`image_status`](Self::image_status).
    pub async fn baseline(&self, image: ImageRef) -> Result<Baseline, Error> {
        let status = self.image_status(image).detail(true).await?;
        Ok(Baseline::new(image, status))
    }

    pub(crate) const fn new(inner: Arc<Inner>) -> Self {
        Self(inner)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base_url)
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}

/// A call for the status of one image. Await it to send it; drop it to give it up, which closes its
/// connection, or over HTTP/2 takes the request back.
#[derive(Clone, Debug)]
#[must_use = "a call is sent when it is awaited"]
pub struct ImageStatusCall {
    client: Client,
    request: ImageStatusRequest,
    limits: CallLimits,
}

impl ImageStatusCall {
    /// Asks for the counts of each fleet and region as well. Default: the parameter is left out, which the service
    /// takes as false.
    pub const fn detail(mut self, detail: bool) -> Self {
        self.request = self.request.detail(detail);
        self
    }

    /// Sets the longest that this call may take, retries and pauses included.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// Sets how many more attempts may follow a first one that failed in a way that another may mend.
    pub const fn retries(mut self, retries: u32) -> Self {
        self.limits.retry.retries = retries;
        self
    }

    /// Sends the request, and returns the status with its age.
    pub(crate) async fn receive(self) -> Result<Received, Error> {
        let Inner { base_url, .. } = &*self.client.0;
        self.limits.validate()?;
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::outside_a_runtime());
        }
        let url = base_url.join(&self.request);
        let image = self.request.image();
        let span = tracing::debug_span!(
            "image_status",
            account_service_id = image.account_service_id,
            image_id = image.image_id,
            detail = self.request.wants_detail(),
        );
        let is_sending = AtomicBool::new(false);
        let awaited = || match is_sending.load(Ordering::Relaxed) {
            true => Awaited::Answer(base_url.origin()),
            false => Awaited::Credentials,
        };
        let attempts = call(self.limits, awaited, |time| self.attempt(&url, time, &is_sending));
        attempts.instrument(span).await
    }

    /// Makes one attempt, proved anew, and says when it begins to send.
    async fn attempt(&self, url: &Url, time: Duration, is_sending: &AtomicBool) -> Result<Received, Failure> {
        let Inner { authentication, transport, .. } = &*self.client.0;
        is_sending.store(false, Ordering::Relaxed);
        let began = Instant::now();
        let signer = authentication.signer().await?;
        if began.elapsed() >= time {
            // A provider that blocks has let no timer run.
            return Err(Awaited::Credentials.too_slow(time));
        }
        let now = authentication.now();
        let mut request = Request::new(Method::GET, url.clone());
        let redactor =
            signer.sign(&mut request, now).map_err(|error| Failure::unsent(error.kind(), error.message()))?;
        let attempt = Attempt { transport, redactor: &redactor, wants_detail: self.request.wants_detail() };
        is_sending.store(true, Ordering::Relaxed);
        match attempt.send(request, time).await {
            Ok(received) => Ok(received),
            Err(failure) => Err(authentication.judge(failure, &signer, now)),
        }
    }
}

impl IntoFuture for ImageStatusCall {
    type Output = Result<ImageStatus, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { self.receive().await.map(|received| received.status) })
    }
}
