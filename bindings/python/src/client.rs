//! The client.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clanforge::{Credentials, Error, ErrorKind, ImageRef, WaitCall};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::call::Driver;
use crate::monitor::{Told, before, parsed, update};
use crate::status::Status;
use crate::task::{Mailbox, Task};
use crate::{error, task};

/// What a client is made of, so that a child by fork can make its own.
#[derive(Clone)]
#[allow(clippy::struct_excessive_bools)] // Each is a keyword of its own in Python.
struct Settings {
    access_key: Option<String>,
    secret_key: Option<String>,
    token: Option<String>,
    base_url: Option<String>,
    from_env: bool,
    timeout: Option<f64>,
    attempt_timeout: Option<f64>,
    connect_timeout: Option<f64>,
    retries: Option<u32>,
    backoff: Option<(f64, f64)>,
    idle_timeout: Option<f64>,
    max_body_bytes: Option<usize>,
    ca_file: Option<std::path::PathBuf>,
    extra_ca_file: Option<std::path::PathBuf>,
    proxy: Option<String>,
    no_proxy: bool,
    allow_http: bool,
    user_agent: Option<String>,
    is_async: bool,
}

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
    inner: Mutex<Option<Arc<Inner>>>,
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (settings))]
    fn new(py: Python<'_>, settings: &Bound<'_, PyDict>) -> PyResult<Self> {
        let settings = Settings {
            access_key: option(settings, "access_key")?,
            secret_key: option(settings, "secret_key")?,
            token: option(settings, "token")?,
            base_url: option(settings, "base_url")?,
            from_env: option(settings, "from_env")?.unwrap_or_default(),
            timeout: option(settings, "timeout")?,
            attempt_timeout: option(settings, "attempt_timeout")?,
            connect_timeout: option(settings, "connect_timeout")?,
            retries: option(settings, "retries")?,
            backoff: option(settings, "backoff")?,
            idle_timeout: option(settings, "idle_timeout")?,
            max_body_bytes: option(settings, "max_body_bytes")?,
            ca_file: option(settings, "ca_file")?,
            extra_ca_file: option(settings, "extra_ca_file")?,
            proxy: option(settings, "proxy")?,
            no_proxy: option(settings, "no_proxy")?.unwrap_or_default(),
            allow_http: option(settings, "allow_http")?.unwrap_or_default(),
            user_agent: option(settings, "user_agent")?,
            is_async: option(settings, "is_async")?.unwrap_or_default(),
        };
        error::guarded(py, || {
            let inner = settings.build(py)?;
            Ok(Self { settings, inner: Mutex::new(Some(Arc::new(inner))) })
        })
    }

    #[pyo3(signature = (image, detail, timeout, retries, level))]
    fn image_status(
        &self,
        py: Python<'_>,
        image: (u64, u64),
        detail: bool,
        timeout: Option<f64>,
        retries: Option<u32>,
        level: u8,
    ) -> PyResult<Status> {
        let inner = self.inner(py)?;
        let call = image_status(py, &inner, image, detail, timeout, retries)?;
        inner.driver(py)?.run(py, level, call.into_future()).map(Status::from)
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
        let call = image_status(py, &*self.inner(py)?, image, detail, timeout, retries)?;
        mailbox.start(py, level, future, call.into_future(), |py, status| {
            Ok(Status::from(status).into_pyobject(py)?.into_any().unbind())
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
            let inner = self.inner(py)?;
            let mut call: WaitCall =
                inner.client.watch(ImageRef::new(image.0, image.1)).policy(parsed(py, policy)?).detail(detail);
            if let Some(baseline) = baseline {
                call = call.baseline(before(baseline));
            }
            if let Some(seed) = seed {
                call = call.seed(seed);
            }
            let updates = Arc::new(tokio::sync::Mutex::new(Updates::Live(call.stream())));
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
    fn inner(&self, py: Python<'_>) -> PyResult<Arc<Inner>> {
        // Held with the interpreter's lock, and so never by another thread while a process forks.
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        match &*inner {
            None => Err(error::of_kind(py, ErrorKind::Configuration, "the client is closed")),
            Some(current) if current.process == std::process::id() => Ok(Arc::clone(current)),
            Some(_) => {
                let made = Arc::new(error::guarded(py, || self.settings.build(py))?);
                std::mem::forget(inner.replace(Arc::clone(&made)));
                Ok(made)
            }
        }
    }
}

impl Settings {
    fn build(&self, py: Python<'_>) -> PyResult<Inner> {
        let mut builder = clanforge::Client::builder();
        if self.from_env {
            builder = builder.from_env();
        }
        if let (Some(access_key), Some(secret_key)) = (&self.access_key, &self.secret_key) {
            builder = builder.credentials(Credentials::basic(access_key, secret_key));
        }
        if let Some(token) = &self.token {
            builder = builder.credentials(Credentials::bearer(token));
        }
        if let Some(url) = &self.base_url {
            builder = builder.base_url(url);
        }
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(seconds(py, "timeout", timeout)?);
        }
        if let Some(timeout) = self.attempt_timeout {
            builder = builder.attempt_timeout(seconds(py, "attempt_timeout", timeout)?);
        }
        if let Some(timeout) = self.connect_timeout {
            builder = builder.connect_timeout(seconds(py, "connect_timeout", timeout)?);
        }
        if let Some(retries) = self.retries {
            builder = builder.retries(retries);
        }
        if let Some((first, longest)) = self.backoff {
            builder = builder.backoff(seconds(py, "backoff", first)?, seconds(py, "backoff", longest)?);
        }
        if let Some(timeout) = self.idle_timeout {
            builder = builder.idle_timeout(seconds(py, "idle_timeout", timeout)?);
        }
        if let Some(bytes) = self.max_body_bytes {
            builder = builder.max_body_bytes(bytes);
        }
        if let Some(file) = &self.ca_file {
            builder = builder.ca_file(file);
        }
        if let Some(file) = &self.extra_ca_file {
            builder = builder.extra_ca_file(file);
        }
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy);
        }
        if self.no_proxy {
            builder = builder.no_proxy();
        }
        if self.allow_http {
            builder = builder.allow_http(true);
        }
        if let Some(product) = &self.user_agent {
            builder = builder.user_agent(product);
        }
        let client = builder.build().map_err(|error| error::exception(py, &error))?;
        let driver = if self.is_async { None } else { Some(Driver::new(py)?) };
        Ok(Inner { process: std::process::id(), client, driver })
    }
}

impl Inner {
    fn driver(&self, py: Python<'_>) -> PyResult<&Driver> {
        self.driver
            .as_ref()
            .ok_or_else(|| error::of_kind(py, ErrorKind::Internal, "an asynchronous client does not block"))
    }
}

/// The updates of a wait, until it is closed.
#[pyclass(frozen, module = "clanforge._clanforge")]
pub(crate) struct Watch(Mutex<Option<Live>>);

#[derive(Clone)]
struct Live {
    inner: Arc<Inner>,
    updates: Shared,
}

type Shared = Arc<tokio::sync::Mutex<Updates>>;

/// Where a wait is.
#[derive(Default)]
enum Updates {
    Live(clanforge::Updates),
    /// The last update was handed out, or the wait was closed.
    #[default]
    Over,
    /// A call for the next update did not run to its end.
    GivenUp,
}

/// What a call for the next update found.
enum Found {
    Told(Told),
    Nothing,
    GivenUp,
}

impl Found {
    fn told(self, py: Python<'_>) -> PyResult<Option<Told>> {
        match self {
            Self::Told(told) => Ok(Some(told)),
            Self::Nothing => Ok(None),
            Self::GivenUp => Err(error::of_kind(
                py,
                ErrorKind::Configuration,
                "the wait was given up when a call for its next update was interrupted: begin another",
            )),
        }
    }
}

#[pymethods]
impl Watch {
    /// Returns the next update; nothing after the last.
    fn next(&self, py: Python<'_>, level: u8) -> PyResult<Option<Told>> {
        let Some(Live { inner, updates }) = self.live(py)? else { return Ok(None) };
        inner.driver(py)?.run(py, level, next(updates))?.told(py)
    }

    fn start_next(&self, py: Python<'_>, mailbox: &Mailbox, future: Py<PyAny>, level: u8) -> PyResult<Option<Task>> {
        let updates = self.live(py)?.map_or_else(Shared::default, |live| live.updates);
        mailbox.start(py, level, future, next(updates), |py, found: Found| {
            Ok(found.told(py)?.into_pyobject(py)?.into_any().unbind())
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
        match &inner.driver {
            Some(driver) => driver.run(py, 0, async {
                drop(updates);
                tokio::task::yield_now().await;
                Ok(())
            }),
            None => {
                let runtime = task::runtime(py)?;
                py.detach(|| {
                    let _within = runtime.enter();
                    drop(updates);
                });
                Ok(())
            }
        }
    }
}

impl Watch {
    fn live(&self, py: Python<'_>) -> PyResult<Option<Live>> {
        let live = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match live {
            Some(live) if live.inner.process != std::process::id() => Err(error::of_kind(
                py,
                ErrorKind::Configuration,
                "the wait was begun by a parent process: begin one in this process",
            )),
            live => Ok(live),
        }
    }
}

/// Gives up a wait whose next update is not awaited to its end, so that its connection is closed.
struct InFlight<'a> {
    updates: tokio::sync::MutexGuard<'a, Updates>,
    is_over: bool,
}

impl InFlight<'_> {
    async fn next(&mut self) -> Result<Found, Error> {
        self.is_over = false;
        let told = match &mut *self.updates {
            Updates::Live(stream) => stream.next().await,
            Updates::Over => None,
            Updates::GivenUp => return Ok(Found::GivenUp),
        };
        self.is_over = true;
        match told {
            Some(told) => told.map(update).map(Found::Told),
            None => {
                *self.updates = Updates::Over;
                Ok(Found::Nothing)
            }
        }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            *self.updates = Updates::GivenUp;
        }
    }
}

async fn next(updates: Shared) -> Result<Found, Error> {
    InFlight { updates: updates.lock().await, is_over: true }.next().await
}

fn image_status(
    py: Python<'_>,
    inner: &Inner,
    image: (u64, u64),
    detail: bool,
    timeout: Option<f64>,
    retries: Option<u32>,
) -> PyResult<clanforge::ImageStatusCall> {
    let mut call = inner.client.image_status(ImageRef::new(image.0, image.1)).detail(detail);
    if let Some(timeout) = timeout {
        call = call.timeout(seconds(py, "timeout", timeout)?);
    }
    if let Some(retries) = retries {
        call = call.retries(retries);
    }
    Ok(call)
}

fn seconds(py: Python<'_>, name: &str, seconds: f64) -> PyResult<Duration> {
    let problem = |problem| {
        error::of_kind(py, ErrorKind::Configuration, &format!("invalid {name} of {seconds} seconds: {problem}"))
    };
    Duration::try_from_secs_f64(seconds).map_err(problem)
}

fn option<'py, T: FromPyObjectOwned<'py>>(settings: &Bound<'py, PyDict>, name: &str) -> PyResult<Option<T>> {
    match settings.get_item(name)? {
        Some(value) if !value.is_none() => value.extract().map(Some).map_err(Into::into),
        _ => Ok(None),
    }
}
