//! The client.

use std::sync::{Arc, Mutex, PoisonError};

use clanforge::{ErrorKind, ImageRef};
use clanforge_bindings::{BindingError, Settings, image_status};
use pyo3::prelude::*;

use crate::blocking::BlockingRuntime;
use crate::call::{Call, CallResult};
use crate::completion_queue;
use crate::error;
use crate::monitor::{Baseline, baseline_parts, encoded};

/// The client and runtime of one process.
pub(crate) struct ProcessState {
    process: u32,
    client: clanforge::Client,
    /// The runtime of blocking calls; `None` in an asynchronous client.
    runtime: Option<BlockingRuntime>,
}

/// A client, for either blocking or asynchronous calls.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Client {
    settings: Settings,
    is_async: bool,
    state: Mutex<Option<Arc<ProcessState>>>,
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (settings, is_async))]
    fn new(py: Python<'_>, settings: &str, is_async: bool) -> PyResult<Self> {
        error::catch(py, || {
            let settings = Settings::from_json(settings)?;
            let state = Mutex::new(Some(Arc::new(ProcessState::new(&settings, is_async)?)));
            Ok(Self { settings, is_async, state })
        })
    }

    #[pyo3(signature = (image, detail, timeout, retries))]
    fn image_status(
        &self,
        py: Python<'_>,
        image: (u64, u64),
        detail: bool,
        timeout: Option<f64>,
        retries: Option<u32>,
    ) -> PyResult<Call> {
        error::catch(py, || {
            let (state, image) = (self.state()?, ImageRef::new(image.0, image.1));
            let call = image_status(&state.client, image, detail, timeout, retries)?.into_future();
            Ok(Call::new(Some(state), async { Ok(CallResult::Status(call.await?.into())) }))
        })
    }

    #[pyo3(signature = (image, policy, baseline, detail, seed))]
    fn watch(
        &self,
        py: Python<'_>,
        image: (u64, u64),
        policy: &str,
        baseline: Option<Baseline>,
        detail: bool,
        seed: Option<u64>,
    ) -> PyResult<Watch> {
        error::catch(py, || {
            let (state, image) = (self.state()?, ImageRef::new(image.0, image.1));
            let updates =
                clanforge_bindings::watch(&state.client, image, policy, baseline.map(baseline_parts), detail, seed)?;
            Ok(Watch(Mutex::new(Some((state, updates)))))
        })
    }

    /// Returns the scheme, host and port of the service.
    fn origin(&self, py: Python<'_>) -> PyResult<String> {
        error::catch(py, || Ok(self.state()?.client.origin()))
    }

    /// Closes the connections. Later calls fail.
    fn close(&self, py: Python<'_>) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner).take();
        match state {
            Some(state) if state.process == std::process::id() => py.detach(|| drop(state)),
            // The connections belong to the parent process.
            state => std::mem::forget(state),
        }
    }
}

impl Client {
    /// Returns the state of this process; creates a new one in a forked child.
    fn state(&self) -> Result<Arc<ProcessState>, BindingError> {
        // Locked with the GIL held, and so never by another thread while the process forks.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            None => Err(BindingError::configuration("the client is closed")),
            Some(current) if current.process == std::process::id() => Ok(Arc::clone(current)),
            Some(_) => {
                let new = Arc::new(ProcessState::new(&self.settings, self.is_async)?);
                std::mem::forget(state.replace(Arc::clone(&new)));
                Ok(new)
            }
        }
    }
}

impl ProcessState {
    fn new(settings: &Settings, is_async: bool) -> Result<Self, BindingError> {
        let client = settings.builder().build()?;
        let runtime = if is_async { None } else { Some(BlockingRuntime::new()?) };
        Ok(Self { process: std::process::id(), client, runtime })
    }

    pub(crate) fn blocking_runtime(&self) -> Result<&BlockingRuntime, BindingError> {
        let missing = || BindingError::new(ErrorKind::Internal, "an asynchronous client cannot make blocking calls");
        self.runtime.as_ref().ok_or_else(missing)
    }
}

/// The updates of a wait, until it is closed.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Watch(Mutex<Option<ActiveWatch>>);

type ActiveWatch = (Arc<ProcessState>, clanforge_bindings::Watch);

#[pymethods]
impl Watch {
    /// Returns the call for the next update, which returns `None` after the last.
    fn next(&self, py: Python<'_>) -> PyResult<Call> {
        error::catch(py, || {
            let (state, updates) = self.active()?.unzip();
            let next = async {
                let Some(updates) = updates else { return Ok(CallResult::Update(None)) };
                Ok(CallResult::Update(updates.next().await?.map(encoded)))
            };
            Ok(Call::new(state, next))
        })
    }

    /// Ends the wait, and closes its connection.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let active = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((state, updates)) = active else { return Ok(()) };
        if state.process != std::process::id() {
            // The connections belong to the parent process.
            std::mem::forget((state, updates));
            return Ok(());
        }
        updates.close();
        error::catch(py, || match &state.runtime {
            Some(runtime) => runtime.run(py, i64::MAX, None, async {
                drop(updates);
                tokio::task::yield_now().await;
                Ok(())
            }),
            None => {
                let runtime = completion_queue::runtime()?;
                py.detach(|| {
                    let _runtime = runtime.enter();
                    drop(updates);
                });
                Ok(())
            }
        })
    }
}

impl Watch {
    fn active(&self) -> Result<Option<ActiveWatch>, BindingError> {
        let active = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match active {
            Some((state, _)) if state.process != std::process::id() => Err(BindingError::configuration(
                "the wait belongs to a parent process: start a new wait in this process",
            )),
            active => Ok(active),
        }
    }
}
