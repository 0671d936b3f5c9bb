//! Conversion of JavaScript numbers, which are exact up to 2^53 - 1.

use clanforge::{ImageStatus, MachineCounts};
use clanforge_bindings::BindingError;

/// The largest integer that a JavaScript number holds exactly.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Converts an integer that the TypeScript layer has checked.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is an integer from 0 to 2^53 - 1.
pub(crate) const fn to_u64(number: f64) -> u64 {
    number as u64
}

/// Converts the counts of a status that `check` has accepted.
#[allow(clippy::cast_precision_loss)] // They are below 2^53.
pub(crate) fn counts(counts: MachineCounts) -> Vec<f64> {
    [counts.pending_machines(), counts.failed_machines(), counts.completed_machines()].map(|each| each as f64).to_vec()
}

/// Rejects a status with a count that a JavaScript number cannot hold; the error has the `JSONPath` of the count.
pub(crate) fn check(status: &ImageStatus) -> Result<(), BindingError> {
    let Some(fleets) = status.fleets() else { return check_counts("$", status.counts()) };
    check_counts("$", status.counts())?;
    for fleet in fleets {
        if fleet.counts().total_machines() > MAX_SAFE_INTEGER {
            check_counts(&format!("$.fleets['{}']", fleet.id()), fleet.counts())?;
        }
        for region in fleet.regions() {
            if region.counts().total_machines() > MAX_SAFE_INTEGER {
                check_counts(&format!("$.fleets['{}'].regions['{}']", fleet.id(), region.id()), region.counts())?;
            }
        }
    }
    Ok(())
}

fn check_counts(path: &str, counts: MachineCounts) -> Result<(), BindingError> {
    if counts.total_machines() <= MAX_SAFE_INTEGER {
        return Ok(());
    }
    let named = [
        ("pending_machines", counts.pending_machines()),
        ("failed_machines", counts.failed_machines()),
        ("completed_machines", counts.completed_machines()),
    ];
    let (path, machines) = match named.into_iter().find(|(_, machines)| *machines > MAX_SAFE_INTEGER) {
        Some((name, machines)) => (format!("{path}.{name}"), machines),
        None => (path.to_owned(), counts.total_machines()),
    };
    let message = format!(
        "{path}: {machines} machines exceed {MAX_SAFE_INTEGER}, the largest integer that JavaScript holds exactly"
    );
    Err(BindingError::decode(path, message))
}
