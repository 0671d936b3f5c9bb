//! The simulator as a value: starting it, reading what it received, and stopping it by dropping it.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use clanforge_core::ErrorKind;
use tokio::sync::oneshot;

use crate::clock::{Clock, Session};
use crate::control;
use crate::http::serve;
use crate::identity::Identity;
use crate::scenario::{InvalidScenario, Reply, Scenario};
use crate::service::{Connections, ReceivedRequest, Service, lock};

/// What a simulator serves, and how.
#[derive(Clone, Debug)]
pub struct Options {
    scenario: Scenario,
    scenarios: BTreeMap<u64, Scenario>,
    speed: Option<f64>,
    address: IpAddr,
    allow_remote: bool,
    port: u16,
    identity: Identity,
}

impl Options {
    /// Returns options that serve `scenario` on a free port.
    ///
    /// The clock of the simulation runs in real time until something controls it: a wait of a client that knows
    /// [`Simulator::simulation_url`], [`Simulator::advance`], [`Simulator::start_rollout`] or [`Simulator::fail_for`]. From then
    /// on only such a wait and [`Simulator::advance`] move it.
    pub fn new(scenario: Scenario) -> Self {
        let (scenarios, identity) = (BTreeMap::new(), Identity::default());
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self { scenario, scenarios, speed: None, address, allow_remote: false, port: 0, identity }
    }

    /// Serves another scenario for the images with this ID.
    #[must_use]
    pub fn image(mut self, image_id: u64, scenario: Scenario) -> Self {
        self.scenarios.insert(image_id, scenario);
        self
    }

    /// Makes the clock run this many times faster than real time, to watch a wait, which then sleeps for that much less
    /// time instead of skipping it. Delays of faults stay in real time.
    #[must_use]
    pub const fn speed(mut self, speed: f64) -> Self {
        self.speed = Some(speed);
        self
    }

    /// Sets the address to listen on, instead of 127.0.0.1. An address other than loopback requires `allow_remote`:
    /// whoever reaches it can control the simulation.
    #[must_use]
    pub const fn bind(mut self, address: IpAddr, allow_remote: bool) -> Self {
        (self.address, self.allow_remote) = (address, allow_remote);
        self
    }

    /// Sets the port; 0 for a free port.
    #[must_use]
    pub const fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the credentials that the simulator accepts, and the images that it serves.
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }

    /// Returns the scenario that is served.
    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }
}

/// A running simulator. Dropping it stops it and closes its connections.
#[derive(Debug)]
pub struct Simulator {
    address: SocketAddr,
    identity: Identity,
    clock: Arc<Clock>,
    service: Arc<Mutex<Service>>,
    connections: Arc<Connections>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts a simulator on a separate thread. It accepts requests when this returns.
    ///
    /// # Errors
    /// [`StartError`] if the scenario or the speed is invalid or the port is taken.
    pub fn start(options: Options) -> Result<Self, StartError> {
        let Options { scenario, scenarios, speed, address, allow_remote, port, identity } = options;
        if !address.is_loopback() && !allow_remote {
            return Err(StartError::Remote(address));
        }
        if let Some(speed) = speed.filter(|speed| !(MIN_SPEED..=MAX_SPEED).contains(speed)) {
            return Err(StartError::Speed(speed));
        }
        for (name, id) in [("account service ID", identity.account_service_id), ("image ID", identity.image_id)] {
            if id == Some(0) {
                return Err(StartError::Id(name));
            }
        }
        let clock = Arc::new(Clock::new(speed));
        let connections = Arc::new(Connections::default());
        let service =
            Service::new(Arc::clone(&clock), scenario, scenarios, identity.clone(), Arc::clone(&connections))?;
        let service = Arc::new(Mutex::new(service));
        let address = SocketAddr::from((address, port));
        let listener = TcpListener::bind(address).map_err(|error| StartError::Port(address, error))?;
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        // With its own runtime and thread, a simulator can start within another runtime as well as without one.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let context = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(listener)?;
        drop(context);
        let (stop, stopped) = oneshot::channel();
        let accepting = accept(listener, Arc::clone(&service), Arc::clone(&clock), Arc::clone(&connections));
        let thread = std::thread::Builder::new().name("clanforge-simulator".to_owned());
        let serving = thread.spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accepting => {}
                    _ = stopped => {}
                }
            });
        });
        let thread = serving.map_err(StartError::Thread)?;
        Ok(Self { address, identity, clock, service, connections, stop: Some(stop), thread: Some(thread) })
    }

    /// Returns the base URL, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the URL of the simulation's own endpoints, by which tests in any language control it. As the environment variable
    /// `CLANFORGE_SIMULATION` it makes the waits of a client skip time: their pauses move the clock of the simulation.
    pub fn simulation_url(&self) -> String {
        format!("{}{}", self.url(), control::PATH)
    }

    /// Returns the environment variables by which the clients of a script find the simulation, authenticate with keys, and skip
    /// time.
    pub fn environment(&self) -> [(String, String); 4] {
        let Identity { access_key, secret_key, .. } = self.identity.clone();
        [
            ("CLANFORGE_BASE_URL".to_owned(), self.url()),
            ("CLANFORGE_ACCESS_KEY".to_owned(), access_key),
            ("CLANFORGE_SECRET_KEY".to_owned(), secret_key),
            ("CLANFORGE_SIMULATION".to_owned(), self.simulation_url()),
        ]
    }

    /// Returns the credentials that the simulator accepts, and the images that it serves.
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Returns the number of requests so far.
    pub fn requests(&self) -> u64 {
        lock(&self.service).requests()
    }

    /// Returns the last 1,000 requests, the oldest first.
    pub fn received(&self) -> Vec<ReceivedRequest> {
        lock(&self.service).received()
    }

    /// Returns the number of connections that were opened so far.
    pub fn connections(&self) -> u64 {
        self.connections.opened.load(Ordering::SeqCst)
    }

    /// Returns the number of connections that are open now.
    pub fn open_connections(&self) -> u64 {
        self.connections.open.load(Ordering::SeqCst)
    }

    /// Returns the time of the simulation.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Moves the clock of the simulation on.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Starts the rollout of the images with this ID, or of every image. Without this call, the first
    /// request that returns a status stands for the baseline, and the rollout starts with the request after it.
    pub fn start_rollout(&self, image_id: Option<u64>) {
        lock(&self.service).start_rollout(image_id);
    }

    /// Resets every connection for this long, in simulated time.
    pub fn fail_for(&self, duration: Duration) {
        lock(&self.service).fail_for(duration);
    }

    /// Calls one of the simulation's own endpoints, by its path below [`simulation_url`](Self::simulation_url) with its query, and
    /// returns the body of the response: for bindings to other languages.
    ///
    /// # Errors
    /// A sentence that names what is invalid.
    pub fn control(&self, method: &str, endpoint: &str) -> Result<String, String> {
        Ok(control::Call::new(method, endpoint).perform(&self.service)?.to_string())
    }

    /// Replies to the next `times` requests with `reply`, before any fault of the scenario.
    pub fn inject(&self, reply: Reply, times: u64) {
        lock(&self.service).inject(reply, times);
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // A thread that has ended already can be neither stopped nor joined.
        self.stop.take().map(|stop| stop.send(()));
        self.thread.take().map(JoinHandle::join);
    }
}

/// The slowest and the fastest speed: a minute of the rollout in 17 hours, and a year in half a minute.
const MIN_SPEED: f64 = 1e-3;
const MAX_SPEED: f64 = 1e6;

/// Why a simulator does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The scenario is invalid.
    #[error(transparent)]
    Scenario(#[from] InvalidScenario),
    /// The speed is not a number from a thousandth to a million.
    #[error("invalid speed {0}: must be from {MIN_SPEED} to {MAX_SPEED}")]
    Speed(f64),
    /// The address can be reached from other machines.
    #[error("other machines could use and control a simulator on {0}: allow it with --allow-remote, or use 127.0.0.1")]
    Remote(IpAddr),
    /// An ID is 0, which the service never uses.
    #[error("invalid {0} 0: must be at least 1")]
    Id(&'static str),
    /// The port is taken, or not allowed.
    #[error("cannot listen on {0}: {1}")]
    Port(SocketAddr, #[source] io::Error),
    /// The operating system is out of resources.
    #[error("cannot start the simulator: {0}")]
    System(#[from] io::Error),
    /// The operating system could not start a thread.
    #[error("cannot start a thread for the simulator: {0}")]
    Thread(#[source] io::Error),
}

impl StartError {
    /// Returns the kind of the error, and with it the exit code of a command that ends with it.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Scenario(_) | Self::Speed(_) | Self::Remote(_) | Self::Id(_) | Self::Port(..) => {
                ErrorKind::Configuration
            }
            Self::System(_) | Self::Thread(_) => ErrorKind::Local,
        }
    }
}

async fn accept(
    listener: tokio::net::TcpListener,
    service: Arc<Mutex<Service>>,
    clock: Arc<Clock>,
    connections: Arc<Connections>,
) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Most likely out of descriptors: wait until connections have ended.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (service, connections) = (Arc::clone(&service), Arc::clone(&connections));
        let session = Session::new(&clock);
        tokio::spawn(async move {
            connections.opened.fetch_add(1, Ordering::SeqCst);
            connections.open.fetch_add(1, Ordering::SeqCst);
            // An error ends the connection, which the client sees; nobody else could act on it.
            let reply = async |request| match control::reply(&service, &session, &request).await {
                Some(actions) => actions,
                None => lock(&service).reply(&request),
            };
            let _ = serve(stream, reply).await;
            connections.open.fetch_sub(1, Ordering::SeqCst);
        });
    }
}
