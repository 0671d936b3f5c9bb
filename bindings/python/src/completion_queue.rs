//! Calls that run while an event loop goes on.
//!
//! A call runs on a runtime of this process. Its end is put into the mailbox of the event loop that asked, and the loop is
//! woken once for all that have come until it looks. A thread of the runtime enters the interpreter for that moment only,
//! and never again once the interpreter begins to end.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clanforge::Error;
use clanforge_bindings::{Ask, Fault, Guarded, Request, asking};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::AbortHandle;
use tracing::Dispatch;

use crate::error::{self, Raised};
use crate::log::{Collector, Lines};

/// How many threads of the runtime are in the interpreter, and the bit that says that no more may enter.
static GATE: AtomicUsize = AtomicUsize::new(0);
const CLOSED: usize = 1 << (usize::BITS - 1);

/// Enters the interpreter, unless it is ending.
fn enter<T>(run: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    pass().then(|| {
        let done = Python::attach(run);
        leave();
        done
    })
}

/// Whether this thread may enter the interpreter; `leave` follows where it may.
fn pass() -> bool {
    let is_open = GATE.fetch_add(1, Ordering::AcqRel) & CLOSED == 0;
    if !is_open {
        leave();
    }
    is_open
}

fn leave() {
    GATE.fetch_sub(1, Ordering::AcqRel);
}

/// Lets no thread of the runtime enter the interpreter any more, and waits until none is in it.
#[pyfunction]
pub(crate) fn close(py: Python<'_>) {
    GATE.fetch_or(CLOSED, Ordering::AcqRel);
    py.detach(|| {
        while GATE.load(Ordering::Acquire) != CLOSED {
            std::thread::sleep(Duration::from_micros(100));
        }
    });
}

/// Opens the gate again in a child by fork, which has none of the threads that were in it.
#[pyfunction]
pub(crate) fn reopen() {
    GATE.store(0, Ordering::Release);
}

/// The runtime of a process: a child by fork has none of its parent's threads, and makes its own.
static RUNTIME: Mutex<Option<(u32, Handle)>> = Mutex::new(None);

pub(crate) fn runtime() -> Result<Handle, Fault> {
    let process = std::process::id();
    // Held with the interpreter's lock, and so never by another thread while a process forks.
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((made_in, runtime)) = &*runtime
        && *made_in == process
    {
        return Ok(runtime.clone());
    }
    let failed = |problem: std::io::Error| Fault::set_up(&problem);
    let made = Builder::new_current_thread().enable_io().enable_time().build().map_err(failed)?;
    let handle = made.handle().clone();
    std::thread::Builder::new().name("clanforge".to_owned()).spawn(move || drive(&made)).map_err(failed)?;
    *runtime = Some((process, handle.clone()));
    Ok(handle)
}

/// Runs what is spawned, on a thread that the interpreter knows all the while: where it made the thread's state anew for
/// each visit, it would hold a lock of its own meanwhile, and a child forked at that moment would wait for it for ever.
fn drive(runtime: &Runtime) {
    if !pass() {
        return;
    }
    Python::attach(|py| {
        leave();
        py.detach(|| runtime.block_on(std::future::pending::<()>()));
    });
}

/// What there is to tell of a call, made into a Python object by the loop's own thread, for the future that is told it.
type Made = Box<dyn FnOnce(&Bound<'_, PyAny>) -> Result<Py<PyAny>, Raised> + Send>;

/// The future that is told next of a call: of its end, or before that of its need of credentials.
type Next = Arc<Mutex<Option<Py<PyAny>>>>;

struct Letter {
    next: Next,
    lines: Lines,
    made: Made,
}

impl Letter {
    fn deliver(self, py: Python<'_>) -> PyResult<()> {
        let Self { next, lines, made } = self;
        let told = lines.tell(py);
        let Some(future) = next.lock().unwrap_or_else(PoisonError::into_inner).take() else { return told };
        let future = future.bind(py);
        if !future.call_method0("done")?.is_truthy()? {
            match error::guarded(py, || made(future)) {
                Ok(value) => future.call_method1("set_result", (value,))?,
                Err(raised) => future.call_method1("set_exception", (raised.into_value(py),))?,
            };
        }
        told
    }
}

struct Letters {
    waiting: Mutex<Vec<Letter>>,
    /// The loop has been told, and has not looked yet.
    is_told: AtomicBool,
    /// `loop.call_soon_threadsafe`, and what it is to call.
    wake: Mutex<Option<(Py<PyAny>, Py<PyAny>)>>,
}

/// The ends of the calls of one event loop.
#[pyclass(frozen, module = "clanforge._clanforge")]
#[derive(Clone)]
pub(crate) struct Mailbox(Arc<Letters>);

#[pymethods]
impl Mailbox {
    #[new]
    fn new() -> Self {
        Self(Arc::new(Letters { waiting: Mutex::default(), is_told: AtomicBool::new(false), wake: Mutex::new(None) }))
    }

    /// Sets how the loop is woken.
    fn wake_by(&self, call_soon_threadsafe: Py<PyAny>, drain: Py<PyAny>) {
        *self.0.wake.lock().unwrap_or_else(PoisonError::into_inner) = Some((call_soon_threadsafe, drain));
    }

    /// Starts a call that panics: see `error::defect`.
    fn start_defect(&self, py: Python<'_>, future: Py<PyAny>, text: String) -> PyResult<Option<Task>> {
        let call = async move { if text.is_empty() { Ok(()) } else { panic!("{text}") } };
        error::guarded(py, || self.start(0, future, call, |py, ()| Ok(py.None())))
    }

    /// Hands every end that has come to its future; on the loop's own thread.
    fn drain(&self, py: Python<'_>) {
        self.0.is_told.store(false, Ordering::Release);
        let letters = std::mem::take(&mut *self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        for letter in letters {
            // What goes wrong with one, such as a handler of logs that raises, keeps no other from its end.
            if let Err(raised) = letter.deliver(py) {
                raised.write_unraisable(py, None);
            }
        }
    }
}

impl Mailbox {
    fn put(&self, letter: Letter) {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
        if self.0.is_told.swap(true, Ordering::AcqRel) {
            return;
        }
        enter(|py| {
            let wake = self.0.wake.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((call_soon_threadsafe, drain)) = &*wake {
                // A loop that is closed has nobody left who waits.
                let _ = call_soon_threadsafe.call1(py, (drain,));
            }
        });
    }

    /// Starts a call whose end goes to `future`; nothing where the interpreter is ending, and no end could be told.
    pub(crate) fn start<T: Send + 'static>(
        &self,
        level: u8,
        future: Py<PyAny>,
        call: impl Future<Output = Result<T, Error>> + Send + 'static,
        made: impl FnOnce(Python<'_>, T) -> Result<Py<PyAny>, Raised> + Send + 'static,
    ) -> Result<Option<Task>, Raised> {
        if GATE.load(Ordering::Acquire) & CLOSED != 0 {
            // Whoever awaits it is never told, nor may it be collected, which asyncio would report.
            std::mem::forget(future);
            return Ok(None);
        }
        let runtime = runtime()?;
        let lines = Lines::default();
        let dispatch = match level {
            0 => Dispatch::none(),
            level => Dispatch::new(Collector { lines: lines.clone(), level }),
        };
        let call = tracing::instrument::WithSubscriber::with_subscriber(call, dispatch);
        let mailbox = self.clone();
        let told = lines.clone();
        let next = Arc::new(Mutex::new(Some(future)));
        let call = asking(Some(self.ask(&next, &lines)), call);
        let running = runtime.spawn(async move {
            let ended = Guarded::new(call).await;
            let made: Made = Box::new(move |future| made(future.py(), ended?));
            mailbox.put(Letter { next, lines: told, made });
        });
        Ok(Some(Task { process: std::process::id(), running: running.abort_handle(), lines }))
    }
}

impl Mailbox {
    /// Returns what tells a call's future that the call needs credentials.
    fn ask(&self, next: &Next, lines: &Lines) -> Ask {
        let (mailbox, next, lines) = (self.clone(), Arc::clone(next), lines.clone());
        Arc::new(move |request| {
            let after = Arc::clone(&next);
            let made: Made = Box::new(move |future| Asked::instead(future, request, &after).map_err(Raised::Python));
            mailbox.put(Letter { next: Arc::clone(&next), lines: lines.clone(), made });
        })
    }
}

/// What a call tells that needs credentials: what to answer, and the future that is told next.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Asked {
    request: Mutex<Option<Request>>,
    #[pyo3(get)]
    future: Py<PyAny>,
}

impl Asked {
    /// Returns what a future is told of the call instead of its end, which another future is told.
    fn instead(future: &Bound<'_, PyAny>, request: Request, next: &Next) -> PyResult<Py<PyAny>> {
        let after = future.call_method0("get_loop")?.call_method0("create_future")?.unbind();
        *next.lock().unwrap_or_else(PoisonError::into_inner) = Some(after.clone_ref(future.py()));
        Self { request: Mutex::new(Some(request)), future: after }.into_py_any(future.py())
    }
}

#[pymethods]
impl Asked {
    /// Answers with credentials as JSON.
    fn give(&self, py: Python<'_>, keys: &str) -> PyResult<()> {
        error::guarded(py, || {
            let request = self.request.lock().unwrap_or_else(PoisonError::into_inner).take();
            Ok(request.map_or(Ok(()), |request| request.give(keys))?)
        })
    }
}

/// A call that runs.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Task {
    process: u32,
    running: AbortHandle,
    lines: Lines,
}

#[pymethods]
impl Task {
    /// Ends it, closes its connection, and tells what it logged and nobody was told yet.
    fn cancel(&self, py: Python<'_>) -> PyResult<()> {
        // In a child by fork nothing runs that could be ended, and its parent's threads may have held any lock.
        if self.process != std::process::id() {
            return Ok(());
        }
        self.running.abort();
        self.lines.tell(py)
    }
}
