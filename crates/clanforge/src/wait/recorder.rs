//! Writes a wait to a file while it runs.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use clanforge_core::monitor::Update;
use clanforge_core::recording::RecordingHeader;
use serde::Serialize;

use crate::error::Error;
use crate::wait::report_file::{self, ReportFile, ReportWriter};

/// How many bytes of a file are read to tell whether it is a recording.
const BEGINNING: u64 = 64;

/// Writes a wait to a recording, a report, or both.
#[derive(Debug)]
pub(crate) struct Recorder {
    recording: Option<Recording>,
    report: Option<ReportWriter>,
}

impl Recorder {
    /// Begins a wait in the given files; `None` without files.
    ///
    /// # Errors
    /// As [`Recording::open`] and [`ReportFile::begin`].
    pub(crate) fn begin(
        record: Option<&Path>,
        report: Option<ReportFile>,
        header: RecordingHeader,
    ) -> Result<Option<Box<Self>>, Error> {
        if record.is_none() && report.is_none() {
            return Ok(None);
        }
        let report = report.map(|file| file.begin(header.clone())).transpose()?;
        let recording = record.map(|file| Recording::open(file, header)).transpose()?;
        Ok(Some(Box::new(Self { recording, report })))
    }

    /// Checks that a wait can begin in these files, as [`begin`](Self::begin) would; it writes nothing.
    pub(crate) fn check(record: Option<&Path>, report: Option<&Path>) -> Result<(), Error> {
        report.map_or(Ok(()), report_file::check)?;
        record.map_or(Ok(()), |file| Recording::file(file).map(drop))
    }

    /// Writes an update. Returns a sentence for each file that cannot be written, and is not written again.
    pub(crate) fn write(&mut self, update: &Update) -> Vec<String> {
        let recorded = self.recording.as_mut().and_then(|recording| recording.write(update).err());
        let reported = self.report.as_mut().and_then(|report| report.add(update).err());
        self.recording.take_if(|_| recorded.is_some());
        self.report.take_if(|_| reported.is_some());
        recorded.into_iter().chain(reported).collect()
    }
}

/// Appends a wait to a file.
#[derive(Debug)]
struct Recording {
    file: File,
    path: PathBuf,
    header: RecordingHeader,
}

impl Recording {
    /// Begins a wait in a file, which may already have other waits.
    ///
    /// # Errors
    /// `local` if the file cannot be written, `configuration` if it is another file than a recording.
    fn open(path: &Path, header: RecordingHeader) -> Result<Self, Error> {
        let refuse = |error| not_written(path, &error);
        let mut file = Self::file(path)?;
        if !ends_with_newline(&mut file).map_err(refuse)? {
            // A wait that was killed may have left half a line.
            file.write_all(b"\n").map_err(refuse)?;
        }
        write_line(&mut file, &header).map_err(refuse)?;
        Ok(Self { file, path: path.to_owned(), header })
    }

    /// Opens a file to append a wait, and creates one that does not exist.
    fn file(path: &Path) -> Result<File, Error> {
        let refuse = |error| not_written(path, &error);
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path).map_err(refuse)?;
        if !is_empty_or_recording(&mut file).map_err(refuse)? {
            let problem = "is not a recording: name another file, or one that does not exist";
            return Err(Error::configuration(format!("{} {problem}", path.display())));
        }
        Ok(file)
    }

    /// Appends an update.
    ///
    /// # Errors
    /// A sentence that names the file and the problem.
    fn write(&mut self, update: &Update) -> Result<(), String> {
        write_line(&mut self.file, &self.header.line(update))
            .map_err(|error| format!("recording stopped: could not write {}: {error}", self.path.display()))
    }
}

/// Appends a line with a single write, so that a killed process leaves at most one incomplete line.
fn write_line(file: &mut File, line: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    file.write_all(&text)
}

fn not_written(path: &Path, error: &io::Error) -> Error {
    Error::local(format!("could not write {}: {error}", path.display()))
}

fn is_empty_or_recording(file: &mut File) -> io::Result<bool> {
    if !file.metadata()?.is_file() {
        return Ok(true);
    }
    let mut beginning = Vec::new();
    file.take(BEGINNING).read_to_end(&mut beginning)?;
    let text = String::from_utf8_lossy(&beginning);
    Ok(text.trim().is_empty() || (text.trim_start().starts_with('{') && text.contains("\"record\"")))
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
