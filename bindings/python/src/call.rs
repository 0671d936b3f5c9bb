//! Calls that block the thread that makes them, and hear Ctrl-C while they do.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clanforge::{Error, ErrorKind};
use clanforge_bindings::{Ask, Fault, Request, asking};
use pyo3::prelude::*;
use tokio::runtime::{Builder, Handle, Runtime};
use tracing::Dispatch;

use crate::error::Raised;
use crate::log::{Collector, Lines};

/// How often a call that lasts looks whether a signal has come.
const TICK: Duration = Duration::from_millis(50);

/// Runs calls on the thread that makes them: no other thread has to be woken for an answer.
pub(crate) struct Driver(Option<Runtime>);

impl Driver {
    pub(crate) fn new() -> Result<Self, Fault> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build();
        runtime.map(|runtime| Self(Some(runtime))).map_err(|problem| Fault::set_up(&problem))
    }

    /// Runs a call to its end without the interpreter's lock, or until a signal handler raises.
    pub(crate) fn run<T: Send>(
        &self,
        py: Python<'_>,
        level: u8,
        provider: Option<Py<PyAny>>,
        call: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Raised> {
        if Handle::try_current().is_ok() {
            return Err(Fault::configuration("a credentials provider makes a call that blocks: it must not").into());
        }
        let Some(provider) = provider else { return self.run_logged(py, level, call) };
        let provider = Provider { provide: provider, raised: Arc::default() };
        let raised = Arc::clone(&provider.raised);
        let ask: Ask = Arc::new(move |request| provider.answer(request));
        let ended = self.run_logged(py, level, asking(Some(ask), call));
        // What the provider raised says more than what it made of the call.
        match raised.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(raised) => Err(Raised::Python(raised)),
            None => ended,
        }
    }

    fn run_logged<T: Send>(
        &self,
        py: Python<'_>,
        level: u8,
        call: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Raised> {
        if level == 0 {
            return self.until_signalled(py, Box::pin(call), || Ok(()));
        }
        let lines = Lines::default();
        let dispatch = Dispatch::new(Collector { lines: lines.clone(), level });
        let call = tracing::instrument::WithSubscriber::with_subscriber(call, dispatch);
        let ended = self.until_signalled(py, Box::pin(call), || lines.tell(py));
        lines.tell(py).map_err(Raised::Python)?;
        ended
    }

    fn until_signalled<T: Send>(
        &self,
        py: Python<'_>,
        mut call: Pin<Box<dyn Future<Output = Result<T, Error>> + Send + '_>>,
        meanwhile: impl Fn() -> PyResult<()>,
    ) -> Result<T, Raised> {
        let Some(runtime) = &self.0 else {
            return Err(Fault::new(ErrorKind::Internal, "the client is gone").into());
        };
        loop {
            let ended = py.detach(|| runtime.block_on(async { tokio::time::timeout(TICK, &mut call).await }));
            if let Ok(ended) = ended {
                return Ok(ended?);
            }
            if let Err(raised) = py.check_signals().and_then(|()| meanwhile()) {
                drop(call);
                // The connection is closed by a task of its own, which has to run once more for it.
                py.detach(|| {
                    runtime.block_on(async { tokio::time::timeout(TICK / 50, std::future::pending::<()>()).await })
                })
                .unwrap_or_default();
                return Err(Raised::Python(raised));
            }
        }
    }
}

/// A provider of credentials, which runs on the thread of the call that needs them.
struct Provider {
    /// Returns credentials as JSON.
    provide: Py<PyAny>,
    raised: Arc<Mutex<Option<PyErr>>>,
}

impl Provider {
    fn answer(&self, request: Request) {
        Python::attach(|py| match self.provide.call0(py).and_then(|keys| keys.extract::<String>(py)) {
            Ok(keys) => request.give(&keys),
            Err(raised) => {
                *self.raised.lock().unwrap_or_else(PoisonError::into_inner) = Some(raised);
                request.fail("it raised".to_owned());
            }
        });
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
