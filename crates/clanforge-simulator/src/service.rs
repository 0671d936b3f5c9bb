//! What the service answers: credentials, address, detail, counts. No sockets here.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::fault::{Fault, When};
use crate::replicas::Replicas;
use crate::reply::{Answer, Reply, Step};
use crate::request::Request;
use crate::scenario::{InvalidScenario, Scenario};
use crate::server::{Identity, Options};
use crate::signature;

/// The service in one state of its rollout.
#[derive(Debug)]
pub(crate) struct Service {
    identity: Identity,
    rollout: Option<Replicas>,
    answers: Vec<Reply>,
    faults: Vec<Fault>,
    injected: VecDeque<Reply>,
    speed: f64,
    first_request: Option<Instant>,
    requests: u64,
    last_target: Option<String>,
}

impl Service {
    pub(crate) fn new(options: Options) -> Result<Self, InvalidScenario> {
        let Options { scenario, speed, identity, .. } = options;
        let rollout = Replicas::new(&scenario)?;
        let Scenario { answers, faults, .. } = scenario;
        Ok(Self {
            identity,
            rollout,
            answers,
            faults,
            injected: VecDeque::new(),
            speed,
            first_request: None,
            requests: 0,
            last_target: None,
        })
    }

    /// Returns what to do about a request that arrives now. The first one starts the rollout's clock.
    pub(crate) fn reply(&mut self, request: &Request) -> Vec<Step> {
        self.first_request.get_or_insert_with(Instant::now);
        self.requests += 1;
        self.last_target = Some(request.target.clone());
        let when = When { rollout: self.rollout_time(), request: self.requests };
        if let Some(rollout) = &mut self.rollout {
            rollout.advance(when.rollout);
        }
        let injected = self.injected.pop_front();
        let scheduled = || self.faults.iter().find(|fault| fault.applies(when)).map(|fault| &fault.reply);
        match injected.as_ref().or_else(scheduled) {
            Some(fault) => fault.steps(|| self.proper(request), || self.answer(request)),
            None => self.proper(request),
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

    /// Returns how far the rollout's time has come: zero until the first request.
    pub(crate) fn rollout_time(&self) -> Duration {
        let real = self.first_request.map_or(Duration::ZERO, |first| first.elapsed());
        Duration::try_from_secs_f64(real.as_secs_f64() * self.speed).unwrap_or(Duration::MAX)
    }

    /// Returns the steps of the reply that no fault spoils.
    fn proper(&self, request: &Request) -> Vec<Step> {
        match (self.refuse(request), self.scripted()) {
            (Ok(_), Some(reply)) => reply.steps(|| self.answer(request).steps(), || self.answer(request)),
            (Ok(_), None) | (Err(_), _) => self.answer(request).steps(),
        }
    }

    /// Returns the proper answer to a request.
    fn answer(&self, request: &Request) -> Answer {
        let detail = match self.refuse(request) {
            Ok(detail) => detail,
            Err(refusal) => return refusal,
        };
        match (&self.rollout, self.scripted()) {
            (Some(rollout), _) => {
                let body = serde_json::to_vec(&rollout.status(detail)).expect("a status is always JSON");
                Answer::json(200, body)
            }
            (None, Some(Reply::Answer { status, headers, body })) => {
                Answer { status: *status, headers: headers.clone(), body: body.clone().into() }
            }
            (None, _) => Answer::json(200, r#"{"pending_machines":0,"failed_machines":0,"completed_machines":0}"#),
        }
    }

    /// Returns the answer whose turn it is, where they are given word for word.
    fn scripted(&self) -> Option<&Reply> {
        let turn = usize::try_from(self.requests.saturating_sub(1)).unwrap_or(usize::MAX);
        self.answers.get(turn).or(self.answers.last())
    }

    /// Returns whether detail is asked for.
    ///
    /// # Errors
    /// The answer to a request that has no right to one, or that makes no sense.
    fn refuse(&self, request: &Request) -> Result<bool, Answer> {
        if request.method != "GET" {
            return Err(envelope(405, 5, "only GET is allowed here"));
        }
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let Some((account_service_id, image_id)) = parse_path(path) else {
            return Err(envelope(404, 4, "there is nothing here"));
        };
        if !self.identity.accepts(request) {
            return Err(envelope(401, 2, "the credentials are missing or wrong"));
        }
        if self.identity.account_service_id.is_some_and(|known| known != account_service_id) {
            return Err(envelope(403, 3, "the credentials have no access to this account service"));
        }
        if self.identity.image_id.is_some_and(|known| known != image_id) {
            return Err(envelope(404, 4, "the account service has no such image"));
        }
        match query.split('&').rev().find_map(|pair| pair.strip_prefix("detail=")) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(envelope(400, 6, "detail is true or false")),
        }
    }
}

impl Identity {
    fn accepts(&self, request: &Request) -> bool {
        let pair = STANDARD.encode(format!("{}:{}", self.access_key, self.secret_key));
        match request.header("authorization").and_then(|text| text.split_once(' ')) {
            Some((scheme, proof)) if scheme.eq_ignore_ascii_case("basic") => proof.trim() == pair,
            Some((scheme, proof)) if scheme.eq_ignore_ascii_case("bearer") => proof.trim() == self.token,
            Some(("AWS4-HMAC-SHA256", proof)) => {
                signature::is_valid(proof, request, &self.access_key, &self.secret_key)
            }
            _ => false,
        }
    }
}

/// Returns account service ID and image ID of `/cfp/v2/project/{accountserviceid}/image/{imageid}/status`.
fn parse_path(path: &str) -> Option<(u64, u64)> {
    let (account_service_id, rest) = path.strip_prefix("/cfp/v2/project/")?.split_once("/image/")?;
    let image_id = rest.strip_suffix("/status")?;
    Some((account_service_id.parse().ok()?, image_id.parse().ok()?))
}

/// Returns a refusal in the older API's envelope: how this endpoint refuses is not documented.
fn envelope(status: u16, code: u16, message: &str) -> Answer {
    let body = serde_json::json!({
        "success": false, "error": true, "error_code": code, "error_message": message, "messages": [], "_debug": [],
    });
    Answer::json(status, body.to_string())
}
