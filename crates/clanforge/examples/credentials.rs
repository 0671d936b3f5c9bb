//! Renews a token from a file: the client calls the provider before the first request, and again after a 401.

#![allow(clippy::print_stdout)]

use clanforge::{Client, Credentials, ImageRef};

// docs: provider
fn client() -> Result<Client, clanforge::Error> {
    let from_file = || async {
        let token = std::fs::read_to_string("/run/secrets/clanforge")?;
        Ok::<_, std::io::Error>(Credentials::bearer(token.trim()))
    };
    Client::builder().credentials_provider(from_file).build()
}
// docs: end

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    println!("{}", client()?.image_status(ImageRef::new(1234, 5678)).await?.readiness());
    Ok(())
}
