//! The simulation's own endpoints, by which tests control it: below `/simulation`, without credentials.
//!
//! | Request | What it does |
//! | --- | --- |
//! | `GET /simulation` | returns the time, the number of requests, and the number of open connections |
//! | `GET /simulation/requests` | returns the last 1,000 requests |
//! | `POST /simulation/start-rollout?image=N` | starts the rollout of an image; of every image without the parameter |
//! | `POST /simulation/advance?seconds=N` | moves the clock on |
//! | `POST /simulation/fail-next?count=N&status=N` | replies to the next requests with an error; defaults to one, and to 503 |
//! | `POST /simulation/outage?seconds=N` | resets all connections for this long |
//! | `POST /simulation/sleep?seconds=N` | pauses a wait, which is identified by its connection: once the waits of all open connections pause, the clock skips to the end of the first pause |

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};

use crate::clock::Session;
use crate::http::{Action, Request, Response};
use crate::scenario::Reply;
use crate::service::{Service, lock};

/// The path of the endpoints.
pub(crate) const PATH: &str = "/simulation";

/// Returns the reply to a request for one of the simulation's endpoints; `None` if it is for another.
pub(crate) async fn reply(service: &Mutex<Service>, session: &Session, request: &Request) -> Option<Vec<Action>> {
    let endpoint = request.target.strip_prefix(PATH).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']))?;
    let call = Call::new(&request.method, endpoint);
    let is_pause = (call.method, call.name) == ("POST", "sleep");
    let body = match is_pause.then(|| call.seconds()) {
        Some(Ok(pause)) => {
            session.sleep(pause).await;
            Ok(state(&lock(service)))
        }
        Some(Err(problem)) => Err(problem),
        None => call.perform(service),
    };
    let response = match body {
        Ok(body) => Response::json(200, body.to_string()),
        Err(problem) => Response::json(400, json!({ "error": problem }).to_string()),
    };
    Some(response.actions())
}

/// A call of one of the endpoints.
pub(crate) struct Call<'a> {
    method: &'a str,
    name: &'a str,
    query: &'a str,
}

impl<'a> Call<'a> {
    /// Returns a call of an endpoint by its path below [`PATH`], with the query.
    pub(crate) fn new(method: &'a str, endpoint: &'a str) -> Self {
        let (path, query) = endpoint.split_once('?').unwrap_or((endpoint, ""));
        Self { method, name: path.trim_start_matches('/'), query }
    }

    /// Performs the call, and returns the body of its response.
    pub(crate) fn perform(&self, service: &Mutex<Service>) -> Result<Value, String> {
        let mut service = lock(service);
        match (self.method, self.name) {
            ("GET", "") => {}
            ("GET", "requests") => return Ok(json!(service.received())),
            ("POST", "start-rollout") => service.start_rollout(self.number("image")?),
            ("POST", "advance") => drop(service.clock().advance(self.seconds()?)),
            ("POST", "outage") => service.fail_for(self.seconds()?),
            ("POST", "fail-next") => {
                let status = self.number("status")?.unwrap_or(503);
                let reply = Reply::Response { status, headers: BTreeMap::new(), body: String::new() };
                reply.validate().map_err(|error| error.to_string())?;
                service.inject(reply, self.number("count")?.unwrap_or(1));
            }
            (method, name) => return Err(format!("there is no {method} {PATH}/{name}")),
        }
        Ok(state(&service))
    }

    fn seconds(&self) -> Result<Duration, String> {
        let seconds = self.number("seconds")?.ok_or("`seconds` is missing: add ?seconds=60 to the URL")?;
        Duration::try_from_secs_f64(seconds).map_err(|error| format!("invalid seconds `{seconds}`: {error}"))
    }

    fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, String> {
        let mut pairs = self.query.rsplit('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.find(|(given, _)| *given == name).map(|(_, value)| value);
        let invalid = |value| format!("invalid {name} `{value}`: must be a number");
        value.map(|value| value.parse().map_err(|_| invalid(value))).transpose()
    }
}

fn state(service: &Service) -> Value {
    json!({
        "seconds": service.clock().now().as_secs_f64(),
        "requests": service.requests(),
        "open_connections": service.open_connections(),
    })
}
