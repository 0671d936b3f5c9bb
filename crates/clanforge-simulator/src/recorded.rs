//! A recorded wait, whose readings are served as they were read.

use std::collections::BTreeMap;
use std::time::Duration;

use clanforge_core::monitor::{ReadFailure, Update};
use clanforge_core::recording::{RecordedUpdate, RecordedWait};
use clanforge_core::{ErrorKind, ImageStatus};

use crate::scenario::Reply;

/// The readings of a wait, by when they were read.
#[derive(Debug)]
pub(crate) struct Recorded {
    baseline: Option<ImageStatus>,
    readings: Vec<(Duration, Result<ImageStatus, ReadFailure>)>,
}

impl Recorded {
    pub(crate) fn new(wait: RecordedWait) -> Self {
        let readings = wait.updates.into_iter().filter_map(|RecordedUpdate { update, .. }| match update.into_owned() {
            Update::Reading(reading) => Some((reading.elapsed, Ok(reading.status))),
            Update::ReadFailed(failed) => Some((failed.elapsed, Err(failed.error))),
            _ => None,
        });
        let baseline = wait.header.baseline.map(|baseline| baseline.status().clone());
        Self { baseline, readings: readings.collect() }
    }

    /// Returns the reply at a time after the start of the rollout, or before it.
    pub(crate) fn reply(&self, since_start: Option<Duration>, detail: bool) -> Reply {
        let is_past = |at: &Duration| since_start.is_some_and(|now| *at <= now);
        let last = self.readings.iter().rev().find(|(at, _)| is_past(at)).map(|(_, reading)| reading);
        match (last, &self.baseline, self.readings.first()) {
            (Some(Ok(status)), _, _) | (None, Some(status), _) | (None, None, Some((_, Ok(status)))) => {
                response(200, &json(status, detail))
            }
            (Some(Err(failure)), _, _) | (None, None, Some((_, Err(failure)))) => failed(failure),
            (None, None, None) => response(503, ""),
        }
    }
}

fn json(status: &ImageStatus, detail: bool) -> String {
    let without = ImageStatus::new(status.counts());
    serde_json::to_string(if detail { status } else { &without }).expect("a status is always JSON")
}

/// Returns the reply that leads to the same error, as far as the recording tells.
fn failed(failure: &ReadFailure) -> Reply {
    match (failure.status, failure.kind) {
        (Some(200), _) | (None, ErrorKind::Decode) => Reply::MalformedJson,
        (Some(status), _) => match &failure.service_message {
            Some(message) => {
                let body = serde_json::json!({ "success": false, "error": true, "error_message": message });
                response(status, &body.to_string())
            }
            None => response(status, ""),
        },
        (None, _) => Reply::ResetBeforeResponse,
    }
}

fn response(status: u16, body: &str) -> Reply {
    Reply::Response { status, headers: BTreeMap::new(), body: body.to_owned() }
}
