//! Logs on the standard error of the process, as `RUST_LOG` selects them; without it, warnings about trust anchors.

use std::env::VarError;
use std::io::{Stderr, Write};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// What a command says by default: which certificates are skipped. Nothing else tells why a server is not trusted.
const TRUST_ANCHORS: &str = "clanforge::http::trust";

/// Starts logging.
///
/// # Errors
/// A message about a value that is not a filter.
pub(crate) fn start() -> Result<(), String> {
    let text = match std::env::var("RUST_LOG") {
        Ok(text) => text,
        Err(VarError::NotPresent) => String::new(),
        Err(VarError::NotUnicode(_)) => return Err("ignoring RUST_LOG: it is not valid Unicode".to_owned()),
    };
    // The subscriber of a program that embeds the command takes precedence.
    if text.is_empty() {
        let filter = Targets::new().with_target(TRUST_ANCHORS, LevelFilter::WARN);
        let lines = layer().without_time().with_level(false).with_target(false).with_writer(warning).with_ansi(false);
        let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
        return Ok(());
    }
    log_to_stderr(&text).map_err(|problem| format!("ignoring RUST_LOG: {problem}"))
}

/// Writes logs to the standard error of the process from now on, as a filter such as `clanforge=debug` selects them.
///
/// # Errors
/// A message about a text that is not a filter.
pub fn log_to_stderr(text: &str) -> Result<(), String> {
    let filter = filter(text).map_err(|error| format!("{error}; use a filter such as debug or clanforge=debug"))?;
    let lines = layer().with_writer(std::io::stderr).with_ansi(false);
    let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
    Ok(())
}

/// Returns the writer of one event, which begins as the command's warnings do.
fn warning() -> Stderr {
    let mut stderr = std::io::stderr();
    // The event itself cannot be written either.
    let _ = stderr.write_all(b"warning: ");
    stderr
}

/// Returns the filter without debug logs of HTTP/2 frames: a service may echo credentials in them.
fn filter(text: &str) -> Result<Targets, tracing_subscriber::filter::ParseError> {
    let requested: Targets = text.parse()?;
    let mut filter = Targets::new().with_target("h2", LevelFilter::WARN);
    if let Some(level) = requested.default_level() {
        filter = filter.with_default(level);
    }
    Ok(filter.with_targets(requested.iter().filter(|(target, _)| *target != "h2" && !target.starts_with("h2::"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_filter_logs_http_2_frames() {
        let debug = LevelFilter::DEBUG.into_level().unwrap();
        for text in ["trace", "debug", "h2=trace", "h2::codec=debug,clanforge=trace", "hyper=debug"] {
            let filter = filter(text).unwrap();
            for target in ["h2", "h2::codec::framed_read", "h2::proto::connection"] {
                assert!(!filter.would_enable(target, &debug), "{text} shows {target}");
            }
        }
        assert!(filter("debug").unwrap().would_enable("clanforge::attempt", &debug));
        assert!(filter("hyper=debug").unwrap().would_enable("hyper::client", &debug));
        assert!(!filter("hyper=debug").unwrap().would_enable("clanforge", &debug));
    }
}
