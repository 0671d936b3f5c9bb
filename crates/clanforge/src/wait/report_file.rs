//! Writes the report of a wait to a file, however the wait ends.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clanforge_core::monitor::Update;
use clanforge_core::recording::RecordingHeader;
use clanforge_core::report::{Report, ReportFormat, render};

use crate::error::Error;

/// A file with the reports of one wait or several.
#[derive(Clone, Debug)]
pub(crate) struct ReportFile {
    path: PathBuf,
    reports: Arc<Mutex<Vec<Report>>>,
}

/// The report of one wait.
#[derive(Debug)]
pub(crate) struct ReportWriter {
    file: ReportFile,
    format: ReportFormat,
    index: usize,
    is_written: bool,
}

impl ReportFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, reports: Arc::default() }
    }

    /// Begins the report of a wait.
    ///
    /// # Errors
    /// `configuration` if the name of the file has no known ending, `local` if it cannot be written.
    pub(crate) fn begin(self, header: RecordingHeader) -> Result<ReportWriter, Error> {
        let format = format(&self.path)?;
        let mut reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        reports.push(Report::new(header));
        let index = reports.len() - 1;
        drop(reports);
        let mut writer = ReportWriter { file: self, format, index, is_written: true };
        writer.save().map_err(Error::local)?;
        writer.is_written = false;
        Ok(writer)
    }
}

/// Checks that a report can be written to a file, which is created if it does not exist.
pub(super) fn check(path: &Path) -> Result<(), Error> {
    format(path)?;
    let opened = OpenOptions::new().write(true).create(true).truncate(false).open(path);
    opened.map(drop).map_err(|error| Error::local(format!("could not write {}: {error}", path.display())))
}

fn format(path: &Path) -> Result<ReportFormat, Error> {
    let extension = path.extension().map(|extension| extension.to_string_lossy());
    extension.and_then(|extension| ReportFormat::from_name(&extension)).ok_or_else(|| {
        let file = path.display();
        Error::configuration(format!("invalid report {file}: expected a file that ends in .html, .svg or .md"))
    })
}

impl ReportWriter {
    /// Adds an update, and writes the file after the outcome.
    ///
    /// # Errors
    /// A sentence that names the file and the problem.
    pub(crate) fn add(&mut self, update: &Update) -> Result<(), String> {
        self.file.reports.lock().unwrap_or_else(PoisonError::into_inner)[self.index].add(update);
        match update {
            Update::Outcome(_) => {
                self.is_written = true;
                self.save()
            }
            _ => Ok(()),
        }
    }

    fn save(&self) -> Result<(), String> {
        let reports = self.file.reports.lock().unwrap_or_else(PoisonError::into_inner);
        fs::write(&self.file.path, render(&reports, self.format))
            .map_err(|error| format!("could not write {}: {error}", self.file.path.display()))
    }
}

impl Drop for ReportWriter {
    /// Writes what there is of a wait that was interrupted, or ended with an error.
    fn drop(&mut self) {
        if !self.is_written
            && let Err(problem) = self.save()
        {
            tracing::warn!("the report was not written: {problem}");
        }
    }
}
