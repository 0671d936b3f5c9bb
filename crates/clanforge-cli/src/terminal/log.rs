//! Logs for whoever looks for a cause.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sends logs to standard error where `RUST_LOG` asks for them.
///
/// # Errors
/// What is wrong with the variable.
pub(crate) fn start() -> Result<(), String> {
    let Some(text) = std::env::var("RUST_LOG").ok().filter(|text| !text.is_empty()) else { return Ok(()) };
    let filter = filter(&text)
        .map_err(|error| format!("RUST_LOG is passed over: {error}; give one such as debug or clanforge=debug"))?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    // A program that runs the command within itself may have its own subscriber, which then stays.
    let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
    Ok(())
}

/// Returns what `RUST_LOG` asks for, but for the frames of HTTP/2: a service may repeat credentials in them.
fn filter(text: &str) -> Result<Targets, tracing_subscriber::filter::ParseError> {
    let asked: Targets = text.parse()?;
    let mut kept = Targets::new().with_target("h2", LevelFilter::WARN);
    if let Some(level) = asked.default_level() {
        kept = kept.with_default(level);
    }
    Ok(kept.with_targets(asked.iter().filter(|(target, _)| *target != "h2" && !target.starts_with("h2::"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_filter_shows_the_frames_of_http_2() {
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
