//! Recordings of waits: what was read and when, to look at and to evaluate again.
//!
//! A recording is a text of JSON lines. Each wait begins with a [`RecordingHeader`]; a [`RecordedUpdate`] for each of its
//! updates follows. Each line names its wait, so that several waits may be written to one text, also at the same time. A
//! wait that another process continues repeats its header. A wait for several images is recorded as one wait for each image,
//! and may end with a line for all of them, the [`CombinedOutcome`](crate::monitor::CombinedOutcome).

use std::borrow::Cow;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::monitor::{Baseline, Policy, Update};
use crate::request::ImageRef;
use crate::timestamp;
use crate::version::Version;

/// The line that begins a recorded wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordingHeader {
    version: Version,
    record: Record,
    /// The name of the wait, which each of its updates repeats.
    pub wait: String,
    /// When the wait began.
    #[serde(with = "timestamp")]
    #[cfg_attr(feature = "schema", schemars(with = "timestamp::Schema"))]
    pub time: SystemTime,
    /// The image.
    pub image: ImageRef,
    /// The policy of the wait.
    pub policy: Policy,
    /// The status before the rollout; absent if the wait had none.
    pub baseline: Option<Baseline>,
}

/// What is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
enum Record {
    /// A wait.
    Wait,
}

impl RecordingHeader {
    /// Returns the header of a wait. The name `wait` distinguishes it from others in the same recording. `time` is cut
    /// to whole seconds, as it is written, so that the lines have the same times when a recording is read back.
    pub fn new(wait: String, time: SystemTime, image: ImageRef, policy: Policy, baseline: Option<Baseline>) -> Self {
        let time = timestamp::whole_seconds(time);
        Self { version: Version, record: Record::Wait, wait, time, image, policy, baseline }
    }

    /// Returns the line of an update of this wait.
    pub fn line<'a>(&'a self, update: &'a Update) -> RecordedUpdate<'a> {
        let time = self.time.checked_add(update.elapsed()).unwrap_or(self.time);
        RecordedUpdate { wait: Cow::Borrowed(&self.wait), time, update: Cow::Borrowed(update) }
    }
}

/// A line of a recorded wait after its header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordedUpdate<'a> {
    /// The name of the wait, as in its header.
    pub wait: Cow<'a, str>,
    /// When the update occurred.
    #[serde(with = "timestamp")]
    #[cfg_attr(feature = "schema", schemars(with = "timestamp::Schema"))]
    pub time: SystemTime,
    /// The update.
    #[serde(flatten)]
    pub update: Cow<'a, Update>,
}

/// The content of a recording.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recording {
    /// The waits, in the order in which they began.
    pub waits: Vec<RecordedWait>,
    /// A sentence about each line that is incomplete.
    pub warnings: Vec<String>,
}

/// A wait that was recorded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordedWait {
    /// Its header.
    pub header: RecordingHeader,
    /// Its updates in their order; the last is its outcome, unless it was interrupted or ended with an error.
    pub updates: Vec<RecordedUpdate<'static>>,
}

/// Why a text is not a recording.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidRecording(String);

/// Returns the waits of a recording. A last line that is incomplete is left out, with a warning: its wait was killed.
///
/// # Errors
/// [`InvalidRecording`] that names the line, if it is not one of a recording, or if there is no wait.
pub fn parse(text: &str) -> Result<Recording, InvalidRecording> {
    let (mut waits, mut warnings) = (Vec::<RecordedWait>::new(), Vec::new());
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).peekable();
    while let Some((number, line)) = lines.next() {
        let refuse = |problem: &dyn std::fmt::Display| InvalidRecording(format!("line {}: {problem}", number + 1));
        let has = |field: &str| serde_json::from_str::<Value>(line).is_ok_and(|line| line.get(field).is_some());
        if has("outcomes") {
            continue;
        }
        if has("record") {
            let header: RecordingHeader =
                serde_json::from_str(line).map_err(|error| refuse(&format!("invalid header: {error}")))?;
            // Each process that continues a wait repeats its header.
            if waits.iter().all(|wait| wait.header.wait != header.wait) {
                waits.push(RecordedWait { header, updates: Vec::new() });
            }
            continue;
        }
        let update = match serde_json::from_str::<RecordedUpdate<'static>>(line) {
            Ok(update) => update,
            // The line after an incomplete one begins a new wait.
            Err(error) if error.is_eof() && !waits.is_empty() && lines.peek().is_none_or(is_next_header) => {
                let number = number + 1;
                warnings.push(format!(
                    "line {number} is incomplete and was ignored: the process ended while it was writing the line"
                ));
                continue;
            }
            Err(error) => return Err(refuse(&format!("invalid update: {error}"))),
        };
        match waits.iter_mut().rev().find(|wait| wait.header.wait == update.wait) {
            Some(wait) => wait.updates.push(update),
            None => return Err(refuse(&format!("there is no header of the wait {:?} before it", update.wait))),
        }
    }
    match waits.is_empty() {
        true => Err(InvalidRecording("it has no recorded wait".to_owned())),
        false => Ok(Recording { waits, warnings }),
    }
}

fn is_next_header((_, line): &(usize, &str)) -> bool {
    serde_json::from_str::<Value>(line).is_ok_and(|line| line.get("record").is_some())
}
