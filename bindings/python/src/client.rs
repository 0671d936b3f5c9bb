//! The client.

use std::sync::{Arc, Mutex};

use clanforge_bindings::{BindingError, Settings, image_status, lock, wait_options};
use pyo3::prelude::*;

use crate::error::{detached, export};
use crate::monitor::{Baseline, Image, baseline_parts, image_ref};
use crate::rollout::Rollout;
use crate::runtime::call::{Call, CallResult};
use crate::runtime::process_state::ProcessState;
use crate::status::Status;
use crate::watch::Watch;

/// The policy of a wait, and the options of its requests and files, as JSON.
type Wait = (String, String);

/// A client, for either blocking or asynchronous calls.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Client {
    settings: Settings,
    is_async: bool,
    state: Mutex<Option<Arc<ProcessState>>>,
}

export!(impl Client {
    #[new]
    fn new(settings: &str, is_async: bool) -> Self = {
        let settings = Settings::from_json(settings)?;
        let state = Mutex::new(Some(ProcessState::new(&settings, is_async)?));
        Ok(Self { settings, is_async, state })
    };

    #[pyo3(signature = (image, *, detail=false, timeout_seconds=None, retries=None))]
    fn image_status(&self, image: Image, detail: bool, timeout_seconds: Option<f64>, retries: Option<u32>) -> Call = {
        let state = self.state()?;
        let call = image_status(&state.client, image_ref(image), detail, timeout_seconds, retries)?.into_future();
        Ok(Call::new(state, async { Ok(CallResult::Status(Status(Arc::new(call.await?)))) }))
    };

    /// Starts a wait.
    fn watch(&self, image: Image, wait: Wait, baseline: Option<Baseline>) -> Watch = {
        let (state, (policy, options)) = (self.state()?, wait);
        let (image, baseline, options) = (image_ref(image), baseline.map(baseline_parts), wait_options(&options)?);
        let updates = clanforge_bindings::watch(&state.client, image, &policy, baseline, options)?;
        Ok(Watch::new(state, updates))
    };

    /// Starts a wait for several images.
    fn watch_all(&self, images: Vec<Image>, wait: Wait, baselines: Vec<Baseline>) -> Watch = {
        let (state, (policy, options)) = (self.state()?, wait);
        let (images, baselines) = (images.into_iter().map(image_ref), baselines.into_iter().map(baseline_parts));
        let options = wait_options(&options)?;
        let updates = clanforge_bindings::watch_all(&state.client, images, &policy, baselines, options)?;
        Ok(Watch::new(state, updates))
    };

    /// Returns the call that begins a rollout.
    fn rollout(&self, images: Vec<Image>, wait: Wait, allow_busy: bool, assume_deployed: bool) -> Call = {
        let (state, (policy, options)) = (self.state()?, wait);
        let (images, options) = (images.into_iter().map(image_ref), wait_options(&options)?);
        let (client, begun) = (&state.client, Arc::clone(&state));
        let call = clanforge_bindings::rollout(client, images, &policy, options, allow_busy, assume_deployed)?;
        Ok(Call::new(state, async {
            Ok(CallResult::Rollout(Rollout { state: begun, rollout: call.begin().await? }))
        }))
    };

    /// Returns the scheme, host and port of the service; `None` once the client is closed.
    fn origin(&self) -> Option<String> = Ok(lock(&self.state).as_ref().map(|state| state.client.origin()));

    /// Ends the calls that run, and closes the connections. Later calls fail.
    fn close(&self) -> () = {
        let state = lock(&self.state).take();
        if let Some(state) = state.as_ref().filter(|state| state.is_own()) {
            state.closing.close();
        }
        detached(|| drop(state));
        Ok(())
    };
});

impl Client {
    /// Returns the state of this process. Creates a new one in a forked child, or if the descriptors were closed.
    fn state(&self) -> Result<Arc<ProcessState>, BindingError> {
        // Locked with the GIL held, and so never by another thread while the process forks.
        let mut state = lock(&self.state);
        match &*state {
            None => Err(BindingError::closed_client()),
            Some(current) if current.is_own() => Ok(Arc::clone(current)),
            Some(_) => {
                let new = ProcessState::new(&self.settings, self.is_async)?;
                *state = Some(Arc::clone(&new));
                Ok(new)
            }
        }
    }
}
