//! Endurance: a million readings with faults mixed in, then ten thousand waits at the same time, against a server in a
//! process of its own on loopback.
//!
//! Run it by `cargo xtask soak`. It prints how memory and descriptors go. It fails where a count is wrong, and never by
//! time: an answer that the server did not give, a wait that ends in another way than its rollout, a descriptor that is
//! left over.

#![allow(clippy::print_stdout)] // What is counted is printed.

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

/// How long connections may take to close after the last client is gone.
const CLOSING: Duration = Duration::from_secs(10);

#[derive(Parser)]
struct Arguments {
    /// How many readings are taken
    #[arg(long, default_value_t = 1_000_000)]
    requests: u64,
    /// How many waits are open at the same time
    #[arg(long, default_value_t = 10_000)]
    waits: u64,
    /// The longest that all of it may take; what is not done by then is left
    #[arg(long, default_value_t = 3_600)]
    seconds: u64,
    /// Be the server, until standard input ends
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
    let wrong = runtime.block_on(endure(&arguments, end, server.url()))?;
    let after = runtime.block_on(closed(before))?;
    println!("\ndescriptors: {} before, {} after all clients are gone", before.descriptors, after.descriptors);
    ensure!(after.descriptors <= before.descriptors, "descriptors are left over");
    ensure!(wrong == 0, "{wrong} results are wrong");
    Ok(())
}

/// Returns how many results were wrong.
async fn endure(arguments: &Arguments, end: Instant, url: &str) -> anyhow::Result<u64> {
    let (client, impatient) = (client(url)?, client(url)?);
    let wrong = readings::take(&client, &impatient, arguments.requests, end).await?;
    Ok(wrong + waits::hold(&client, arguments.waits, end).await?)
}

/// Returns a client with connections of its own.
fn client(url: &str) -> anyhow::Result<Client> {
    Ok(Client::builder().base_url(url).credentials(Credentials::bearer("soak")).build()?)
}

/// Waits until no more descriptors are open than before, and returns what is open then, or when patience ends.
async fn closed(before: Resources) -> anyhow::Result<Resources> {
    let patience = Instant::now() + CLOSING;
    loop {
        let now = Resources::now()?;
        if now.descriptors <= before.descriptors || Instant::now() >= patience {
            return Ok(now);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
