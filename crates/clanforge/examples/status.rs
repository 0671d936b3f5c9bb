//! Reads the image status once, and prints each region that has failed machines.
//!
//! `CLANFORGE_ACCESS_KEY=… CLANFORGE_SECRET_KEY=… cargo run --example status -- 1234 5678`

#![allow(clippy::print_stdout)]

use clanforge::{Client, ImageRef};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut ids = std::env::args().skip(1).map(|argument| argument.parse());
    let (Some(account_service_id), Some(image_id)) = (ids.next(), ids.next()) else {
        anyhow::bail!("give the account service ID and the image ID");
    };
    let image = ImageRef::new(account_service_id?, image_id?);

    let status = Client::from_env()?.image_status(image).detail(true).await?;
    println!("{image}: {}, {} complete", status.readiness(), status.counts().percent_text());
    for region in status.failed_regions().unwrap_or_default() {
        println!("{}: {} machines failed", region.name, region.counts.failed_machines());
    }
    Ok(())
}
