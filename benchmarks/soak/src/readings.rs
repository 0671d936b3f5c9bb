//! Very many readings, each of an image whose status is known.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clanforge::{Client, ImageRef};
use tokio::task::JoinSet;

use crate::fault::{Fault, machines};
use crate::resources::Tenths;
use crate::server::READINGS;
use crate::tally::Tally;

/// How many readings run at the same time.
const CONCURRENCY: u64 = 256;

/// Takes the given number of readings, or as many as there is time for; returns how many had a wrong result.
/// The client `separate` takes those that use all attempts.
pub(crate) async fn take(client: &Client, separate: &Client, requests: u64, end: Instant) -> anyhow::Result<u64> {
    println!("\n{requests} readings, {CONCURRENCY} at a time, one in thirty with a fault");
    let next = Arc::new(AtomicU64::new(0));
    let done = Arc::new(AtomicU64::new(0));
    let mut readers = JoinSet::new();
    for _ in 0..CONCURRENCY.min(requests) {
        readers.spawn(read([client.clone(), separate.clone()], requests, end, Arc::clone(&next), Arc::clone(&done)));
    }
    let mut tenths = Tenths::new(requests);
    let mut tally = Tally::default();
    let mut clock = tokio::time::interval(Duration::from_millis(250));
    while !readers.is_empty() {
        tokio::select! {
            Some(reader) = readers.join_next() => tally.merge(reader?),
            _ = clock.tick() => tenths.note(done.load(Ordering::Relaxed))?,
        }
    }
    tenths.note(done.load(Ordering::Relaxed))?;
    tenths.conclude();
    if tally.results() < requests {
        println!("out of time: {} of {requests} readings were taken", tally.results());
    }
    Ok(tally.conclude())
}

/// Takes one reading after another until none is left.
async fn read(
    [client, separate]: [Client; 2],
    requests: u64,
    end: Instant,
    next: Arc<AtomicU64>,
    done: Arc<AtomicU64>,
) -> Tally {
    let mut tally = Tally::default();
    while Instant::now() < end {
        let image_id = 1 + next.fetch_add(1, Ordering::Relaxed);
        if image_id > requests {
            break;
        }
        let fault = Fault::of(image_id);
        let client = if fault.uses_all_attempts() { &separate } else { &client };
        tally.add(&format!("{fault:?}"), fault.expected(), &reading(client, image_id, fault).await);
        done.fetch_add(1, Ordering::Relaxed);
    }
    tally
}

/// Takes a reading; returns `status` if it has the image's counts, the kind of the error, or what is wrong.
async fn reading(client: &Client, image_id: u64, fault: Fault) -> String {
    let mut call = client.image_status(ImageRef::new(READINGS, image_id));
    let result = match (fault, fault.limit()) {
        (Fault::HangUntilCancelled, Some(limit)) => match tokio::time::timeout(limit, call).await {
            Ok(result) => result,
            Err(_) => return "cancelled".to_owned(),
        },
        (_, Some(limit)) => {
            call = call.timeout(limit);
            call.await
        }
        (_, None) => call.await,
    };
    match result {
        Ok(status) => {
            let read = [status.pending_machines(), status.failed_machines(), status.completed_machines()];
            if read == machines(image_id) { "status".to_owned() } else { format!("{read:?} for image {image_id}") }
        }
        Err(error) if error.kind().as_str() == fault.expected() => error.kind().as_str().to_owned(),
        Err(error) => format!("{}: {error}", error.kind().as_str()),
    }
}
