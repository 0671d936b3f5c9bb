//! The client.

use std::sync::{Arc, Mutex, PoisonError};

use clanforge::{ErrorKind, ImageRef};
use clanforge_bindings::{Fault, Found, Settings, image_status};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;

use crate::call::Driver;
use crate::error::Raised;
use crate::monitor::{Told, before, told};
use crate::status::Status;
use crate::task::{Mailbox, Task};
use crate::{error, task};

/// What belongs to one process.
struct Inner {
    process: u32,
    client: clanforge::Client,
    /// What blocking calls run on.
    driver: Option<Driver>,
}

/// The client of either kind.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Client {
    settings: Settings,
    is_async: bool,
    inner: Mutex<Option<Arc<Inner>>>,
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (settings, is_async))]
    fn new(py: Python<'_>, settings: &str, is_async: bool) -> PyResult<Self> {
        error::guarded(py, || {
            let settings = Settings::from_json(settings)?;
            let inner = Mutex::new(Some(Arc::new(Inner::new(&settings, is_async)?)));
            Ok(Self { settings, is_async, inner })
        })
    }

    #[pyo3(signature = (image, detail, timeout, retries, level, provider))]
    #[allow(clippy::too_many_arguments)] // Python's own half is the only caller.
    fn image_status(
        &self,
        py: Python<'_>,
        image: (u64, u64),
        detail: bool,
        timeout: Option<f64>,
        retries: Option<u32>,
        level: u8,
        provider: Option<Py<PyAny>>,
    ) -> PyResult<Status> {
        error::guarded(py, || {
            let (inner, image) = (self.inner()?, ImageRef::new(image.0, image.1));
            let call = image_status(&inner.client, image, detail, timeout, retries)?;
            inner.driver()?.run(py, level, provider, call.into_future()).map(Status::from)
        })
    }

    #[pyo3(signature = (mailbox, future, image, detail, timeout, retries, level))]
    #[allow(clippy::too_many_arguments)] // Python's own half is the only caller.
    fn start_image_status(
        &self,
        py: Python<'_>,
        mailbox: &Mailbox,
        future: Py<PyAny>,
        image: (u64, u64),
        detail: bool,
        timeout: Option<f64>,
        retries: Option<u32>,
        level: u8,
    ) -> PyResult<Option<Task>> {
        error::guarded(py, || {
            let (inner, image) = (self.inner()?, ImageRef::new(image.0, image.1));
            let call = image_status(&inner.client, image, detail, timeout, retries)?;
            mailbox.start(level, future, call.into_future(), |py, status| made(py, Status::from(status)))
        })
    }

    #[pyo3(signature = (image, policy, baseline, detail, seed))]
    fn watch(
        &self,
        py: Python<'_>,
        image: (u64, u64),
        policy: &str,
        baseline: Option<(u64, u64, Status)>,
        detail: bool,
        seed: Option<u64>,
    ) -> PyResult<Watch> {
        error::guarded(py, || {
            let (inner, image) = (self.inner()?, ImageRef::new(image.0, image.1));
            let updates = clanforge_bindings::watch(&inner.client, image, policy, baseline.map(before), detail, seed)?;
            Ok(Watch(Mutex::new(Some(Live { inner, updates }))))
        })
    }

    /// Gives the connections up; a call after that is refused.
    fn close(&self, py: Python<'_>) {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner).take();
        match inner {
            Some(inner) if inner.process == std::process::id() => py.detach(|| drop(inner)),
            // What a parent process uses is not touched.
            inner => std::mem::forget(inner),
        }
    }
}

impl Client {
    /// Returns what this process uses, anew in a child by fork.
    fn inner(&self) -> Result<Arc<Inner>, Fault> {
        // Held with the interpreter's lock, and so never by another thread while a process forks.
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        match &*inner {
            None => Err(Fault::configuration("the client is closed")),
            Some(current) if current.process == std::process::id() => Ok(Arc::clone(current)),
            Some(_) => {
                let made = Arc::new(Inner::new(&self.settings, self.is_async)?);
                std::mem::forget(inner.replace(Arc::clone(&made)));
                Ok(made)
            }
        }
    }
}

impl Inner {
    fn new(settings: &Settings, is_async: bool) -> Result<Self, Fault> {
        let client = settings.builder()?.build()?;
        let driver = if is_async { None } else { Some(Driver::new()?) };
        Ok(Self { process: std::process::id(), client, driver })
    }

    fn driver(&self) -> Result<&Driver, Fault> {
        let missing = || Fault::new(ErrorKind::Internal, "an asynchronous client does not block");
        self.driver.as_ref().ok_or_else(missing)
    }
}

/// The updates of a wait, until it is closed.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Watch(Mutex<Option<Live>>);

#[derive(Clone)]
struct Live {
    inner: Arc<Inner>,
    updates: clanforge_bindings::Watch,
}

#[pymethods]
impl Watch {
    /// Returns the next update; nothing after the last.
    #[pyo3(signature = (level, provider))]
    fn next(&self, py: Python<'_>, level: u8, provider: Option<Py<PyAny>>) -> PyResult<Option<Told>> {
        error::guarded(py, || {
            let Some(Live { inner, updates }) = self.live()? else { return Ok(None) };
            Ok(inner.driver()?.run(py, level, provider, updates.next())?.told()?.map(told))
        })
    }

    fn start_next(&self, py: Python<'_>, mailbox: &Mailbox, future: Py<PyAny>, level: u8) -> PyResult<Option<Task>> {
        error::guarded(py, || {
            let updates = self.live()?.map(|live| live.updates).unwrap_or_default();
            mailbox.start(level, future, updates.next(), |py, found: Found| made(py, found.told()?.map(told)))
        })
    }

    /// Ends the waiting, and closes its connection.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let live = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Live { inner, updates }) = live else { return Ok(()) };
        if inner.process != std::process::id() {
            // What a parent process uses is not touched.
            std::mem::forget((inner, updates));
            return Ok(());
        }
        updates.close();
        error::guarded(py, || match &inner.driver {
            Some(driver) => driver.run(py, 0, None, async {
                drop(updates);
                tokio::task::yield_now().await;
                Ok(())
            }),
            None => {
                let runtime = task::runtime()?;
                py.detach(|| {
                    let _within = runtime.enter();
                    drop(updates);
                });
                Ok(())
            }
        })
    }
}

impl Watch {
    fn live(&self) -> Result<Option<Live>, Fault> {
        let live = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match live {
            Some(live) if live.inner.process != std::process::id() => {
                Err(Fault::configuration("the wait was begun by a parent process: begin one in this process"))
            }
            live => Ok(live),
        }
    }
}

fn made<'py>(py: Python<'py>, value: impl IntoPyObjectExt<'py>) -> Result<Py<PyAny>, Raised> {
    value.into_py_any(py).map_err(Raised::Python)
}
