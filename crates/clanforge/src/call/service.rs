//! The service that calls go to.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::Request;
use tokio::time::Instant;
use url::Url;

use crate::auth::Authenticator;
use crate::call::attempt::Attempt;
use crate::call::endpoint::Endpoint;
use crate::call::retry_loop::{CallLimits, attempt_limit, retry_loop};
use crate::error::{AttemptPhase, CurrentPhase, Error, Failure, Retry};
use crate::http::{BaseUrl, Transport};
use crate::wait::clock::Simulation;

/// What follows an error that a wrong address may have caused.
const ADDRESS_ADVICE: &str = ". If your account is on a service other than Unity's, such as https://api.multiplay.dev, set \
                              CLANFORGE_BASE_URL to its address, and CLANFORGE_TOKEN if it expects a bearer token";

/// The service as a client sees it: its address, how requests authenticate, and the connections to it.
pub(crate) struct Service {
    pub(crate) base_url: BaseUrl,
    pub(crate) authenticator: Authenticator,
    pub(crate) transport: Transport,
    /// Set if the service is a simulation, in which waits skip time.
    pub(crate) simulation: Option<Simulation>,
    /// The URL of the last call. Most calls repeat it, and copying it takes a fraction of the time of building it.
    pub(crate) last_url: Mutex<Option<Url>>,
}

impl Service {
    /// Sends an endpoint's request, with retries, and returns the decoded response.
    ///
    /// # Errors
    /// An error of any kind; `configuration` for limits of zero and outside a tokio runtime.
    pub(crate) async fn call<E: Endpoint>(&self, endpoint: &E, limits: CallLimits) -> Result<E::Output, Error> {
        limits.validate()?;
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::outside_a_runtime());
        }
        let url = self.url(&endpoint.path(), endpoint.query());
        let phase = CurrentPhase::new(AttemptPhase::Credentials);
        let timed_out = |limit: &str, retry| phase.get().timed_out(&self.base_url.origin(), limit, retry);
        retry_loop(limits, E::IS_IDEMPOTENT, timed_out, |time| self.attempt(endpoint, &url, time, &phase)).await
    }

    fn url(&self, path: &str, query: Option<&str>) -> Url {
        let mut last = self.last_url.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some(url) if self.base_url.is_joined(url, path, query) => url.clone(),
            _ => last.insert(self.base_url.join(path, query)).clone(),
        }
    }

    /// Makes one attempt within `time`, and records its phases.
    async fn attempt<E: Endpoint>(
        &self,
        endpoint: &E,
        url: &Url,
        time: Duration,
        phase: &CurrentPhase,
    ) -> Result<E::Output, Failure> {
        let has_provider = self.authenticator.has_provider();
        phase.set(AttemptPhase::Credentials);
        let began = Instant::now();
        let signer = self.authenticator.signer().await?;
        if has_provider && began.elapsed() >= time {
            // A provider that blocks the thread keeps timers from firing.
            let origin = self.base_url.origin();
            return Err(AttemptPhase::Credentials.timed_out(&origin, &attempt_limit(time), Retry::AfterBackoff));
        }
        phase.set(AttemptPhase::Response { resolved: None });
        let now = self.authenticator.now();
        let sign = || {
            let mut request = Request::new(E::METHOD, url.clone());
            signer.sign(&mut request, now).map(|redactor| (request, redactor))
        };
        let (request, redactor) = sign().map_err(|error| Failure::not_started(error.kind(), error.message()))?;
        let again = || sign().ok().map(|(request, _)| request);
        let attempt =
            Attempt { transport: &self.transport, redactor: &redactor, settings: signer.settings(), endpoint, phase };
        match attempt.send(request, again, time).await {
            Ok(output) => Ok(output),
            Err(failure) => Err(self.authenticator.review(self.with_address_advice(failure), &signer, now)),
        }
    }

    /// Adds to the failure how to set another address, if the service may not be at the default one.
    fn with_address_advice(&self, failure: Failure) -> Failure {
        let is_elsewhere = failure.maybe_elsewhere && self.base_url.has_default_host();
        let advice = if is_elsewhere { ADDRESS_ADVICE } else { "" };
        Failure { message: format!("{}{advice}", failure.message), ..failure }
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
