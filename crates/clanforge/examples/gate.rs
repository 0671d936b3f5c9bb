//! Evaluates a gate against one reading, without an async runtime.
//!
//! `CLANFORGE_TOKEN=… cargo run --example gate --features blocking -- 1234 5678`
//!
//! One reading cannot tell which version its counts describe: before a rollout has started they are the previous
//! version's, all completed.

#![allow(clippy::print_stdout)]

use clanforge::blocking::Client;
use clanforge::{Gate, ImageRef, Limit, Per};

fn main() -> anyhow::Result<()> {
    let mut ids = std::env::args().skip(1).map(|argument| argument.parse());
    let (Some(account_service_id), Some(image_id)) = (ids.next(), ids.next()) else {
        anyhow::bail!("give the account service ID and the image ID");
    };
    let image = ImageRef::new(account_service_id?, image_id?);

    // Every region separately, with at most 5 % of its machines failed.
    let gate = Gate::default().per(Per::Region).max_failed(Limit::percent(5)?);
    let status = Client::from_env()?.image_status(image).detail(gate.needs_detail()).send()?;
    let verdict = gate.evaluate(&status);
    println!("{verdict}");
    anyhow::ensure!(verdict.is_ready(), "the image is not ready by this gate");
    Ok(())
}
