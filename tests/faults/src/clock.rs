//! A system clock that jumps while a client waits: libfaketime shows it to processes that are started with its environment.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::server::{self, Action, Request};

/// By how many seconds the clock is off after a number of requests.
const JUMPS: [(u64, &str); 2] = [(1, "+3600"), (2, "-86400")];

/// Starts a server that makes the clock of its clients jump, an hour ahead and a day back; returns its address, and the
/// environment in which a client sees that clock. It is empty if libfaketime is not installed.
///
/// # Errors
/// If the system has no socket or file for it, or if `CI` is set and libfaketime is not installed.
pub(crate) fn start(
    folder: &Path,
    script: impl Fn(Request<'_>) -> Vec<Action> + Send + Sync + 'static,
) -> io::Result<(SocketAddr, Vec<(String, String)>)> {
    let file = folder.join("clock");
    std::fs::write(&file, "+0")?;
    let clock = file.clone();
    let address = server::start(move |request| {
        if let Some((_, offset)) = JUMPS.iter().find(|(number, _)| *number == request.number) {
            // A clock that does not jump must fail the test: the panic closes the connection.
            assert!(std::fs::write(&clock, offset).is_ok(), "the clock cannot be set");
        }
        script(request)
    })?;
    let Some(library) = library() else {
        return match std::env::var_os("CI") {
            Some(_) => Err(io::Error::other("libfaketime is not installed, and CI tests everything")),
            None => Ok((address, Vec::new())),
        };
    };
    let environment = [
        ("LD_PRELOAD", library.to_string_lossy().into_owned()),
        ("FAKETIME_TIMESTAMP_FILE", file.to_string_lossy().into_owned()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        // A monotonic clock does not jump with the system clock; the second is the older name of the variable.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ("DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    Ok((address, environment.map(|(name, value)| (name.to_owned(), value)).to_vec()))
}

/// Returns the library where Debian, or its own Makefile, installs it.
fn library() -> Option<PathBuf> {
    let folders = ["/usr/lib", "/usr/local/lib"];
    let below = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let candidates = folders.iter().map(PathBuf::from).chain(below.map(|entry| entry.path()));
    candidates.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).find(|file| file.is_file())
}
