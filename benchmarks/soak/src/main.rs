//! The endurance run: a million readings with faults among them, then ten thousand waits at the same time, against the fault
//! server in a process of its own.
//!
//! Run it with `cargo xtask soak`. It prints memory and open descriptors over time. It fails on a wrong result, and never because of
//! its speed: a status that the server did not send, a wait whose outcome is not that of its rollout, a descriptor that stays open.

#![allow(clippy::print_stdout)] // Printing the results is its purpose.

mod fault;
mod readings;
mod resources;
mod rollout;
mod server;
mod tally;
mod waits;

use std::time::{Duration, Instant};

use anyhow::ensure;
use clanforge::{Client, Credentials};
use clap::Parser;

use resources::Resources;
use server::ServerProcess;

/// How long the last connections may take to close before their descriptors count as left open.
const CLOSING: Duration = Duration::from_secs(60);

#[derive(Parser)]
struct Arguments {
    /// Number of readings
    #[arg(long, default_value_t = 1_000_000)]
    requests: u64,
    /// Number of simultaneous waits
    #[arg(long, default_value_t = 10_000)]
    waits: u64,
    /// Stop after this number of seconds, finished or not
    #[arg(long, default_value_t = 3_600)]
    seconds: u64,
    /// Run the server until standard input ends
    #[arg(long, hide = true)]
    serve: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    println!("{}", resources::raise_descriptor_limit()?);
    if arguments.serve {
        return server::run();
    }
    let end = Instant::now() + Duration::from_secs(arguments.seconds);
    let server = ServerProcess::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let before = Resources::now()?;
    let wrong = runtime.block_on(run(&arguments, end, server.url()))?;
    let after = runtime.block_on(closed(before))?;
    println!("\ndescriptors: {} before, {} after the clients were dropped", before.descriptors, after.descriptors);
    ensure!(after.descriptors <= before.descriptors, "descriptors stay open");
    ensure!(wrong == 0, "{wrong} results are wrong");
    Ok(())
}

/// Takes the readings, then holds the waits; returns how many results were wrong.
async fn run(arguments: &Arguments, end: Instant, url: &str) -> anyhow::Result<u64> {
    let (client, separate) = (client(url)?, client(url)?);
    let wrong = readings::take(&client, &separate, arguments.requests, end).await?;
    Ok(wrong + waits::hold(&client, arguments.waits, end).await?)
}

/// Returns a client with connections of its own.
fn client(url: &str) -> anyhow::Result<Client> {
    Ok(Client::builder().base_url(url).credentials(Credentials::bearer("soak")).build()?)
}

/// Waits until no more descriptors are open than before, for as long as they may take; returns what is open then.
async fn closed(before: Resources) -> anyhow::Result<Resources> {
    let deadline = Instant::now() + CLOSING;
    loop {
        let now = Resources::now()?;
        if now.descriptors <= before.descriptors || Instant::now() >= deadline {
            return Ok(now);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
