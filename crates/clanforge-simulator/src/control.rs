//! The simulation's own endpoints, by which tests control it: below `/simulation`, without credentials.
//!
//! | Request | What it does |
//! | --- | --- |
//! | `GET /simulation` | returns the time and the number of requests |
//! | `GET /simulation/requests` | returns the last 1,000 requests |
//! | `POST /simulation/start-rollout?image=N` | starts the rollout of an image; of every image without the parameter |
//! | `POST /simulation/advance?seconds=N` | moves the clock on |
//! | `POST /simulation/fail-next?count=N&status=N` | replies to the next requests with an error; defaults to one, and to 503 |
//! | `POST /simulation/outage?seconds=N` | resets all connections for this long |
//! | `POST /simulation/sleep?seconds=N` | pauses a wait until its connection closes: the clock skips to the end of the first pause when every connection that has paused is paused |

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
    let endpoint = request.path().strip_prefix(PATH)?;
    let response = match endpoint.strip_prefix('/') {
        None if !endpoint.is_empty() => return None,
        endpoint => respond(service, session, request, endpoint.unwrap_or_default()).await,
    };
    Some(response.unwrap_or_else(|problem| Response::json(400, json!({ "error": problem }).to_string())).actions())
}

async fn respond(
    service: &Mutex<Service>,
    session: &Session,
    request: &Request,
    endpoint: &str,
) -> Result<Response, String> {
    let seconds = || required(request, "seconds").and_then(duration);
    match (request.method.as_str(), endpoint) {
        ("GET", "") => {}
        ("GET", "requests") => return Ok(ok(&json!(lock(service).received()))),
        ("POST", "start-rollout") => lock(service).start_rollout(optional(request, "image")?),
        ("POST", "advance") => drop(lock(service).clock().advance(seconds()?)),
        ("POST", "outage") => lock(service).fail_for(seconds()?),
        ("POST", "fail-next") => {
            let status = optional(request, "status")?.unwrap_or(503);
            let reply = Reply::Response { status, headers: BTreeMap::new(), body: String::new() };
            reply.validate().map_err(|error| error.to_string())?;
            lock(service).inject(reply, optional(request, "count")?.unwrap_or(1));
        }
        ("POST", "sleep") => drop(session.sleep(seconds()?).await),
        (method, _) => return Err(format!("there is no {method} {}", request.path())),
    }
    let service = lock(service);
    Ok(ok(&json!({ "seconds": service.clock().now().as_secs_f64(), "requests": service.requests() })))
}

fn ok(body: &Value) -> Response {
    Response::json(200, body.to_string())
}

fn required(request: &Request, name: &str) -> Result<f64, String> {
    optional(request, name)?.ok_or_else(|| format!("`{name}` is missing: add ?{name}=60 to the URL"))
}

fn optional<T: FromStr>(request: &Request, name: &str) -> Result<Option<T>, String> {
    let invalid = |value| format!("invalid {name} `{value}`: must be a number");
    request.parameter(name).map(|value| value.parse().map_err(|_| invalid(value))).transpose()
}

fn duration(seconds: f64) -> Result<Duration, String> {
    Duration::try_from_secs_f64(seconds).map_err(|error| format!("invalid seconds `{seconds}`: {error}"))
}
