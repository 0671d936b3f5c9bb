//! Blocking calls, which a signal such as Ctrl-C interrupts.

use std::sync::Arc;
use std::time::Duration;

use clanforge::ErrorKind;
use clanforge_bindings::{BindingError, CredentialsCallback, CredentialsRequest, with_credentials_callback};
use pyo3::prelude::*;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::unbounded_channel;

use crate::error::CallError;
use crate::log::LogBuffer;
use crate::runtime::call::{CallEvent, CallFuture, CallResult};

/// How often a running call checks for signals.
const SIGNAL_CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// How long the runtime runs after a call was dropped, so that the task of its connection closes it.
const CLOSE_TIME: Duration = Duration::from_millis(1);

/// The runtime of blocking calls; `None` in an asynchronous client. A call runs on the thread that makes it, so that no other
/// thread has to be woken.
#[derive(Default)]
pub(crate) struct BlockingRuntime(Option<Runtime>);

impl BlockingRuntime {
    pub(crate) fn new() -> Result<Self, BindingError> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build();
        runtime.map(|runtime| Self(Some(runtime))).map_err(|problem| BindingError::startup(&problem))
    }

    /// Runs a call without the GIL until it completes, or until a signal handler raises an exception.
    ///
    /// When the call needs credentials, `provider` runs outside of the runtime, so that other threads can drive it
    /// meanwhile. An exception of the provider ends the call.
    pub(crate) fn run(
        &self,
        py: Python<'_>,
        level: i64,
        provider: Option<Py<PyAny>>,
        call: CallFuture,
    ) -> Result<CallResult, CallError> {
        let Some(runtime) = &self.0 else {
            return Err(BindingError::new(ErrorKind::Internal, "this client cannot make blocking calls").into());
        };
        let (sender, mut requests) = unbounded_channel();
        // Fails if the call has ended, and no longer needs credentials.
        let callback =
            provider.is_some().then(|| Arc::new(move |request| drop(sender.send(request))) as CredentialsCallback);
        let logs = LogBuffer::new(level);
        let mut call = Box::pin(logs.clone().collect(with_credentials_callback(callback, call)));
        loop {
            let event = py.detach(|| {
                runtime.block_on(async {
                    tokio::select! {
                        biased;
                        result = &mut call => Some(CallEvent::Completed(result)),
                        Some(request) = requests.recv() => Some(CallEvent::CredentialsRequested(request)),
                        () = tokio::time::sleep(SIGNAL_CHECK_INTERVAL) => None,
                    }
                })
            });
            let handled = match event {
                Some(CallEvent::Completed(result)) => {
                    logs.flush(py).map_err(CallError::Python)?;
                    return Ok(result?);
                }
                Some(CallEvent::CredentialsRequested(request)) => respond(py, provider.as_ref(), request),
                None => py.check_signals().map_err(CallError::Python),
            };
            if let Err(error) = handled.and(logs.flush(py).map_err(CallError::Python)) {
                drop(call);
                py.detach(|| self.close_unused_connections());
                return Err(error);
            }
        }
    }

    /// Runs the runtime for a moment, so that the connections of dropped calls close.
    pub(crate) fn close_unused_connections(&self) {
        if let Some(runtime) = &self.0 {
            runtime.block_on(async { tokio::time::sleep(CLOSE_TIME).await });
        }
    }
}

/// Responds to a request with the credentials that `provider` returns in JSON.
fn respond(py: Python<'_>, provider: Option<&Py<PyAny>>, request: CredentialsRequest) -> Result<(), CallError> {
    let Some(provider) = provider else { return Ok(()) };
    let credentials = provider.call0(py).and_then(|json| json.extract::<String>(py)).map_err(CallError::Python)?;
    Ok(request.respond(&credentials)?)
}

impl Drop for BlockingRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
