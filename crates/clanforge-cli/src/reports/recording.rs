//! Recorded waits: what was read and when, so that it can be decided again.
//!
//! A file of lines of JSON. A line with `record` begins a wait: its image, policy and baseline. The lines after it are
//! the wait's updates. A wait that is recorded into a file that exists is added to it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use clanforge::ImageRef;
use clanforge::monitor::{Baseline, Policy, Update};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
        let refuse = |error: io::Error| Failure::usage(format!("{} cannot be written: {error}", file.display()));
        let mut opened = OpenOptions::new().create(true).read(true).append(true).open(file).map_err(refuse)?;
        if !ends_with_a_line(&mut opened).map_err(refuse)? {
            // A wait that was killed may have left half a line.
            opened.write_all(b"\n").map_err(refuse)?;
        }
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

fn ends_with_a_line(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
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
    // A wait that was killed may have left half a line, which is its last.
    let mut broken = None;
    for (number, line) in BufReader::new(opened).lines().enumerate() {
        let refuse = |problem: String| Failure::usage(format!("{name}, line {}: {problem}", number + 1));
        let line = line.map_err(|error| refuse(error.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        let is_beginning = serde_json::from_str::<Value>(&line).is_ok_and(|line| line.get("record").is_some());
        if is_beginning {
            let beginning = serde_json::from_str(&line).map_err(|error| refuse(format!("no beginning: {error}")))?;
            recordings.push(Recording { beginning, updates: Vec::new() });
            broken = None;
            continue;
        }
        if let Some(failure) = broken.take() {
            return Err(failure);
        }
        match (serde_json::from_str(&line), recordings.last_mut()) {
            (Ok(update), Some(recording)) => recording.updates.push(update),
            (Ok(_), None) => return Err(refuse("an update before the beginning".to_owned())),
            (Err(error), None) => return Err(refuse(format!("no update: {error}"))),
            (Err(error), Some(_)) => broken = Some(refuse(format!("no update: {error}"))),
        }
    }
    match recordings.is_empty() {
        true => Err(Failure::usage(format!(
            "{name} holds no recorded wait: record one with clanforge wait --record {name}"
        ))),
        false => Ok(recordings),
    }
}
