//! Logs on the standard error of the process, as `RUST_LOG` selects them; without it, warnings about trust anchors.

use std::env::VarError;
use std::io::{self, Write};

use clanforge::core::text::cut;
use clap::ValueEnum;
use tracing_subscriber::filter::{LevelFilter, ParseError, Targets};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// The only logs of a command by default: which certificates are skipped. Nothing else tells why a server is not
/// trusted.
const TRUST_ANCHORS: &str = "clanforge::http::tls::trust";

/// The formats of logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Text for people
    Text,
    /// Lines of JSON
    Json,
}

impl LogFormat {
    /// Returns an event as a line.
    fn line(self, event: &str) -> String {
        let event = event.trim_end_matches('\n');
        match self {
            Self::Text => cut(event, usize::MAX),
            Self::Json => event.replace("##", r"#\u0023"),
        }
    }
}

/// Starts logging.
///
/// # Errors
/// A message about a value that is not a filter.
pub(crate) fn start(format: LogFormat) -> Result<(), String> {
    let text = match std::env::var("RUST_LOG") {
        Ok(text) => text,
        Err(VarError::NotPresent) => String::new(),
        Err(VarError::NotUnicode(_)) => return Err("ignoring RUST_LOG: it is not valid Unicode".to_owned()),
    };
    if !text.is_empty() {
        let filter = filter(&text).map_err(|problem| format!("ignoring RUST_LOG: {problem}"))?;
        begin(format, filter);
        return Ok(());
    }
    let filter = Targets::new().with_target(TRUST_ANCHORS, LevelFilter::WARN);
    match format {
        LogFormat::Json => begin(format, filter),
        LogFormat::Text => {
            let lines = layer().without_time().with_level(false).with_target(false).with_ansi(false);
            let lines = lines.with_writer(move || Lines { format, prefix: "warning: " });
            let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
        }
    }
    Ok(())
}

/// Writes logs to the standard error of the process from now on, as a filter such as `clanforge=debug` selects them.
///
/// # Errors
/// A message about a text that is not a filter.
pub fn log_to_stderr(text: &str) -> Result<(), String> {
    begin(LogFormat::Text, filter(text)?);
    Ok(())
}

/// Writes logs. The subscriber of a program that embeds the command takes precedence.
fn begin(format: LogFormat, filter: Targets) {
    let lines = layer().with_writer(move || Lines { format, prefix: "" }).with_ansi(false);
    let registry = tracing_subscriber::registry();
    let _ = match format {
        LogFormat::Text => registry.with(lines).with(filter).try_init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).with(filter).try_init(),
    };
}

/// Writes events to standard error, each as one line that a CI system cannot take for a command.
struct Lines {
    format: LogFormat,
    prefix: &'static str,
}

impl Write for Lines {
    /// Writes an event, which comes in one piece.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let event = String::from_utf8_lossy(bytes);
        io::stderr().write_all(format!("{}{}\n", self.prefix, self.format.line(&event)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Returns the filter without debug logs of HTTP/2 frames: a service may echo credentials in them.
fn filter(text: &str) -> Result<Targets, String> {
    let invalid = |error: ParseError| format!("{error}; use a filter such as debug or clanforge=debug");
    let requested: Targets = text.parse().map_err(invalid)?;
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
    fn an_event_is_one_line_in_which_nothing_begins_a_command_of_a_ci_system() {
        assert_eq!(LogFormat::Text.line("a\n::error::b ##vso[c]\n"), r"a\n::error::b #\u{23}vso[c]");
        assert_eq!(LogFormat::Json.line("{\"message\":\"##vso[c]\"}\n"), r##"{"message":"#\u0023vso[c]"}"##);
    }

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
