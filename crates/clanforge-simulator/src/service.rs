//! Decides how each request is replied to: credentials, URL, detail, counts, faults. No sockets here.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;

use crate::clock::Clock;
use crate::http::{Action, Request, Response};
use crate::identity::Identity;
use crate::image::Image;
use crate::scenario::{InvalidScenario, Reply, Scenario};

/// How many of the last requests are kept.
const MAX_RECEIVED: usize = 1000;

/// The number of connections of clients.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    pub(crate) opened: AtomicU64,
    pub(crate) open: AtomicU64,
}

/// The images and their rollouts, as the service knows them.
#[derive(Debug)]
pub(crate) struct Service {
    clock: Arc<Clock>,
    identity: Identity,
    scenario: Scenario,
    /// The scenarios of single images, by image ID.
    scenarios: BTreeMap<u64, Scenario>,
    /// The images that were requested, by account service ID and image ID; requests for no image are those of `(0, 0)`.
    images: BTreeMap<(u64, u64), Image>,
    /// When the rollout of an image was started, or of every image, unless requests had started it before.
    starts: BTreeMap<Option<u64>, Duration>,
    /// Replies to the next requests, each with how many it is for.
    injected: VecDeque<(Reply, u64)>,
    /// Until when no request is served.
    outage_until: Duration,
    requests: u64,
    connections: Arc<Connections>,
    received: VecDeque<ReceivedRequest>,
}

/// A request that a simulator has received.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReceivedRequest {
    /// When it arrived, in seconds of simulated time.
    pub seconds: f64,
    /// Its method.
    pub method: String,
    /// Its path and query.
    pub target: String,
}

impl Service {
    pub(crate) fn new(
        clock: Arc<Clock>,
        scenario: Scenario,
        scenarios: BTreeMap<u64, Scenario>,
        identity: Identity,
        connections: Arc<Connections>,
    ) -> Result<Self, InvalidScenario> {
        scenarios.values().chain([&scenario]).try_for_each(Scenario::validate)?;
        Ok(Self {
            clock,
            identity,
            scenario,
            scenarios,
            images: BTreeMap::new(),
            starts: BTreeMap::new(),
            injected: VecDeque::new(),
            outage_until: Duration::ZERO,
            requests: 0,
            connections,
            received: VecDeque::new(),
        })
    }

    /// Returns the reply to a request that arrives now.
    pub(crate) fn reply(&mut self, request: &Request) -> Vec<Action> {
        let now = self.clock.now();
        self.note(request, now);
        let refusal = self.refuse(request);
        let injected = self.next_injected();
        let outage = (now < self.outage_until).then_some(Reply::ResetBeforeResponse);
        let (account_service_id, image_id) = parse_path(request.path()).unwrap_or_default();
        let started = self.starts.get(&Some(image_id)).or_else(|| self.starts.get(&None));
        let scenario = self.scenarios.get(&image_id).unwrap_or(&self.scenario);
        let image = self.images.entry((account_service_id, image_id)).or_insert_with(|| Image::new(scenario));
        if let Some(started) = started {
            image.start(*started);
        }
        image.arrive(now, matches!(refusal, Ok(true)));
        let response = || match &refusal {
            Ok(detail) => image.status(*detail),
            Err(refusal) => refusal.clone(),
        };
        let without_fault = || match (&refusal, image.scripted()) {
            (Ok(_), Some(reply)) => reply.actions(|| response().actions(), response),
            (Ok(_), None) | (Err(_), _) => response().actions(),
        };
        let fault = injected.as_ref().or(outage.as_ref()).or_else(|| image.fault(now));
        let actions = match fault {
            Some(fault) => fault.actions(without_fault, response),
            None => without_fault(),
        };
        if fault.is_none() && refusal.is_ok() {
            image.note_reply();
        }
        actions
    }

    /// Replies to the next `times` requests with `reply`.
    pub(crate) fn inject(&mut self, reply: Reply, times: u64) {
        self.injected.push_back((reply, times));
    }

    /// Resets every connection for this long from now on, in simulated time.
    pub(crate) fn fail_for(&mut self, duration: Duration) {
        self.outage_until = self.clock.take_control().saturating_add(duration);
    }

    /// Starts the rollout of an image now, or of every image; a rollout that has started is left alone.
    pub(crate) fn start_rollout(&mut self, image_id: Option<u64>) {
        let now = self.clock.take_control();
        self.starts.entry(image_id).or_insert(now);
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Returns the number of connections that are open now.
    pub(crate) fn open_connections(&self) -> u64 {
        self.connections.open.load(Ordering::SeqCst)
    }

    /// Returns the number of requests so far.
    pub(crate) const fn requests(&self) -> u64 {
        self.requests
    }

    /// Returns the last requests, the oldest first.
    pub(crate) fn received(&self) -> Vec<ReceivedRequest> {
        self.received.iter().cloned().collect()
    }

    fn next_injected(&mut self) -> Option<Reply> {
        while self.injected.front().is_some_and(|(_, left)| *left == 0) {
            self.injected.pop_front();
        }
        let (reply, left) = self.injected.front_mut()?;
        *left -= 1;
        Some(reply.clone())
    }

    fn note(&mut self, request: &Request, now: Duration) {
        self.requests += 1;
        if self.received.len() == MAX_RECEIVED {
            self.received.pop_front();
        }
        let Request { method, target, .. } = request.clone();
        self.received.push_back(ReceivedRequest { seconds: now.as_secs_f64(), method, target });
    }

    /// Returns whether the request asks for detail.
    ///
    /// # Errors
    /// The response to a request that is invalid or not allowed.
    fn refuse(&self, request: &Request) -> Result<bool, Response> {
        if request.method != "GET" {
            return Err(api_error(405, 5, "only GET is allowed here"));
        }
        let Some((account_service_id, image_id)) = parse_path(request.path()) else {
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
        match request.parameter("detail") {
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

/// Returns the service, even if a thread panicked while it held the lock: that leaves no change half done.
pub(crate) fn lock(service: &Mutex<Service>) -> MutexGuard<'_, Service> {
    service.lock().unwrap_or_else(PoisonError::into_inner)
}
