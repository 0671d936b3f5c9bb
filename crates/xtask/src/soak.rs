//! `cargo xtask soak`

use xshell::{Shell, cmd};

/// Sends very many requests through faults and holds very many waits, and prints how memory and open descriptors change.
///
/// # Errors
/// Returns an error if a result is wrong or a descriptor is left open, but never because the run is slow.
pub(crate) fn run(shell: &Shell, bounds: &[(&str, Option<u64>)]) -> anyhow::Result<()> {
    let bounds = bounds.iter().filter_map(|(name, bound)| Some([(*name).to_owned(), (*bound)?.to_string()]));
    let bounds: Vec<_> = bounds.flatten().collect();
    Ok(cmd!(shell, "cargo run --locked --release --package clanforge-soak -- {bounds...}").run()?)
}
