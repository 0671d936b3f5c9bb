//! One image: its rollout or its scripted responses, and its faults.

use std::time::Duration;

use crate::http::Response;
use crate::recorded::Recorded;
use crate::rollout::Replicas;
use crate::scenario::{Fault, Reply, Scenario, When};

/// The state of one image.
#[derive(Debug)]
pub(crate) struct Image {
    rollout: Option<Replicas>,
    responses: Vec<Reply>,
    recorded: Option<Recorded>,
    /// The recorded reply to the request that has arrived.
    recorded_reply: Option<Reply>,
    faults: Vec<Fault>,
    requests: u64,
    has_been_read: bool,
    /// When the rollout was started, in simulated time.
    started: Option<Duration>,
}

impl Image {
    /// Returns an image of a valid scenario.
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self {
            rollout: Replicas::new(scenario).expect("the scenario is valid"),
            responses: scenario.responses.clone(),
            recorded: scenario.recording.clone().map(Recorded::new),
            recorded_reply: None,
            faults: scenario.faults.clone(),
            requests: 0,
            // A wait without a baseline was recorded from its first request on.
            has_been_read: scenario.recording.as_ref().is_some_and(|wait| wait.header.baseline.is_none()),
            started: None,
        }
    }

    /// Starts the rollout, if it has not started.
    pub(crate) fn start(&mut self, now: Duration) {
        self.started.get_or_insert(now);
    }

    /// Takes a request, which starts the rollout if a status was read before.
    pub(crate) fn arrive(&mut self, now: Duration, detail: bool) {
        self.requests += 1;
        if self.has_been_read {
            self.start(now);
        }
        let when = self.when(now).rollout;
        if let Some(rollout) = &mut self.rollout {
            rollout.advance(when);
        }
        let since_start = self.started.map(|_| when);
        self.recorded_reply = self.recorded.as_ref().map(|recorded| recorded.reply(since_start, detail));
    }

    /// Returns the scenario's fault for the request that has arrived.
    pub(crate) fn fault(&self, now: Duration) -> Option<&Reply> {
        let when = self.when(now);
        self.faults.iter().find(|fault| fault.applies(when)).map(|fault| &fault.reply)
    }

    /// Returns the scripted response whose turn it is.
    pub(crate) fn scripted(&self) -> Option<&Reply> {
        if let Some(reply) = &self.recorded_reply {
            return Some(reply);
        }
        let turn = usize::try_from(self.requests.saturating_sub(1)).unwrap_or(usize::MAX);
        self.responses.get(turn).or(self.responses.last())
    }

    /// Records that the reply to the request has no fault.
    pub(crate) fn note_reply(&mut self) {
        self.has_been_read |= self.scripted().is_none_or(|reply| matches!(reply, Reply::Response { status: 200, .. }));
    }

    /// Returns the status, as a well-formed response.
    pub(crate) fn status(&self, detail: bool) -> Response {
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

    fn when(&self, now: Duration) -> When {
        let rollout = self.started.map_or(Duration::ZERO, |started| now.saturating_sub(started));
        When { rollout, request: self.requests }
    }
}
