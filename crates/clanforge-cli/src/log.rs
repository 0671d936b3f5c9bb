//! Logs for whoever looks for a cause.

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sends logs to standard error where `RUST_LOG` asks for them.
///
/// # Errors
/// What is wrong with the variable.
pub(crate) fn start() -> Result<(), String> {
    let Some(text) = std::env::var("RUST_LOG").ok().filter(|text| !text.is_empty()) else { return Ok(()) };
    let filter: Targets = text
        .parse()
        .map_err(|error| format!("RUST_LOG is passed over: {error}; give one such as debug or clanforge=debug"))?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    // A program that runs the command within itself may have its own subscriber, which then stays.
    let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
    Ok(())
}
