//! Very many waits at the same time, each for a rollout whose outcome is known.

use std::time::{Duration, Instant};

use clanforge::{Client, ImageRef};
use tokio::task::JoinSet;

use crate::resources::{Tenths, descriptor_limit};
use crate::rollout::{Rollout, spread_of_starts};
use crate::server::WAITS;
use crate::tally::Tally;

/// Descriptors for anything but waits.
const SPARE_DESCRIPTORS: u64 = 500;

/// Runs the given number of waits at once until they end, or for as long as there is time; returns how many had a wrong result.
pub(crate) async fn hold(client: &Client, waits: u64, end: Instant) -> anyhow::Result<u64> {
    let possible = descriptor_limit().saturating_sub(SPARE_DESCRIPTORS);
    if possible < waits {
        println!("\nonly {possible} waits: each may need a descriptor, and the system has a limit");
    }
    let waits = waits.min(possible);
    println!("\n{waits} waits at the same time, until they end");
    let mut open = JoinSet::new();
    for image_id in 1..=waits {
        open.spawn(wait(client.clone(), image_id));
        if image_id % 100 == 0 {
            tokio::time::sleep(spread_of_starts().mul_f64(100.0 / u32::try_from(waits).map_or(f64::MAX, f64::from)))
                .await;
        }
    }
    let mut tenths = Tenths::new(waits);
    let mut tally = Tally::default();
    let mut clock = tokio::time::interval(Duration::from_millis(250));
    while !open.is_empty() && Instant::now() < end {
        tokio::select! {
            Some(ended) = open.join_next() => {
                let (rollout, result) = ended?;
                tally.add(&format!("{rollout:?}"), rollout.expected(), &result);
            }
            _ = clock.tick() => tenths.note(tally.results())?,
        }
    }
    tenths.note(tally.results())?;
    tenths.conclude();
    if !open.is_empty() {
        println!("out of time: {} of {waits} waits had ended", tally.results());
        open.shutdown().await;
    } else if tally.results() != waits {
        tally.fail(format!("{} of {waits} waits never ended", waits - tally.results()));
    }
    Ok(tally.conclude())
}

/// Returns how the wait for a rollout ended: the kind of its outcome or of its error.
async fn wait(client: Client, image_id: u64) -> (Rollout, String) {
    let rollout = Rollout::of(image_id);
    let result = match client.wait(ImageRef::new(WAITS, image_id)).policy(rollout.policy()).await {
        Ok(outcome) if outcome.kind.as_str() == rollout.expected() => outcome.kind.as_str().to_owned(),
        Ok(outcome) => format!("{}: {}", outcome.kind.as_str(), outcome.reason),
        Err(error) if error.kind().as_str() == rollout.expected() => error.kind().as_str().to_owned(),
        Err(error) => format!("{}: {error}", error.kind().as_str()),
    };
    (rollout, result)
}
