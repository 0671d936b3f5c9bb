//! Rolls a version out to two images, and sends players over once both are ready.
//!
//! `cargo run --example rollout -- 1.2.3`

// docs: rollout
use std::io;
use std::process::Command;

use clanforge::{Client, Gate, ImageRef, Limit};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let version = std::env::args().nth(1).unwrap_or_default();
    let images = [ImageRef::new(1234, 5678), ImageRef::new(1234, 5679)];

    let deploy = async { run("./start-the-rollout", &version) };
    let gate = Gate::default().max_failed(Limit::percent(5)?);
    Client::from_env()?.rollout(images).gate(gate).run(deploy).await?.into_result()?;
    Ok(run("./switch-players-over", &version)?)
}

fn run(script: &str, version: &str) -> io::Result<()> {
    let status = Command::new(script).arg(version).status()?;
    status.success().then_some(()).ok_or_else(|| io::Error::other(format!("{script}: {status}")))
}
// docs: end
