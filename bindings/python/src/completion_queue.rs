//! Asynchronous calls.
//!
//! A call runs on the runtime thread of this process. When it completes, its result is put into the completion queue of the
//! event loop that started it. The queue wakes the event loop once for all completions that arrive before it takes them. The
//! runtime thread holds the GIL for that wake-up only, and never after the interpreter has started to shut down.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clanforge_bindings::{BindingError, CatchPanic, CredentialsCallback, with_credentials_callback};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::AbortHandle;

use crate::call::{CallFuture, CallResult};
use crate::error;
use crate::log::LogBuffer;

/// The number of runtime threads inside the interpreter, with `SHUT_DOWN` set when no more may enter.
static ENTERED: AtomicUsize = AtomicUsize::new(0);
const SHUT_DOWN: usize = 1 << (usize::BITS - 1);

/// Returns whether this thread may enter the interpreter; the caller must then call `leave`.
fn try_enter() -> bool {
    let is_running = ENTERED.fetch_add(1, Ordering::AcqRel) & SHUT_DOWN == 0;
    if !is_running {
        leave();
    }
    is_running
}

fn leave() {
    ENTERED.fetch_sub(1, Ordering::AcqRel);
}

/// Keeps runtime threads out of the interpreter from now on, and waits until none is inside. Called by `atexit`.
#[pyfunction]
pub(crate) fn shut_down(py: Python<'_>) {
    ENTERED.fetch_or(SHUT_DOWN, Ordering::AcqRel);
    py.detach(|| {
        while ENTERED.load(Ordering::Acquire) != SHUT_DOWN {
            std::thread::sleep(Duration::from_micros(100));
        }
    });
}

/// Lets runtime threads enter again in a forked child, which has none of the threads that were inside.
#[pyfunction]
pub(crate) fn reset_after_fork() {
    ENTERED.store(0, Ordering::Release);
}

/// The runtime and the process that created it: a forked child has none of its parent's threads, and creates its own.
static RUNTIME: Mutex<Option<(u32, Handle)>> = Mutex::new(None);

pub(crate) fn runtime() -> Result<Handle, BindingError> {
    let process = std::process::id();
    // Locked with the GIL held, and so never by another thread while the process forks.
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((owner, handle)) = &*runtime
        && *owner == process
    {
        return Ok(handle.clone());
    }
    let startup_error = |problem: std::io::Error| BindingError::startup(&problem);
    let new = Builder::new_current_thread().enable_io().enable_time().build().map_err(startup_error)?;
    let handle = new.handle().clone();
    std::thread::Builder::new().name("clanforge".to_owned()).spawn(move || drive(&new)).map_err(startup_error)?;
    *runtime = Some((process, handle.clone()));
    Ok(handle)
}

/// Drives the runtime on a thread that stays attached to the interpreter. Attaching for each wake-up would create a thread
/// state each time, under a lock of the interpreter: a child that is forked at that moment would wait for the lock forever.
fn drive(runtime: &Runtime) {
    if !try_enter() {
        return;
    }
    Python::attach(|py| {
        leave();
        py.detach(|| runtime.block_on(std::future::pending::<()>()));
    });
}

/// What happens in a call.
enum CallEvent {
    Completed(Result<CallResult, BindingError>),
    CredentialsRequested(clanforge_bindings::CredentialsRequest),
}

/// What gets the events of a call: a future for the next one, and the log messages before it.
#[derive(Clone)]
struct Recipient {
    future: Arc<Mutex<Option<Py<PyAny>>>>,
    logs: LogBuffer,
}

impl Recipient {
    fn deliver(&self, py: Python<'_>, event: CallEvent) -> PyResult<()> {
        let flushed = self.logs.flush(py);
        let Some(future) = self.replace_future(None) else { return flushed };
        let future = future.bind(py);
        if !future.call_method0("done")?.is_truthy()? {
            let result = match event {
                CallEvent::Completed(Ok(value)) => value.into_py_any(py),
                CallEvent::Completed(Err(error)) => Err(error::exception(py, &error)),
                CallEvent::CredentialsRequested(request) => self.request_credentials(future, request),
            };
            match result {
                Ok(value) => future.call_method1("set_result", (value,))?,
                Err(exception) => future.call_method1("set_exception", (exception.into_value(py),))?,
            };
        }
        flushed
    }

    /// Returns a request with a new future, which gets the next event of the call.
    fn request_credentials(
        &self,
        current: &Bound<'_, PyAny>,
        request: clanforge_bindings::CredentialsRequest,
    ) -> PyResult<Py<PyAny>> {
        let future = current.call_method0("get_loop")?.call_method0("create_future")?.unbind();
        self.replace_future(Some(future.clone_ref(current.py())));
        CredentialsRequest { request: Mutex::new(Some(request)), future }.into_py_any(current.py())
    }

    fn replace_future(&self, future: Option<Py<PyAny>>) -> Option<Py<PyAny>> {
        std::mem::replace(&mut *self.future.lock().unwrap_or_else(PoisonError::into_inner), future)
    }
}

struct QueueState {
    completions: Mutex<Vec<(Recipient, CallEvent)>>,
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

    /// Delivers all completions to their futures. Called on the thread of the event loop.
    fn deliver(&self, py: Python<'_>) {
        self.0.is_woken.store(false, Ordering::Release);
        let completions = std::mem::take(&mut *self.0.completions.lock().unwrap_or_else(PoisonError::into_inner));
        for (recipient, event) in completions {
            // An exception in one, such as from a logging handler, must not keep the others from their futures.
            if let Err(exception) = recipient.deliver(py, event) {
                exception.write_unraisable(py, None);
            }
        }
    }
}

impl CompletionQueue {
    fn put(&self, recipient: Recipient, event: CallEvent) {
        self.0.completions.lock().unwrap_or_else(PoisonError::into_inner).push((recipient, event));
        if !self.0.is_woken.swap(true, Ordering::AcqRel) && try_enter() {
            // Fails where the event loop is closed or gone, and nothing waits for the call any more.
            let _ = Python::attach(|py| self.wake(py));
            leave();
        }
    }

    fn wake(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let deliver = self.clone().into_pyobject(py)?.getattr("deliver")?;
        self.0.event_loop.call0(py)?.call_method1(py, "call_soon_threadsafe", (deliver,))
    }

    /// Starts a call whose result goes to `future`. Returns `None` if the interpreter is shutting down, because the
    /// result could not be delivered.
    pub(crate) fn start(&self, level: i64, future: Py<PyAny>, call: CallFuture) -> Result<Option<Task>, BindingError> {
        if ENTERED.load(Ordering::Acquire) & SHUT_DOWN != 0 {
            // The future never completes, and asyncio would report it if it were garbage collected.
            std::mem::forget(future);
            return Ok(None);
        }
        let logs = LogBuffer::new(level);
        let recipient = Recipient { future: Arc::new(Mutex::new(Some(future))), logs: logs.clone() };
        let (queue, asking) = (self.clone(), recipient.clone());
        let callback: CredentialsCallback =
            Arc::new(move |request| queue.put(asking.clone(), CallEvent::CredentialsRequested(request)));
        let call = logs.clone().collect(with_credentials_callback(Some(callback), call));
        let queue = self.clone();
        let running = runtime()?.spawn(async move {
            let result = CatchPanic::new(call).await;
            queue.put(recipient, CallEvent::Completed(result));
        });
        Ok(Some(Task { process: std::process::id(), running: running.abort_handle(), logs }))
    }
}

/// A call's request for credentials, and the future that gets the next event of the call.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct CredentialsRequest {
    request: Mutex<Option<clanforge_bindings::CredentialsRequest>>,
    #[pyo3(get)]
    future: Py<PyAny>,
}

#[pymethods]
impl CredentialsRequest {
    /// Responds with credentials in JSON.
    fn respond(&self, py: Python<'_>, credentials: &str) -> PyResult<()> {
        error::catch(py, || {
            let request = self.request.lock().unwrap_or_else(PoisonError::into_inner).take();
            Ok(request.map_or(Ok(()), |request| request.respond(credentials))?)
        })
    }
}

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
