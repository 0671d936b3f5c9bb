//! The gate, the policy and the monitor, which take and return JSON.

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use clanforge::core::recording;
use clanforge::core::report::{self, Report, ReportFormat};
use clanforge::core::timestamp;
use clanforge::monitor::{self, Baseline, CombinedOutcome, Next, NotAllReady, Policy, ReadFailure, Reading, Update};
use clanforge::{Gate, ImageRef, ImageStatus, MachineCounts};
use serde::de::DeserializeOwned;

use crate::error::BindingError;
use crate::settings::duration;
use crate::{json, lock};

/// A baseline: the image, its status before the rollout, and when it was taken, as in RFC 3339.
pub type BaselineParts = (ImageRef, Arc<ImageStatus>, Option<String>);

/// An update in the form that crosses the FFI boundary.
pub struct EncodedUpdate {
    /// The JSON of the update, with an empty status.
    pub json: String,
    /// The status, if the update has one.
    pub status: Option<Arc<ImageStatus>>,
}

/// How a wait for several images ended, in the form that crosses the FFI boundary.
pub struct EncodedCombinedOutcome {
    /// The JSON of the outcome, in which the status of each image is empty.
    pub json: String,
    /// The status of each image, if it has one.
    pub statuses: Vec<Option<Arc<ImageStatus>>>,
}

/// The result of a reading.
pub struct Step {
    /// The update.
    pub update: EncodedUpdate,
    /// Seconds until the next reading; `None` if the wait has ended.
    pub next_reading_seconds: Option<f64>,
    /// The outcome, if the wait has one.
    pub outcome: Option<EncodedUpdate>,
}

/// The monitor of a wait: decides from readings, and does no I/O.
pub struct Monitor(Mutex<monitor::Monitor>);

impl Monitor {
    /// Returns a monitor for an image, with a policy in JSON.
    ///
    /// # Errors
    /// `configuration` if the policy is invalid, or the baseline does not match the image.
    pub fn new(image: ImageRef, policy: &str, before: Option<BaselineParts>) -> Result<Self, BindingError> {
        let before = before.map(baseline).transpose()?;
        let monitor = monitor::Monitor::new(image, parse_policy(policy)?, before.as_ref());
        Ok(Self(Mutex::new(monitor.map_err(BindingError::configuration)?)))
    }

    /// Returns a monitor that continues from a snapshot in JSON.
    ///
    /// # Errors
    /// `configuration` if the JSON is not a snapshot, or its parts contradict each other.
    pub fn restore(snapshot: &str) -> Result<Self, BindingError> {
        let monitor = monitor::Monitor::restore(parse_own(snapshot, "snapshot")?);
        Ok(Self(Mutex::new(monitor.map_err(BindingError::configuration)?)))
    }

    /// Returns the monitor as it is now, in JSON.
    pub fn snapshot(&self) -> String {
        json(&lock(&self.0).snapshot())
    }

    /// Whether the gate needs the counts of each fleet and region.
    pub fn needs_detail(&self) -> bool {
        lock(&self.0).needs_detail()
    }

    /// Whether there is evidence that the counts describe the new version.
    pub fn has_started(&self) -> bool {
        lock(&self.0).has_started()
    }

    /// Processes a status that was received `elapsed` seconds after the start of the wait, when it was `age` seconds old.
    ///
    /// # Errors
    /// `configuration` if `elapsed` or `age` is not a valid duration.
    pub fn observe_status(&self, elapsed: f64, status: &ImageStatus, age: f64) -> Result<Step, BindingError> {
        let age = duration("age", age)?;
        self.observe(elapsed, Reading::Cached { status: status.clone(), age })
    }

    /// Processes a failed reading, in JSON.
    ///
    /// # Errors
    /// `configuration` if the JSON or `elapsed` is invalid.
    pub fn observe_failure(&self, elapsed: f64, failure: &str) -> Result<Step, BindingError> {
        let invalid = |problem| BindingError::configuration(format!("invalid read failure: {problem}"));
        let failure: ReadFailure = serde_json::from_str(failure).map_err(invalid)?;
        self.observe(elapsed, Reading::Failed(failure))
    }

    fn observe(&self, elapsed: f64, reading: Reading) -> Result<Step, BindingError> {
        let elapsed = duration("elapsed", elapsed)?;
        let step = lock(&self.0).observe(elapsed, reading);
        let update = encode_update(step.update);
        Ok(match step.next {
            Next::Read { after, .. } => Step { update, next_reading_seconds: Some(after.as_secs_f64()), outcome: None },
            Next::Finished(outcome) => {
                Step { update, next_reading_seconds: None, outcome: Some(encode_update(Update::Outcome(*outcome))) }
            }
            Next::GiveUp => Step { update, next_reading_seconds: None, outcome: None },
        })
    }
}

/// Checks a gate in JSON, and returns it with every field.
///
/// # Errors
/// `configuration` if the gate is invalid.
pub fn check_gate(text: &str) -> Result<String, BindingError> {
    parse_gate(text).map(|gate| json(&gate))
}

/// Whether a gate in JSON needs the counts of each fleet and region.
///
/// # Errors
/// `configuration` if the gate is invalid.
pub fn gate_needs_detail(text: &str) -> Result<bool, BindingError> {
    Ok(parse_gate(text)?.needs_detail())
}

/// Evaluates a gate in JSON on a status, and returns the verdict in JSON.
///
/// # Errors
/// `configuration` if the gate is invalid.
pub fn evaluate(text: &str, status: &ImageStatus) -> Result<String, BindingError> {
    Ok(json(&parse_gate(text)?.evaluate(status)))
}

/// Returns which images of a combined outcome in JSON are not ready, and why.
///
/// # Errors
/// `configuration` if the JSON is not a combined outcome.
pub fn not_all_ready(combined: &str) -> Result<String, BindingError> {
    Ok(NotAllReady(Box::new(parse_own(combined, "combined outcome")?)).to_string())
}

/// Returns the report of a recording, in the format with this name.
///
/// # Errors
/// `configuration` if the text is not a recording, or there is no such format.
pub fn report(text: &str, format: &str) -> Result<String, BindingError> {
    let named = ReportFormat::from_name(format);
    let format = named.ok_or_else(|| {
        let formats = ReportFormat::ALL.map(ReportFormat::as_str).join(", ");
        BindingError::configuration(format!("invalid format {format:?}: expected one of {formats}"))
    })?;
    let recording = recording::parse(text).map_err(BindingError::configuration)?;
    Ok(report::render(&recording.waits.iter().map(Report::from).collect::<Vec<_>>(), format))
}

/// Returns HTML for an outcome in JSON, as a part of a page, for notebooks.
///
/// # Errors
/// `configuration` if the JSON is not an outcome.
pub fn outcome_html(outcome: &str) -> Result<String, BindingError> {
    Ok(report::outcome_html(&parse_own(outcome, "outcome")?))
}

/// Returns the waits of a recording and the warnings about it, as JSON.
///
/// # Errors
/// `configuration` if the text is not a recording.
pub fn parse_recording(text: &str) -> Result<String, BindingError> {
    recording::parse(text).map(|recording| json(&recording)).map_err(BindingError::configuration)
}

/// Checks a policy in JSON, and returns it with every field.
///
/// # Errors
/// `configuration` if the policy is invalid.
pub fn check_policy(text: &str) -> Result<String, BindingError> {
    parse_policy(text).map(|policy| json(&policy))
}

pub(crate) fn parse_policy(text: &str) -> Result<Policy, BindingError> {
    let policy: Policy = parse(text, "policy")?;
    policy.validate().map_err(BindingError::configuration)?;
    Ok(policy)
}

/// Parses options in JSON. An error names the option and does not mention JSON, which the user did not write.
fn parse<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, BindingError> {
    let read = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text));
    read.map_err(|error| {
        let path = error.path().to_string();
        let option = if path == "." { what.to_owned() } else { format!("`{path}`") };
        invalid(&option, &error.into_inner())
    })
}

/// Parses JSON that the package wrote. Errors have no path: tracking it for these types would add 0.3 MB of code.
pub(crate) fn parse_own<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, BindingError> {
    serde_json::from_str(text).map_err(|error| invalid(what, &error))
}

fn invalid(what: &str, error: &serde_json::Error) -> BindingError {
    let problem = error.to_string();
    let problem = problem.rsplit_once(" at line ").map_or(problem.as_str(), |(problem, _)| problem);
    BindingError::configuration(format!("invalid {what}: {problem}"))
}

/// Returns a baseline from its parts.
///
/// # Errors
/// `configuration` if the time at which it was taken is invalid.
pub fn baseline((image, status, taken_at): BaselineParts) -> Result<Baseline, BindingError> {
    let baseline = Baseline::new(image, Arc::unwrap_or_clone(status));
    let Some(taken_at) = taken_at else { return Ok(baseline) };
    let time = timestamp::parse(&taken_at).map_err(BindingError::configuration)?;
    Ok(baseline.with_taken_at(time))
}

/// Returns the parts of a baseline.
pub fn baseline_parts(baseline: &Baseline) -> BaselineParts {
    (baseline.image(), Arc::new(baseline.status().clone()), baseline.taken_at().map(timestamp::text))
}

/// Returns the current time in RFC 3339 format, for a baseline.
pub fn now() -> String {
    timestamp::text(SystemTime::now())
}

/// Returns an update as JSON without its status, and the status, which crosses the FFI boundary as a handle.
pub(crate) fn encode_update(mut update: Update) -> EncodedUpdate {
    let status = match &mut update {
        Update::Reading(reading) => {
            Some(std::mem::replace(&mut reading.status, ImageStatus::new(MachineCounts::default())))
        }
        Update::Outcome(outcome) => outcome.status.take(),
        _ => None,
    };
    EncodedUpdate { json: json(&update), status: status.map(Arc::new) }
}

pub(crate) fn encode_combined_outcome(mut combined: CombinedOutcome) -> EncodedCombinedOutcome {
    let outcomes = combined.outcomes.iter_mut();
    let statuses = outcomes.map(|image| image.outcome.as_mut()?.status.take().map(Arc::new)).collect();
    EncodedCombinedOutcome { json: json(&combined), statuses }
}

fn parse_gate(text: &str) -> Result<Gate, BindingError> {
    parse(text, "gate")
}
