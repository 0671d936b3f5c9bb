//! Asynchronous calls.
//!
//! A call runs on the runtime thread of this process. When it completes, its result is put into the completion queue of the
//! event loop that started it. The queue wakes the event loop once for all completions that arrive before it takes them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use clanforge_bindings::{CredentialsCallback, catch_panic_of, lock, with_credentials_callback};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use tokio::task::AbortHandle;

use crate::error::{self, export};
use crate::log::LogBuffer;
use crate::runtime::background;
use crate::runtime::call::{Call, CallEvent};

/// The receiver of the events of a call.
struct Recipient {
    future: Py<PyAny>,
    /// Gets each request for credentials.
    provide: Py<PyAny>,
    logs: LogBuffer,
}

impl Recipient {
    fn deliver(&self, py: Python<'_>, event: CallEvent) -> PyResult<()> {
        let flushed = self.logs.flush(py);
        if self.future.call_method0(py, "done")?.is_truthy(py)? {
            return flushed;
        }
        let result = match event {
            CallEvent::Completed(result) => result.map_err(|error| error::exception(&error)),
            CallEvent::CredentialsRequested(request) => {
                self.provide.call1(py, (CredentialsRequest(Mutex::new(Some(request))),))?;
                return flushed;
            }
        };
        match result.and_then(|value| value.into_py_any(py)) {
            Ok(value) => self.future.call_method1(py, "set_result", (value,))?,
            Err(exception) => self.future.call_method1(py, "set_exception", (exception.into_value(py),))?,
        };
        flushed
    }
}

struct QueueState {
    completions: Mutex<Vec<(Arc<Recipient>, CallEvent)>>,
    /// The event loop was woken, and has not taken the completions yet.
    is_woken: AtomicBool,
    /// A weak reference to the event loop.
    event_loop: Py<PyAny>,
}

/// The completion queue of one event loop.
#[pyclass(frozen, module = "clanforge._clanforge")]
#[derive(Clone)]
pub(crate) struct CompletionQueue(Arc<QueueState>);

#[pymethods]
impl CompletionQueue {
    #[new]
    fn new(event_loop: Py<PyAny>) -> Self {
        Self(Arc::new(QueueState { completions: Mutex::default(), is_woken: AtomicBool::new(false), event_loop }))
    }

    /// Starts a call, whose result goes to `future` and whose requests for credentials go to `provide`. Returns `None` if the
    /// interpreter is shutting down, because the result could not be delivered.
    fn start(&self, call: &Call, future: Py<PyAny>, provide: Py<PyAny>, level: i64) -> PyResult<Option<Task>> {
        if background::is_shut_down() {
            // The future never completes, and asyncio would report it if it were garbage collected.
            std::mem::forget(future);
            return Ok(None);
        }
        let logs = LogBuffer::new(level);
        let recipient = Arc::new(Recipient { future, provide, logs: logs.clone() });
        let (queue, asking) = (self.clone(), Arc::clone(&recipient));
        let callback: CredentialsCallback = Arc::new(move |request| {
            if queue.put(Arc::clone(&asking), CallEvent::CredentialsRequested(request)) {
                queue.wake();
            }
        });
        error::catch(|| {
            let call = logs.clone().collect(with_credentials_callback(Some(callback), call.take()?.1));
            let queue = self.clone();
            let running = background::runtime()?.spawn(async move {
                let result = catch_panic_of(call).await;
                if queue.put(recipient, CallEvent::Completed(result)) {
                    // After the tasks that are ready to run: many of them complete a call. A task of its own, because a
                    // cancelled call must not take the wake-up with it.
                    tokio::spawn(async move { queue.wake() });
                }
            });
            Ok(Some(Task { process: std::process::id(), running: running.abort_handle(), logs }))
        })
    }

    /// Delivers all completions to their futures. Called on the thread of the event loop.
    fn deliver(&self, py: Python<'_>) {
        self.0.is_woken.store(false, Ordering::Release);
        let completions = std::mem::take(&mut *lock(&self.0.completions));
        for (recipient, event) in completions {
            // An exception in one, such as from a logging handler, must not keep the others from their futures.
            if let Err(exception) = recipient.deliver(py, event) {
                exception.write_unraisable(py, None);
            }
        }
    }
}

impl CompletionQueue {
    /// Returns whether the event loop has to be woken.
    fn put(&self, recipient: Arc<Recipient>, event: CallEvent) -> bool {
        lock(&self.0.completions).push((recipient, event));
        !self.0.is_woken.swap(true, Ordering::AcqRel)
    }

    fn wake(&self) {
        if background::try_enter() {
            // Fails if the event loop is closed or gone: nothing waits for the call then.
            let _ = Python::attach(|py| {
                let deliver = self.clone().into_pyobject(py)?.getattr("deliver")?;
                self.0.event_loop.call0(py)?.call_method1(py, "call_soon_threadsafe", (deliver,))
            });
            background::leave();
        }
    }
}

/// A call's request for credentials.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct CredentialsRequest(Mutex<Option<clanforge_bindings::CredentialsRequest>>);

export!(impl CredentialsRequest {
    /// Responds with credentials in JSON.
    fn respond(&self, credentials: &str) -> () = {
        let request = lock(&self.0).take();
        Ok(request.map_or(Ok(()), |request| request.respond(credentials))?)
    };
});

/// A running call.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Task {
    process: u32,
    running: AbortHandle,
    logs: LogBuffer,
}

#[pymethods]
impl Task {
    /// Cancels the call, closes its connection, and flushes its logs.
    fn cancel(&self, py: Python<'_>) -> PyResult<()> {
        // A forked child runs no calls, and a thread of its parent may have held any lock.
        if self.process != std::process::id() {
            return Ok(());
        }
        self.running.abort();
        self.logs.flush(py)
    }
}
