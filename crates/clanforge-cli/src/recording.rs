//! Recorded waits: what was read and when, so that it can be decided again.
//!
//! A file of lines of JSON. A line with `record` begins a wait: its image, policy and baseline. The lines after it are
//! the wait's updates. A wait that is recorded into a file that exists is added to it.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use clanforge::ImageRef;
use clanforge::monitor::{Baseline, Policy, Update};
use serde::{Deserialize, Serialize};

use crate::exit::Failure;

/// How a recorded wait began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Beginning {
    record: Kind,
    pub(crate) image: ImageRef,
    pub(crate) policy: Policy,
    pub(crate) baseline: Option<Baseline>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Wait,
}

impl Beginning {
    pub(crate) const fn new(image: ImageRef, policy: Policy, baseline: Option<Baseline>) -> Self {
        Self { record: Kind::Wait, image, policy, baseline }
    }
}

/// A file that a wait is recorded into.
pub(crate) struct Recorder(File);

impl Recorder {
    pub(crate) fn open(file: &Path, beginning: &Beginning) -> Result<Self, Failure> {
        let opened = OpenOptions::new().create(true).append(true).open(file);
        let opened =
            opened.map_err(|error| Failure::usage(format!("{} cannot be written: {error}", file.display())))?;
        let mut recorder = Self(opened);
        recorder.write(beginning)?;
        Ok(recorder)
    }

    /// Adds a line, whole or not at all as far as the system allows.
    pub(crate) fn write(&mut self, line: &impl Serialize) -> Result<(), Failure> {
        let mut text = serde_json::to_vec(line).map_err(std::io::Error::from)?;
        text.push(b'\n');
        Ok(self.0.write_all(&text)?)
    }
}

/// A recorded wait.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) beginning: Beginning,
    pub(crate) updates: Vec<Update>,
}

/// Returns the waits that a file holds, in their order.
pub(crate) fn read(file: &Path) -> Result<Vec<Recording>, Failure> {
    let name = file.display();
    let opened = File::open(file).map_err(|error| Failure::usage(format!("{name} cannot be read: {error}")))?;
    let mut recordings: Vec<Recording> = Vec::new();
    for (number, line) in BufReader::new(opened).lines().enumerate() {
        let refuse = |problem: String| Failure::usage(format!("{name}, line {}: {problem}", number + 1));
        let line = line.map_err(|error| refuse(error.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        if let Ok(beginning) = serde_json::from_str(&line) {
            recordings.push(Recording { beginning, updates: Vec::new() });
            continue;
        }
        let update: Update = serde_json::from_str(&line).map_err(|error| refuse(format!("no update: {error}")))?;
        let recording = recordings.last_mut().ok_or_else(|| refuse("an update before the beginning".to_owned()))?;
        recording.updates.push(update);
    }
    match recordings.is_empty() {
        true => Err(Failure::usage(format!(
            "{name} holds no recorded wait: record one with clanforge wait --record {name}"
        ))),
        false => Ok(recordings),
    }
}
