//! One image: its rollout or its scripted responses, and its faults.

use std::time::Duration;

use crate::http::Response;
use crate::rollout::Replicas;
use crate::scenario::{Fault, Reply, Scenario, When};

/// The state of one image.
#[derive(Debug)]
pub(crate) struct Image {
    rollout: Option<Replicas>,
    responses: Vec<Reply>,
    faults: Vec<Fault>,
    requests: u64,
    has_been_read: bool,
    /// When the rollout was started, by the clock of the simulation.
    started: Option<Duration>,
}

impl Image {
    /// Returns an image of a valid scenario.
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self {
            rollout: Replicas::new(scenario).expect("the scenario is valid"),
            responses: scenario.responses.clone(),
            faults: scenario.faults.clone(),
            requests: 0,
            has_been_read: false,
            started: None,
        }
    }

    /// Starts the rollout, if it has not started.
    pub(crate) fn start(&mut self, now: Duration) {
        self.started.get_or_insert(now);
    }

    /// Takes a request, which starts the rollout if a status was read before.
    pub(crate) fn arrive(&mut self, now: Duration) {
        self.requests += 1;
        if self.has_been_read {
            self.start(now);
        }
        let when = self.when(now).rollout;
        if let Some(rollout) = &mut self.rollout {
            rollout.advance(when);
        }
    }

    /// Returns the scenario's fault for the request that has arrived.
    pub(crate) fn fault(&self, now: Duration) -> Option<&Reply> {
        let when = self.when(now);
        self.faults.iter().find(|fault| fault.applies(when)).map(|fault| &fault.reply)
    }

    /// Returns the scripted response whose turn it is.
    pub(crate) fn scripted(&self) -> Option<&Reply> {
        let turn = usize::try_from(self.requests.saturating_sub(1)).unwrap_or(usize::MAX);
        self.responses.get(turn).or(self.responses.last())
    }

    /// Notes that the status was read.
    pub(crate) const fn note_reading(&mut self) {
        self.has_been_read = true;
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
