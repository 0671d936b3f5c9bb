//! Calls that block the thread that makes them, and hear Ctrl-C while they do.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use clanforge::{Error, ErrorKind};
use clanforge_bindings::{Ask, Fault, Request, asking};
use pyo3::prelude::*;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
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
    ///
    /// Where the call asks for credentials, `provide` is run between two turns of the runtime, which other threads drive
    /// meanwhile; what it raises ends the call.
    pub(crate) fn run<T: Send>(
        &self,
        py: Python<'_>,
        level: u8,
        provide: Option<Py<PyAny>>,
        call: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<T, Raised> {
        let (requests, mut asked) = unbounded_channel();
        let ask = provide.is_some().then(|| -> Ask {
            Arc::new(move |request| {
                // Where the call is over, nobody asks any more.
                let _ = requests.send(request);
            })
        });
        let call = Box::pin(asking(ask, call));
        if level == 0 {
            return self.until_signalled(py, call, &mut asked, provide.as_ref(), || Ok(()));
        }
        let lines = Lines::default();
        let dispatch = Dispatch::new(Collector { lines: lines.clone(), level });
        let call = tracing::instrument::WithSubscriber::with_subscriber(call, dispatch);
        let ended = self.until_signalled(py, Box::pin(call), &mut asked, provide.as_ref(), || lines.tell(py));
        lines.tell(py).map_err(Raised::Python)?;
        ended
    }

    fn until_signalled<T: Send>(
        &self,
        py: Python<'_>,
        mut call: Pin<Box<dyn Future<Output = Result<T, Error>> + Send + '_>>,
        asked: &mut UnboundedReceiver<Request>,
        provide: Option<&Py<PyAny>>,
        meanwhile: impl Fn() -> PyResult<()>,
    ) -> Result<T, Raised> {
        let Some(runtime) = &self.0 else {
            return Err(Fault::new(ErrorKind::Internal, "the client is gone").into());
        };
        loop {
            let turn = py.detach(|| {
                runtime.block_on(async {
                    tokio::select! {
                        biased;
                        ended = &mut call => Turn::Ended(ended),
                        Some(request) = asked.recv() => Turn::Asked(request),
                        () = tokio::time::sleep(TICK) => Turn::Tick,
                    }
                })
            });
            let went_on = match turn {
                Turn::Ended(ended) => return Ok(ended?),
                Turn::Asked(request) => provided(py, provide, request),
                Turn::Tick => py.check_signals().and_then(|()| meanwhile()).map_err(Raised::Python),
            };
            if let Err(raised) = went_on {
                drop(call);
                // The connection is closed by a task of its own, which has to run once more for it.
                py.detach(|| {
                    runtime.block_on(async { tokio::time::timeout(TICK / 50, std::future::pending::<()>()).await })
                })
                .unwrap_or_default();
                return Err(raised);
            }
        }
    }
}

/// Why a call's runtime was left.
enum Turn<T> {
    Ended(Result<T, Error>),
    Asked(Request),
    Tick,
}

/// Answers a request with what `provide` returns: credentials as JSON.
fn provided(py: Python<'_>, provide: Option<&Py<PyAny>>, request: Request) -> Result<(), Raised> {
    let Some(provide) = provide else { return Ok(()) };
    let keys = provide.call0(py).and_then(|keys| keys.extract::<String>(py)).map_err(Raised::Python)?;
    Ok(request.give(&keys)?)
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
