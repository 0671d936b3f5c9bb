//! Keeps waits in a file, so that another process continues them.

use std::fmt::Display;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use clanforge_core::ImageRef;
use clanforge_core::monitor::{Baseline, Snapshot};
use clanforge_core::timestamp::text;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::wait::clock::Moment;

/// The file that keeps the waits of one call.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
    kept: Mutex<Kept>,
}

/// The content of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    version: u64,
    images: Vec<ImageRef>,
    /// Of a rollout, which begins before its waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    rollout: Option<RolloutState>,
    /// The waits that have read their image.
    waits: Vec<WaitState>,
}

const VERSION: u64 = 1;

/// A larger file is no state: some 400 bytes for each region are usual.
const MOST_BYTES: u64 = 64 << 20;

/// How far a rollout got before its waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RolloutState {
    pub(crate) baselines: Vec<Baseline>,
    pub(crate) deploy: Deploy,
}

/// What is known of the deployment that starts a rollout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Deploy {
    /// It was started, and its result is unknown.
    Started,
    Succeeded,
    /// It failed, for this reason.
    Failed(String),
}

/// A wait between two readings, as saved in the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WaitState {
    #[serde(flatten)]
    pub(crate) snapshot: Snapshot,
    pub(crate) wait: Progress,
}

/// What a wait needs to continue besides its monitor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// The name of the wait in recordings.
    pub(crate) id: String,
    pub(crate) began: SystemTime,
    pub(crate) baseline: Option<Baseline>,
    /// When the file was written, and how long the wait had lasted then.
    pub(crate) written: Moment,
    pub(crate) elapsed: Duration,
    /// The time from then to the next reading.
    pub(crate) pause: Duration,
    pub(crate) jitter: u64,
}

impl StateFile {
    /// Opens the state of the waits for these images. The file may be empty, as those of `mktemp` are, or not exist.
    ///
    /// # Errors
    /// `configuration` if the file cannot be read, is no state, or is one of other images.
    pub(crate) fn open(path: &Path, images: &[ImageRef]) -> Result<Self, Error> {
        let begin = || Kept { version: VERSION, images: images.to_vec(), rollout: None, waits: Vec::new() };
        let kept = read(path)?.unwrap_or_else(begin);
        let file = Self { path: path.to_owned(), kept: Mutex::new(kept) };
        let kept_images = file.lock().images.clone();
        match kept_images == images {
            true => Ok(file),
            false => Err(file.refuse(&format!("it is for {}, not for {}", names(&kept_images), names(images)))),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the wait for an image, if the file has one.
    pub(crate) fn wait(&self, image: ImageRef) -> Option<WaitState> {
        self.lock().waits.iter().find(|wait| wait.snapshot.image() == image).cloned()
    }

    /// Replaces the state of a wait.
    ///
    /// # Errors
    /// A sentence that names the file and the problem. The file is then unchanged.
    pub(crate) fn keep(&self, wait: WaitState) -> Result<(), String> {
        let mut kept = self.lock();
        match kept.waits.iter_mut().find(|other| other.snapshot.image() == wait.snapshot.image()) {
            Some(other) => *other = wait,
            None => kept.waits.push(wait),
        }
        self.write(&kept)
    }

    /// Returns how far the rollout got, if the file has one.
    pub(crate) fn rollout(&self) -> Option<RolloutState> {
        self.lock().rollout.clone()
    }

    /// Replaces how far the rollout got.
    ///
    /// # Errors
    /// As [`keep`](Self::keep).
    pub(crate) fn keep_rollout(&self, rollout: RolloutState) -> Result<(), String> {
        let mut kept = self.lock();
        kept.rollout = Some(rollout);
        self.write(&kept)
    }

    /// Saves that the deployment of a rollout starts, unless another process has saved that since the file was opened.
    ///
    /// # Errors
    /// `busy` if another process has; `local` if the file cannot be written.
    pub(crate) fn start_rollout(&self, rollout: RolloutState) -> Result<(), Error> {
        let mut kept = self.lock();
        kept.rollout = Some(rollout);
        self.put(&kept, create).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                let file = self.path.display();
                let problem = format!("{file}: another process has just started this rollout");
                Error::of_kind(
                    clanforge_core::ErrorKind::Busy,
                    problem + "; once its deployment has ended, run the same again to wait for it",
                )
            }
            _ => Error::local(format!("the state of the rollout was not saved: {}", self.not_written(&error))),
        })
    }

    fn write(&self, kept: &Kept) -> Result<(), String> {
        self.put(kept, |draft, path| fs::rename(draft, path)).map_err(|error| self.not_written(&error))
    }

    fn put(&self, kept: &Kept, place: fn(&Path, &Path) -> io::Result<()>) -> io::Result<()> {
        let text = serde_json::to_vec(kept)?;
        let (mut file, draft) = draft(&self.path)?;
        let written = file.write_all(&text).and_then(|()| file.sync_all()).and_then(|()| place(&draft, &self.path));
        written.inspect_err(|_| drop(fs::remove_file(&draft)))
    }

    fn not_written(&self, error: &io::Error) -> String {
        format!("could not write {}: {error}", self.path.display())
    }

    /// Checks that the state can be written.
    ///
    /// # Errors
    /// `configuration` if it cannot.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let checked = draft(&self.path).and_then(|(_, draft)| fs::remove_file(draft));
        checked.map_err(|error| Error::configuration(self.not_written(&error)))
    }

    /// Returns the warning of an outcome that the file has, of a wait that ended at this moment.
    pub(crate) fn ended(&self, moment: Moment) -> String {
        let time = match moment {
            Moment::Machine(since_1970) => SystemTime::UNIX_EPOCH.checked_add(since_1970),
            Moment::Simulation(_) => None,
        };
        let (file, when) = (self.path.display(), time.map_or("before".to_owned(), |time| format!("at {}", text(time))));
        let kept = self.lock();
        let once = if kept.images.len() > 1 { "once the waits for all images have ended, " } else { "" };
        match kept.rollout {
            Some(_) => {
                format!("this rollout ended {when}, and was not started again: {once}remove {file} to start another")
            }
            None => format!("this wait ended {when}: {once}remove {file} to begin another"),
        }
    }

    /// Returns the error of a state that is not the caller's.
    pub(crate) fn refuse(&self, problem: &str) -> Error {
        let file = self.path.display();
        Error::configuration(format!("{file} is the state of another wait: {problem}; delete it to begin a new wait"))
    }

    /// Returns the error of a state that is damaged.
    pub(crate) fn damaged(&self, problem: &dyn Display) -> Error {
        damaged(&self.path, problem)
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the name and the beginning of the wait for an image in a recording, if a file has its state.
pub(crate) fn recorded(path: &Path, image: ImageRef) -> Option<(String, SystemTime)> {
    let wait = read(path).ok()??.waits.into_iter().find(|wait| wait.snapshot.image() == image)?.wait;
    Some((wait.id, wait.began))
}

fn read(path: &Path) -> Result<Option<Kept>, Error> {
    let name = path.display();
    let mut text = String::new();
    match File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_string(&mut text)) {
        Ok(0) => return Ok(None),
        Ok(_) if text.len() as u64 > MOST_BYTES => return Err(damaged(path, &"it is larger than 64 MiB")),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::configuration(format!("could not read {name}: {error}"))),
    }
    let kept: Kept = serde_json::from_str(&text).map_err(|error| damaged(path, &error))?;
    match kept.version {
        VERSION => Ok(Some(kept)),
        other => Err(damaged(path, &format!("unsupported version {other}: expected {VERSION}"))),
    }
}

fn damaged(path: &Path, problem: &dyn Display) -> Error {
    let name = path.display();
    Error::configuration(format!(
        "{name} is not the state of a wait: {problem}; name another file, or delete it to begin a new wait"
    ))
}

fn names(images: &[ImageRef]) -> String {
    images.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Moves a draft to the path of a state that does not exist, or that is empty. Of several processes, one succeeds. If the state is
/// an empty file, or the file system has no hard links, several that do so at the same moment may.
fn create(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(state) if state.len() > 0 => Err(ErrorKind::AlreadyExists.into()),
        Ok(_) => fs::rename(draft, path),
        Err(_) => match fs::hard_link(draft, path) {
            Ok(()) => fs::remove_file(draft),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
            // The file system has no hard links.
            Err(_) => fs::rename(draft, path),
        },
    }
}

/// Creates a file beside the state, which only this user can read.
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
