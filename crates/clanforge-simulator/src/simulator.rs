//! The simulator as its users hold it: started, asked what it saw, stopped by dropping it.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::http::connection::{lock, serve};
use crate::scenario::Reply;
use crate::scenario::{InvalidScenario, Scenario};
use crate::service::Service;

/// What a simulator plays, and how.
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) scenario: Scenario,
    pub(crate) speed: f64,
    pub(crate) port: u16,
    pub(crate) identity: Identity,
}

/// Whom a simulator serves: the credentials that it accepts, and whose status it knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The access key of Basic authentication and of signatures.
    pub access_key: String,
    /// The secret key of Basic authentication and of signatures.
    pub secret_key: String,
    /// The bearer token.
    pub token: String,
    /// The only account service ID that is known; every one where it is `None`.
    pub account_service_id: Option<u64>,
    /// The only image ID that is known; every one where it is `None`.
    pub image_id: Option<u64>,
}

/// A simulator at work. Dropping it stops it and closes its connections.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    identity: Identity,
    service: Arc<Mutex<Service>>,
    connections: Arc<Connections>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Connections {
    so_far: AtomicU64,
    open: AtomicU64,
}

impl Options {
    /// Returns options that play `scenario` at its own speed, on a port that the system chooses.
    pub fn new(scenario: Scenario) -> Self {
        Self { scenario, speed: 1.0, port: 0, identity: Identity::default() }
    }

    /// Lets the rollout's time run this many times faster than the clock. Faults that wait do so by the clock.
    #[must_use]
    pub const fn speed(mut self, speed: f64) -> Self {
        self.speed = speed;
        self
    }

    /// Sets the port on 127.0.0.1; 0 lets the system choose one.
    #[must_use]
    pub const fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Returns the scenario that is played.
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Sets whom the simulator serves.
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }
}

impl Default for Identity {
    /// Returns credentials that anyone may know, and every account service and image.
    fn default() -> Self {
        Self {
            access_key: "simulator-access-key".to_owned(),
            secret_key: "simulator-secret-key".to_owned(),
            token: "simulator-token".to_owned(),
            account_service_id: None,
            image_id: None,
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("account_service_id", &self.account_service_id)
            .field("image_id", &self.image_id)
            .finish_non_exhaustive()
    }
}

impl Simulator {
    /// Starts a simulator on 127.0.0.1, on a thread of its own, ready for requests when this returns.
    ///
    /// # Errors
    /// [`StartError`] where the scenario or the speed cannot be played or the port cannot be had.
    pub fn start(options: Options) -> Result<Self, StartError> {
        let speed = options.speed;
        if !(MIN_SPEED..=MAX_SPEED).contains(&speed) {
            return Err(StartError::Speed(speed));
        }
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        let listener = TcpListener::bind(address).map_err(|error| StartError::Port(address, error))?;
        let address = listener.local_addr()?;
        let identity = options.identity.clone();
        let service = Arc::new(Mutex::new(Service::new(options)?));
        let connections = Arc::new(Connections::default());
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let serving = (Arc::clone(&service), Arc::clone(&connections));
        // The thread has a runtime of its own, so that a simulator starts within another runtime as well as without.
        let thread = std::thread::Builder::new().name("clanforge-simulator".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
            let served = runtime.map(|runtime| runtime.block_on(serve_all(listener, serving, stopped, &tell)));
            // Where the simulator has started already nobody waits for what becomes of it.
            let _ = tell.send(served.and_then(|served| served));
        })?;
        told.recv().unwrap_or_else(|_| Err(io::Error::other("its thread is gone")))?;
        Ok(Self { address, identity, service, connections, stop: Some(stop), thread: Some(thread) })
    }

    /// Returns the base URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns whom the simulator serves.
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns the number of requests so far.
    pub fn requests(&self) -> u64 {
        lock(&self.service).requests()
    }

    /// Returns path and query of the last request.
    pub fn last_target(&self) -> Option<String> {
        lock(&self.service).last_target()
    }

    /// Returns the number of connections that were opened so far.
    pub fn connections(&self) -> u64 {
        self.connections.so_far.load(Ordering::SeqCst)
    }

    /// Returns the number of connections that are open now.
    pub fn open_connections(&self) -> u64 {
        self.connections.open.load(Ordering::SeqCst)
    }

    /// Returns how far the rollout's time has come: zero until the first request.
    pub fn rollout_time(&self) -> Duration {
        lock(&self.service).rollout_time()
    }

    /// Meets the next requests, so many of them, with this reply, before any fault of the scenario.
    pub fn inject(&self, reply: Reply, times: usize) {
        lock(&self.service).inject(reply, times);
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // Where the thread has ended already there is nobody to tell, and nothing to wait for.
        self.stop.take().map(|stop| stop.send(()));
        self.thread.take().map(JoinHandle::join);
    }
}

/// The slowest and the fastest that a rollout's time may run: a minute in most of a day, and a year in half a minute.
const MIN_SPEED: f64 = 1e-3;
const MAX_SPEED: f64 = 1e6;

/// Why a simulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The scenario cannot be played.
    #[error(transparent)]
    Scenario(#[from] InvalidScenario),
    /// The speed is not a number from a thousandth to a million.
    #[error("invalid speed {0}: it is from {MIN_SPEED} to {MAX_SPEED}")]
    Speed(f64),
    /// The port cannot be had.
    #[error("{0} cannot be listened on: {1}")]
    Port(SocketAddr, #[source] io::Error),
    /// The operating system gives no resources.
    #[error("the simulator cannot be started: {0}")]
    System(#[from] io::Error),
}

/// Tells that requests are served, and serves them until it is told to stop.
async fn serve_all(
    listener: TcpListener,
    (service, connections): (Arc<Mutex<Service>>, Arc<Connections>),
    stopped: oneshot::Receiver<()>,
    tell: &mpsc::Sender<io::Result<()>>,
) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let _ = tell.send(Ok(()));
    tokio::select! {
        () = accept(listener, service, connections) => Ok(()),
        _ = stopped => Ok(()),
    }
}

async fn accept(listener: tokio::net::TcpListener, service: Arc<Mutex<Service>>, connections: Arc<Connections>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors, most likely: let connections end before the next is taken.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (service, connections) = (Arc::clone(&service), Arc::clone(&connections));
        tokio::spawn(async move {
            connections.so_far.fetch_add(1, Ordering::SeqCst);
            connections.open.fetch_add(1, Ordering::SeqCst);
            // How a connection ends is the client's business; nobody here could act on it.
            let _ = serve(stream, &service).await;
            connections.open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}
