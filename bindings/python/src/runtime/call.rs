//! A prepared call. It runs on the thread of its caller, or in the background for an event loop.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use clanforge::ErrorKind;
use clanforge_bindings::{BindingError, CredentialsRequest, lock};
use pyo3::prelude::*;

use crate::error;
use crate::monitor::EncodedUpdate;
use crate::rollout::Rollout;
use crate::runtime::process_state::ProcessState;
use crate::status::Status;

/// The call itself.
pub(crate) type CallFuture = Pin<Box<dyn Future<Output = Result<CallResult, BindingError>> + Send>>;

/// The value that a call returns.
#[derive(IntoPyObject)]
pub(crate) enum CallResult {
    Status(Status),
    /// `None` after the last update.
    Update(Option<EncodedUpdate>),
    Rollout(Rollout),
}

/// An event of a call that runs.
pub(crate) enum CallEvent {
    Completed(Result<CallResult, BindingError>),
    CredentialsRequested(CredentialsRequest),
}

/// A call, until it runs.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Call(Mutex<Option<(Option<Arc<ProcessState>>, CallFuture)>>);

impl Call {
    /// Prepares a call that ends when its client is closed.
    pub(crate) fn new(
        state: Arc<ProcessState>,
        call: impl Future<Output = Result<CallResult, BindingError>> + Send + 'static,
    ) -> Self {
        let call = state.closing.clone().end(call);
        Self(Mutex::new(Some((Some(state), Box::pin(call)))))
    }

    /// Returns a call without a client.
    pub(crate) fn without_client(
        call: impl Future<Output = Result<CallResult, BindingError>> + Send + 'static,
    ) -> Self {
        Self(Mutex::new(Some((None, Box::pin(call)))))
    }

    /// Returns the call and its client, once.
    pub(crate) fn take(&self) -> Result<(Option<Arc<ProcessState>>, CallFuture), BindingError> {
        let call = lock(&self.0).take();
        call.ok_or_else(|| BindingError::new(ErrorKind::Internal, "a call can run only once"))
    }
}

#[pymethods]
impl Call {
    /// Runs the call on this thread. `provider` returns credentials in JSON when the call needs them.
    fn run(&self, py: Python<'_>, level: i64, provider: Option<Py<PyAny>>) -> PyResult<CallResult> {
        error::catch(|| match self.take()? {
            (Some(state), call) => state.runtime.run(py, level, provider, call),
            (None, _) => Ok(CallResult::Update(None)),
        })
    }

    /// Returns a call that panics: see `error::panic_for_tests`.
    #[staticmethod]
    fn panic_for_tests(text: String) -> Self {
        Self::without_client(async move { panic!("{text}") })
    }
}
