//! Logs for whoever looks for a cause.

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sends logs to standard error where `RUST_LOG` asks for them; what it says wrongly is passed over.
pub(crate) fn start() {
    let Some(filter) = std::env::var("RUST_LOG").ok().and_then(|text| text.parse::<Targets>().ok()) else { return };
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    // A program that runs the command within itself may have its own subscriber, which then stays.
    let _ = tracing_subscriber::registry().with(lines).with(filter).try_init();
}
