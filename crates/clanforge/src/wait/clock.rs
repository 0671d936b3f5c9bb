//! The clock of a wait: this computer's, or that of a simulation, where a pause moves the clock instead of sleeping.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use clanforge_core::ErrorKind;
use futures_util::future::{Either, select};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use crate::environment::{Environment, SIMULATION};
use crate::error::Error;
use crate::http::BaseUrl;

/// A simulation whose time the waits of a client skip.
#[derive(Clone, Debug)]
pub(crate) struct Simulation {
    url: BaseUrl,
    is_announced: Arc<AtomicBool>,
}

impl Simulation {
    /// Returns the simulation at this URL, or else the one that the environment announces, if it is the service at this base URL,
    /// on this machine.
    ///
    /// # Errors
    /// `configuration` if the URL is invalid.
    pub(crate) fn at(
        base_url: &BaseUrl,
        url: Option<String>,
        environment: &Environment,
    ) -> Result<Option<Self>, Error> {
        if !base_url.is_loopback() {
            return Ok(None);
        }
        let (name, url) = match url {
            Some(url) => ("simulation", Some(url)),
            None => (SIMULATION, environment.simulation()?),
        };
        let Some(url) = url else { return Ok(None) };
        let url = BaseUrl::parse(&url)
            .map_err(|_| Error::configuration(format!("invalid {name}: it is not the URL of a simulation")))?;
        let is_this_service = url.origin() == base_url.origin() && url.is_plain();
        Ok(is_this_service.then(|| Self { url, is_announced: Arc::default() }))
    }

    /// Logs once that the service is a simulation: when a wait first pauses, because Python gets the logs of calls only.
    fn announce(&self) {
        if !self.is_announced.swap(true, Ordering::Relaxed) {
            tracing::info!("{} is a simulation: waits skip time", self.url.origin());
        }
    }
}

/// How much time has passed for a wait.
pub(crate) struct Clock {
    /// How long the wait had lasted when this process continued it.
    before: Duration,
    kind: Kind,
}

enum Kind {
    Machine(Instant),
    Simulation(Box<Skipping>),
}

/// A moment that another process compares with its own clock: since 1970, or since the beginning of a simulation.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Moment {
    Machine(Duration),
    Simulation(Duration),
}

/// The clock of a simulation, as one wait moves it.
struct Skipping {
    simulation: Simulation,
    /// Open until the wait ends: its open connections tell the simulation which waits its time depends on.
    connection: Option<Connection>,
    began: Duration,
    now: Duration,
}

struct Connection {
    sender: SendRequest<Empty<Bytes>>,
    work: Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>,
}

/// The response of a simulation to a pause.
#[derive(Deserialize)]
struct Moved {
    seconds: f64,
}

impl Clock {
    /// Returns a clock that starts now, or with the first pause in a simulation.
    pub(crate) fn start(simulation: Option<&Simulation>) -> Self {
        let kind = match simulation {
            None => Kind::Machine(Instant::now()),
            Some(simulation) => {
                let (simulation, zero) = (simulation.clone(), Duration::ZERO);
                let skipping = Skipping { simulation, connection: None, began: zero, now: zero };
                Kind::Simulation(Box::new(skipping))
            }
        };
        Self { before: Duration::ZERO, kind }
    }

    /// Returns true if a moment is of this kind of clock.
    pub(crate) const fn compares_with(&self, moment: Moment) -> bool {
        matches!(
            (&self.kind, moment),
            (Kind::Machine(_), Moment::Machine(_)) | (Kind::Simulation(_), Moment::Simulation(_))
        )
    }

    /// Continues a wait for which `elapsed` had passed at a moment, and returns how much has passed since then.
    ///
    /// # Errors
    /// As [`pause`](Self::pause).
    pub(crate) async fn resume(&mut self, moment: Moment, elapsed: Duration) -> Result<Duration, Error> {
        if matches!(self.kind, Kind::Simulation(_)) {
            // The time of the simulation is not known before the first pause.
            self.pause(Duration::ZERO).await?;
        }
        let (Moment::Machine(now) | Moment::Simulation(now)) = self.moment();
        let (Moment::Machine(then) | Moment::Simulation(then)) = moment;
        let since = now.saturating_sub(then);
        self.before = elapsed.saturating_add(since);
        Ok(since)
    }

    /// Returns the present moment.
    pub(crate) fn moment(&self) -> Moment {
        match &self.kind {
            Kind::Machine(_) => {
                Moment::Machine(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
            }
            Kind::Simulation(skipping) => Moment::Simulation(skipping.now),
        }
    }

    /// Pauses the wait.
    ///
    /// # Errors
    /// `connection` if a simulation has ended.
    pub(crate) async fn pause(&mut self, pause: Duration) -> Result<(), Error> {
        match &mut self.kind {
            Kind::Machine(_) => sleep(pause).await,
            Kind::Simulation(skipping) => skipping.pause(pause).await.map_err(|problem| {
                let message = format!("the simulation at {} has ended: {problem}", skipping.simulation.url.origin());
                Error::of_kind(ErrorKind::Connection, message)
            })?,
        }
        Ok(())
    }

    /// Returns the time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        let here = match &self.kind {
            Kind::Machine(began) => began.elapsed(),
            Kind::Simulation(skipping) => skipping.now.saturating_sub(skipping.began),
        };
        self.before.saturating_add(here)
    }
}

impl Skipping {
    async fn pause(&mut self, pause: Duration) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let is_first = self.connection.is_none();
        let base_url = &self.simulation.url;
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(Connection::open(base_url).await?),
        };
        let url = base_url.join("/sleep", Some(&format!("seconds={}", pause.as_secs_f64())));
        let target = &url[url::Position::BeforePath..];
        let request = hyper::Request::post(target).header("host", url.authority()).body(Empty::new())?;
        let respond = async {
            let response = connection.sender.send_request(request).await?;
            response.into_body().collect().await
        };
        let body = match select(pin!(respond), &mut connection.work).await {
            Either::Left((body, _)) => body?.to_bytes(),
            Either::Right((Err(error), _)) => return Err(error.into()),
            Either::Right((Ok(()), _)) => return Err("it closed the connection".into()),
        };
        self.now = Duration::try_from_secs_f64(serde_json::from_slice::<Moved>(&body)?.seconds)?;
        if is_first {
            self.began = self.now;
            self.simulation.announce();
        }
        Ok(())
    }
}

impl Connection {
    async fn open(url: &BaseUrl) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let stream = TcpStream::connect((url.host().to_string().trim_matches(['[', ']']), url.port())).await?;
        let (sender, work) = http1::handshake(TokioIo::new(stream)).await?;
        Ok(Self { sender, work: Box::pin(work) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simulation_is_honored_on_this_machine_only_and_for_its_own_service() {
        let url = "http://127.0.0.1:8080/simulation".to_owned();
        let environment = Environment::Given([(SIMULATION.to_owned(), url)].into());
        let is_honored = |base_url: &str| {
            let base_url = BaseUrl::parse(base_url).unwrap();
            Simulation::at(&base_url, None, &environment).unwrap().is_some()
        };
        assert!(is_honored("http://127.0.0.1:8080"));
        assert!(!is_honored("http://127.0.0.1:8081") && !is_honored("https://127.0.0.1:8080"));
        let url = "http://10.0.0.1:8080/simulation".to_owned();
        let environment = Environment::Given([(SIMULATION.to_owned(), url)].into());
        let elsewhere = BaseUrl::parse("http://10.0.0.1:8080").unwrap();
        assert!(Simulation::at(&elsewhere, None, &environment).unwrap().is_none());
    }
}
