//! A clock that steps while a client waits: libfaketime shows it to processes that are started with its environment.

use std::io;
use std::path::{Path, PathBuf};

use crate::server::{self, Act, Request};

/// How many seconds the clock is off after so many requests.
const STEPS: [(usize, &str); 2] = [(1, "+3600"), (2, "-86400")];

/// Starts a service that lets the clock of its clients step, an hour ahead and a day back; returns its address, and the
/// environment in which a client sees that. It is empty where there is no libfaketime.
///
/// # Errors
/// Where the system has no socket or file for it, or where CI asks for everything and there is no libfaketime.
pub(crate) fn start(
    folder: &Path,
    acts: impl Fn(&Request<'_>) -> Vec<Act> + Send + Sync + 'static,
) -> io::Result<(String, Vec<(String, String)>)> {
    let file = folder.join("clock");
    std::fs::write(&file, "+0")?;
    let steps = file.clone();
    let url = server::start(Box::new(move |request| {
        if let Some((_, offset)) = STEPS.iter().find(|(number, _)| *number == request.number) {
            // Without its file a clock would not step, and the client would find nothing to bear: that must not pass.
            assert!(std::fs::write(&steps, offset).is_ok(), "the clock cannot step");
        }
        acts(request)
    }))?;
    let Some(library) = library() else {
        return match std::env::var_os("CI") {
            Some(_) => Err(io::Error::other("there is no libfaketime, and CI tests everything")),
            None => Ok((url, Vec::new())),
        };
    };
    let environment = [
        ("LD_PRELOAD", library.to_string_lossy().into_owned()),
        ("FAKETIME_TIMESTAMP_FILE", file.to_string_lossy().into_owned()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        // What counts durations is no clock of the day, and does not step with it; the second is its older name.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ("DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    Ok((url, environment.map(|(name, value)| (name.to_owned(), value)).to_vec()))
}

/// Returns where Debian, or who built it by hand, lays the library.
fn library() -> Option<PathBuf> {
    let folders = ["/usr/lib", "/usr/local/lib"];
    let below = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let candidates = folders.iter().map(PathBuf::from).chain(below.map(|entry| entry.path()));
    candidates.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|file| file.is_file())
}
