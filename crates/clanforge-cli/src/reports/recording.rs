//! Recordings of waits: what was read and when, so that `replay` can evaluate it again.
//!
//! A recording is a file of JSON lines. A line with `record` is the header of a wait: its image, policy and baseline. The
//! updates of the wait follow. `wait --record` appends to a file that exists.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use clanforge::core::documents::RecordingHeader;
use clanforge::monitor::Update;
use clanforge_simulator::text_file;
use serde::Serialize;
use serde_json::Value;

use crate::failure::Failure;

/// Appends a wait to a file.
pub(crate) struct Recorder {
    file: File,
    path: PathBuf,
}

impl Recorder {
    pub(crate) fn open(path: &Path, header: &RecordingHeader) -> Result<Self, Failure> {
        let refuse = |error: io::Error| Failure::usage(format!("could not write {}: {error}", path.display()));
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path).map_err(refuse)?;
        if !ends_with_newline(&mut file).map_err(refuse)? {
            // A wait that was killed may have left half a line.
            file.write_all(b"\n").map_err(refuse)?;
        }
        let mut recorder = Self { file, path: path.to_owned() };
        recorder.write(header)?;
        Ok(recorder)
    }

    /// Appends a line with a single write, so that a killed process leaves at most one incomplete line.
    pub(crate) fn write(&mut self, line: &impl Serialize) -> Result<(), Failure> {
        let written = serde_json::to_vec(line).map_err(io::Error::from).and_then(|mut text| {
            text.push(b'\n');
            self.file.write_all(&text)
        });
        written.map_err(|error| Failure::system(format_args!("write {}", self.path.display()), &error))
    }
}

fn ends_with_newline(file: &mut File) -> io::Result<bool> {
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
    pub(crate) header: RecordingHeader,
    pub(crate) updates: Vec<Update>,
}

/// Returns the waits of a file, in their order.
pub(crate) fn read(path: &Path) -> Result<Vec<Recording>, Failure> {
    let name = path.display();
    let text = text_file::read(path).map_err(|error| Failure::usage(format!("could not read {name}: {error}")))?;
    let mut recordings: Vec<Recording> = Vec::new();
    // A wait that was killed may have left an incomplete line, which is its last.
    let mut incomplete = None;
    for (number, line) in text.lines().enumerate() {
        let refuse = |problem: String| Failure::usage(format!("{name}, line {}: {problem}", number + 1));
        if line.trim().is_empty() {
            continue;
        }
        let is_header = serde_json::from_str::<Value>(line).is_ok_and(|line| line.get("record").is_some());
        if is_header {
            let header = serde_json::from_str(line).map_err(|error| refuse(format!("invalid header: {error}")))?;
            recordings.push(Recording { header, updates: Vec::new() });
            incomplete = None;
            continue;
        }
        if let Some(failure) = incomplete.take() {
            return Err(failure);
        }
        match (serde_json::from_str(line), recordings.last_mut()) {
            (Ok(update), Some(recording)) => recording.updates.push(update),
            (Ok(_), None) => return Err(refuse("an update without a header before it".to_owned())),
            (Err(error), None) => return Err(refuse(format!("invalid update: {error}"))),
            (Err(error), Some(_)) => incomplete = Some(refuse(format!("invalid update: {error}"))),
        }
    }
    match recordings.is_empty() {
        true => Err(Failure::usage(format!(
            "{name} has no recorded wait; record one with `clanforge wait --record {name}`"
        ))),
        false => Ok(recordings),
    }
}
