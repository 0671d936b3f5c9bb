//! Numbers of JavaScript, which are exact up to 2^53 - 1.

use clanforge::{ImageStatus, MachineCounts};
use clanforge_bindings::Fault;

/// The largest whole number that JavaScript counts to exactly.
const MOST: u64 = (1 << 53) - 1;

/// Returns a whole number that the other half has checked.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is whole, not negative and below 2^53.
pub(crate) const fn whole(number: f64) -> u64 {
    number as u64
}

/// Returns counts of a status that was checked.
#[allow(clippy::cast_precision_loss)] // They are below 2^53.
pub(crate) fn counts(counts: MachineCounts) -> Vec<f64> {
    [counts.pending_machines(), counts.failed_machines(), counts.completed_machines()].map(|each| each as f64).to_vec()
}

/// Refuses a status with more machines than JavaScript can count, by the place where they stand.
pub(crate) fn check(status: &ImageStatus) -> Result<(), Fault> {
    let Some(fleets) = status.fleets() else { return check_counts("$", status.counts()) };
    check_counts("$", status.counts())?;
    for fleet in fleets {
        if fleet.counts().total_machines() > MOST {
            check_counts(&format!("$.fleets['{}']", fleet.id()), fleet.counts())?;
        }
        for region in fleet.regions() {
            if region.counts().total_machines() > MOST {
                check_counts(&format!("$.fleets['{}'].regions['{}']", fleet.id(), region.id()), region.counts())?;
            }
        }
    }
    Ok(())
}

fn check_counts(path: &str, counts: MachineCounts) -> Result<(), Fault> {
    if counts.total_machines() <= MOST {
        return Ok(());
    }
    let named = [
        ("pending_machines", counts.pending_machines()),
        ("failed_machines", counts.failed_machines()),
        ("completed_machines", counts.completed_machines()),
    ];
    let (path, machines) = match named.into_iter().find(|(_, machines)| *machines > MOST) {
        Some((name, machines)) => (format!("{path}.{name}"), machines),
        None => (path.to_owned(), counts.total_machines()),
    };
    let message = format!("{path}: {machines} machines: JavaScript counts exactly up to {MOST} only");
    Err(Fault::unreadable(path, message))
}
