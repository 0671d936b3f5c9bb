//! Decides how each request is replied to: credentials, URL, detail, counts, faults. No sockets here.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::http::{Action, Request, Response};
use crate::identity::Identity;
use crate::rollout::Replicas;
use crate::scenario::{Fault, InvalidScenario, Reply, Scenario, When};

/// The service in one state of its rollout.
#[derive(Debug)]
pub(crate) struct Service {
    identity: Identity,
    rollout: Option<Replicas>,
    responses: Vec<Reply>,
    faults: Vec<Fault>,
    injected: VecDeque<Reply>,
    speed: f64,
    first_request: Option<Instant>,
    requests: u64,
    last_target: Option<String>,
}

impl Service {
    pub(crate) fn new(scenario: Scenario, speed: f64, identity: Identity) -> Result<Self, InvalidScenario> {
        let rollout = Replicas::new(&scenario)?;
        let Scenario { responses, faults, .. } = scenario;
        Ok(Self {
            identity,
            rollout,
            responses,
            faults,
            injected: VecDeque::new(),
            speed,
            first_request: None,
            requests: 0,
            last_target: None,
        })
    }

    /// Returns the reply to a request that arrives now. The first request starts the rollout's clock.
    pub(crate) fn reply(&mut self, request: &Request) -> Vec<Action> {
        let now = Instant::now();
        self.first_request.get_or_insert(now);
        self.requests += 1;
        self.last_target = Some(request.target.clone());
        let when = When { rollout: self.rollout_time_at(now), request: self.requests };
        if let Some(rollout) = &mut self.rollout {
            rollout.advance(when.rollout);
        }
        let injected = self.injected.pop_front();
        let scheduled = || self.faults.iter().find(|fault| fault.applies(when)).map(|fault| &fault.reply);
        match injected.as_ref().or_else(scheduled) {
            Some(fault) => fault.actions(|| self.without_fault(request), || self.response(request)),
            None => self.without_fault(request),
        }
    }

    pub(crate) fn inject(&mut self, reply: Reply, times: usize) {
        self.injected.extend(std::iter::repeat_n(reply, times));
    }

    pub(crate) const fn requests(&self) -> u64 {
        self.requests
    }

    pub(crate) fn last_target(&self) -> Option<String> {
        self.last_target.clone()
    }

    /// Returns the time since the start of the rollout, in its own time: zero until the first request.
    pub(crate) fn rollout_time(&self) -> Duration {
        self.rollout_time_at(Instant::now())
    }

    fn rollout_time_at(&self, now: Instant) -> Duration {
        let real = self.first_request.map_or(Duration::ZERO, |first| now.saturating_duration_since(first));
        Duration::try_from_secs_f64(real.as_secs_f64() * self.speed).unwrap_or(Duration::MAX)
    }

    /// Returns the reply without faults.
    fn without_fault(&self, request: &Request) -> Vec<Action> {
        match (self.refuse(request), self.scripted()) {
            (Ok(_), Some(reply)) => reply.actions(|| self.response(request).actions(), || self.response(request)),
            (Ok(_), None) | (Err(_), _) => self.response(request).actions(),
        }
    }

    /// Returns the well-formed response to a request.
    fn response(&self, request: &Request) -> Response {
        let detail = match self.refuse(request) {
            Ok(detail) => detail,
            Err(refusal) => return refusal,
        };
        match (&self.rollout, self.scripted()) {
            (Some(rollout), _) => {
                let body = serde_json::to_vec(&rollout.status(detail)).expect("a status is always JSON");
                Response::json(200, body)
            }
            (None, Some(Reply::Response { status, headers, body })) => {
                Response { status: *status, headers: headers.clone(), body: body.clone().into() }
            }
            (None, _) => Response::json(200, r#"{"pending_machines":0,"failed_machines":0,"completed_machines":0}"#),
        }
    }

    /// Returns the scripted response whose turn it is.
    fn scripted(&self) -> Option<&Reply> {
        let turn = usize::try_from(self.requests.saturating_sub(1)).unwrap_or(usize::MAX);
        self.responses.get(turn).or(self.responses.last())
    }

    /// Returns whether detail is asked for.
    ///
    /// # Errors
    /// The response to a request that is invalid or not allowed.
    fn refuse(&self, request: &Request) -> Result<bool, Response> {
        if request.method != "GET" {
            return Err(api_error(405, 5, "only GET is allowed here"));
        }
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let Some((account_service_id, image_id)) = parse_path(path) else {
            return Err(api_error(404, 4, "there is nothing at this path"));
        };
        if !self.identity.authenticates(request) {
            return Err(api_error(401, 2, "the credentials are missing or wrong"));
        }
        if self.identity.account_service_id.is_some_and(|known| known != account_service_id) {
            return Err(api_error(403, 3, "the credentials have no access to this account service"));
        }
        if self.identity.image_id.is_some_and(|known| known != image_id) {
            return Err(api_error(404, 4, "the account service has no such image"));
        }
        match query.split('&').rev().find_map(|pair| pair.strip_prefix("detail=")) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(api_error(400, 6, "detail must be true or false")),
        }
    }
}

/// Returns account service ID and image ID of `/cfp/v2/project/{accountserviceid}/image/{imageid}/status`.
fn parse_path(path: &str) -> Option<(u64, u64)> {
    let (account_service_id, rest) = path.strip_prefix("/cfp/v2/project/")?.split_once("/image/")?;
    let image_id = rest.strip_suffix("/status")?;
    Some((account_service_id.parse().ok()?, image_id.parse().ok()?))
}

/// Returns an error in the envelope of the older API: how this endpoint reports errors is not documented.
fn api_error(status: u16, code: u16, message: &str) -> Response {
    let body = serde_json::json!({
        "success": false, "error": true, "error_code": code, "error_message": message, "messages": [], "_debug": [],
    });
    Response::json(status, body.to_string())
}
