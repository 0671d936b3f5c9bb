//! Keeps a wait in a file, so that another process continues it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clanforge_core::monitor::{Baseline, Snapshot};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::wait::clock::Moment;

/// A wait between two readings, as the file has it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WaitState {
    #[serde(flatten)]
    pub(crate) snapshot: Snapshot,
    pub(crate) wait: Progress,
}

/// What a wait needs to continue besides its monitor.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// The name of the wait in recordings.
    pub(crate) id: String,
    pub(crate) began: SystemTime,
    pub(crate) baseline: Option<Baseline>,
    /// When the file was written, and how long the wait had lasted then.
    pub(crate) written: Moment,
    pub(crate) elapsed: Duration,
    /// The pause from then to the next reading.
    pub(crate) pause: Duration,
    pub(crate) jitter: u64,
}

/// Reads the state of a wait; `None` if the file does not exist, or is empty as those of `mktemp` are.
///
/// # Errors
/// `configuration` if the file cannot be read, or is no state.
pub(crate) fn read(path: &Path) -> Result<Option<WaitState>, Error> {
    let name = path.display();
    let text = match fs::read_to_string(path) {
        Ok(text) if text.is_empty() => return Ok(None),
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::configuration(format!("could not read {name}: {error}"))),
    };
    serde_json::from_str(&text).map(Some).map_err(|error| damaged(path, &error))
}

/// Returns the error of a file that is no state, or one that is damaged.
pub(crate) fn damaged(path: &Path, problem: &dyn std::fmt::Display) -> Error {
    let name = path.display();
    Error::configuration(format!("{name} is not the state of a wait: {problem}; delete it to begin a new wait"))
}

/// Replaces the state of a wait.
///
/// # Errors
/// A sentence that names the file and the problem. The file is then what it was.
pub(crate) fn write(path: &Path, state: &WaitState) -> Result<(), String> {
    let replace = || {
        let text = serde_json::to_vec(state)?;
        let (mut file, draft) = draft(path)?;
        let written = file.write_all(&text).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&draft, path));
        written.inspect_err(|_| drop(fs::remove_file(&draft)))
    };
    replace().map_err(|error: io::Error| format!("could not write {}: {error}", path.display()))
}

/// Checks that the state can be written.
///
/// # Errors
/// `configuration` if it cannot.
pub(crate) fn check(path: &Path) -> Result<(), Error> {
    let checked = draft(path).and_then(|(_, draft)| fs::remove_file(draft));
    checked.map_err(|error| Error::configuration(format!("could not write {}: {error}", path.display())))
}

/// Creates a file beside the state, which nobody else can read.
fn draft(path: &Path) -> io::Result<(File, PathBuf)> {
    let name = path.file_name().ok_or_else(|| io::Error::new(ErrorKind::IsADirectory, "it is a folder"))?;
    let mut draft = name.to_owned();
    draft.push(format!(".{:08x}.tmp", fastrand::u32(..)));
    let draft = path.with_file_name(draft);
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.write(true).create_new(true).open(&draft)?;
    Ok((file, draft))
}
