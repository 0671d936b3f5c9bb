//! The endpoint `image status`: its call, and what the transport needs to know of it.

use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use clanforge_core::{ImageRef, ImageStatus, ImageStatusRequest, ResponseError, decode_image_status};
use reqwest::Method;
use tracing::Instrument;

use crate::call::{CallLimits, Endpoint, Service};
use crate::error::Error;
use crate::wait::clock::Simulation;

/// A status, and how old the response is.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) status: ImageStatus,
    pub(crate) age: Duration,
}

impl Endpoint for ImageStatusRequest {
    type Output = Received;

    const METHOD: Method = Method::GET;
    // According to the service's documentation, some other GETs change state; it does not say so of this one.
    const IS_IDEMPOTENT: bool = true;
    const RESPONSE: &'static str = "an image status";
    const SUBJECT: &'static str = "such image or account service";

    fn path(&self) -> String {
        self.path()
    }

    fn query(&self) -> Option<&str> {
        self.query()
    }

    fn decode(&self, body: &[u8], age: Duration) -> Result<Received, ResponseError> {
        let status = decode_image_status(body)?;
        // Without detail, `fleets` is absent rather than empty: an empty list would say that the image has no fleets.
        let is_bare = !self.wants_detail() && status.fleets().is_some_and(<[_]>::is_empty);
        let status = if is_bare { ImageStatus::new(status.counts()) } else { status };
        Ok(Received { status, age })
    }
}

/// A call for the status of one image. Await it to send the request. Dropping it cancels the request: its connection is
/// closed, or over HTTP/2 its stream is reset.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct ImageStatusCall {
    service: Arc<Service>,
    request: ImageStatusRequest,
    limits: CallLimits,
}

impl ImageStatusCall {
    pub(crate) const fn new(service: Arc<Service>, image: ImageRef, limits: CallLimits) -> Self {
        Self { service, request: ImageStatusRequest::new(image), limits }
    }

    /// Requests the counts of each fleet and region as well. By default the parameter is left out, which the service takes
    /// as false.
    pub const fn detail(mut self, detail: bool) -> Self {
        self.request = self.request.detail(detail);
        self
    }

    /// Sets the longest that this call may take, retries and backoff included. Defaults to the client's timeout.
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// Sets how many retries may follow a transient error. Defaults to the client's retries.
    pub const fn retries(mut self, retries: u32) -> Self {
        self.limits.retry.retries = retries;
        self
    }

    /// Makes one attempt only, for a caller that repeats the call itself.
    pub(crate) fn without_retries(self) -> Self {
        Self { limits: self.limits.without_retries(), ..self }
    }

    pub(crate) const fn image(&self) -> ImageRef {
        self.request.image()
    }

    /// Returns the simulation that the service is, if it is one.
    pub(crate) fn simulation(&self) -> Option<&Simulation> {
        self.service.simulation.as_ref()
    }

    /// Sends the request, and returns the status with its age.
    pub(crate) async fn receive(self) -> Result<Received, Error> {
        let image = self.request.image();
        for (name, id) in [("account service ID", image.account_service_id), ("image ID", image.image_id)] {
            if id == 0 {
                return Err(Error::configuration(format!("invalid {name} 0: must be at least 1")));
            }
        }
        let span = tracing::debug_span!(
            "image_status",
            account_service_id = image.account_service_id,
            image_id = image.image_id,
            detail = self.request.wants_detail(),
        );
        self.service.call(&self.request, self.limits).instrument(span).await
    }
}

impl IntoFuture for ImageStatusCall {
    type Output = Result<ImageStatus, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { self.receive().await.map(|received| received.status) })
    }
}
