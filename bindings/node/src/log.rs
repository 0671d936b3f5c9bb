//! The logs of the client on standard error.

use std::io::{Stderr, Write};

use napi_derive::napi;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Writes the logs of all clients of the process to standard error from now on, in lines as Node's `util.debuglog` writes them.
#[napi]
pub fn log_to_stderr() {
    let filter = Targets::new().with_target("clanforge", LevelFilter::DEBUG);
    let lines = layer().without_time().with_target(false).with_ansi(false).with_writer(line);
    // Another thread of JavaScript may have been the first.
    let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
}

/// Returns the writer of one event.
fn line() -> Stderr {
    let mut stderr = std::io::stderr();
    // The event itself cannot be written either.
    let _ = write!(stderr, "CLANFORGE {}: ", std::process::id());
    stderr
}
