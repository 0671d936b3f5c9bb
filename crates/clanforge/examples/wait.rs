//! Takes a baseline, and waits for a rollout.

#![allow(clippy::print_stdout)]

use clanforge::{Client, ImageRef};

// docs: wait
async fn patch(client: Client, image: ImageRef) -> Result<(), Box<dyn std::error::Error>> {
    let baseline = client.baseline(image).await?;
    // … start the rollout …
    let outcome = client.wait(image).baseline(baseline).await?.into_result()?;
    println!("{}", outcome.reason);
    // … send players over …
    Ok(())
}
// docs: end

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    patch(Client::from_env()?, ImageRef::new(1234, 5678)).await
}
