//! The client.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use clanforge_bindings::{BindingError, Settings, image_status};
use pyo3::prelude::*;

use crate::error;
use crate::monitor::{Baseline, Image, baseline_parts, image_ref};
use crate::rollout::Rollout;
use crate::runtime::call::{Call, CallResult};
use crate::runtime::process_state::ProcessState;
use crate::watch::Watch;

/// A client, for either blocking or asynchronous calls.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Client {
    settings: Settings,
    is_async: bool,
    state: Mutex<Option<Arc<ProcessState>>>,
}

/// The options of a wait, apart from its policy and its baselines, from a dictionary.
#[derive(FromPyObject)]
struct WaitOptions {
    #[pyo3(item)]
    detail: bool,
    #[pyo3(item, default)]
    seed: Option<u64>,
    #[pyo3(item, default)]
    record: Option<PathBuf>,
    #[pyo3(item, default)]
    report: Option<PathBuf>,
    #[pyo3(item, default)]
    state: Option<PathBuf>,
}

#[pymethods]
impl Client {
    #[new]
    fn new(py: Python<'_>, settings: &str, is_async: bool) -> PyResult<Self> {
        error::catch(py, || {
            let settings = Settings::from_json(settings)?;
            let state = Mutex::new(Some(ProcessState::new(&settings, is_async)?));
            Ok(Self { settings, is_async, state })
        })
    }

    #[pyo3(signature = (image, *, detail=false, timeout=None, retries=None))]
    fn image_status(
        &self,
        py: Python<'_>,
        image: Image,
        detail: bool,
        timeout: Option<f64>,
        retries: Option<u32>,
    ) -> PyResult<Call> {
        error::catch(py, || {
            let state = self.state()?;
            let call = image_status(&state.client, image_ref(image), detail, timeout, retries)?.into_future();
            Ok(Call::new(state, async { Ok(CallResult::Status(call.await?.into())) }))
        })
    }

    /// Starts a wait; the policy is JSON.
    fn watch(
        &self,
        py: Python<'_>,
        image: Image,
        policy: &str,
        baseline: Option<Baseline>,
        options: WaitOptions,
    ) -> PyResult<Watch> {
        error::catch(py, || {
            let (state, options) = (self.state()?, options.into());
            let baseline = baseline.map(baseline_parts);
            let updates = clanforge_bindings::watch(&state.client, image_ref(image), policy, baseline, options)?;
            Ok(Watch::new(state, updates))
        })
    }

    /// Starts a wait for several images; the policy is JSON.
    fn watch_all(
        &self,
        py: Python<'_>,
        images: Vec<Image>,
        policy: &str,
        baselines: Vec<Baseline>,
        options: WaitOptions,
    ) -> PyResult<Watch> {
        error::catch(py, || {
            let (state, options) = (self.state()?, options.into());
            let (images, baselines) = (images.into_iter().map(image_ref), baselines.into_iter().map(baseline_parts));
            let updates = clanforge_bindings::watch_all(&state.client, images, policy, baselines, options)?;
            Ok(Watch::new(state, updates))
        })
    }

    /// Returns the call that begins a rollout; the policy is JSON.
    fn rollout(
        &self,
        py: Python<'_>,
        images: Vec<Image>,
        policy: &str,
        options: WaitOptions,
        allow_busy: bool,
        assume_deployed: bool,
    ) -> PyResult<Call> {
        error::catch(py, || {
            let (state, images) = (self.state()?, images.into_iter().map(image_ref));
            let (client, options) = (&state.client, options.into());
            let call = clanforge_bindings::rollout(client, images, policy, options, allow_busy, assume_deployed)?;
            let begun = Arc::clone(&state);
            Ok(Call::new(state, async { Ok(CallResult::Rollout(Rollout::new(begun, call.begin().await?))) }))
        })
    }

    /// Returns the scheme, host and port of the service; `None` once the client is closed.
    fn origin(&self) -> Option<String> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.as_ref().map(|state| state.client.origin())
    }

    /// Ends the calls that run, and closes the connections. Later calls fail.
    fn close(&self, py: Python<'_>) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(state) = &state
            && state.is_own()
        {
            state.closing.close();
        }
        py.detach(|| drop(state));
    }
}

impl Client {
    /// Returns the state of this process. Creates a new one in a forked child, or if the descriptors were closed.
    fn state(&self) -> Result<Arc<ProcessState>, BindingError> {
        // Locked with the GIL held, and so never by another thread while the process forks.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
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

impl From<WaitOptions> for clanforge::WaitOptions {
    fn from(WaitOptions { detail, seed, record, report, state }: WaitOptions) -> Self {
        Self { detail, seed, record, report, state, ..Self::default() }
    }
}
