//! Conversion of JavaScript numbers, which are exact up to 2^53 - 1.

use clanforge::{ImageRef, ImageStatus, MachineCounts};
use clanforge_bindings::BindingError;

/// The largest integer that a JavaScript number holds exactly.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// Converts an integer that the TypeScript layer has checked.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // It is an integer from 0 to 2^53 - 1.
pub(crate) const fn to_u64(number: f64) -> u64 {
    number as u64
}

/// The account service ID and the image ID.
pub(crate) type Image = (f64, f64);

pub(crate) fn image((account_service_id, image_id): Image) -> ImageRef {
    ImageRef::new(to_u64(account_service_id), to_u64(image_id))
}

/// Pending, failed and completed machines.
pub(crate) type Counts = (f64, f64, f64);

/// Converts the counts of a status that `check` has accepted.
#[allow(clippy::cast_precision_loss)] // They are below 2^53.
pub(crate) fn counts(counts: MachineCounts) -> Counts {
    (counts.pending_machines() as f64, counts.failed_machines() as f64, counts.completed_machines() as f64)
}

pub(crate) fn machine_counts((pending, failed, completed): Counts) -> Result<MachineCounts, BindingError> {
    MachineCounts::new(to_u64(pending), to_u64(failed), to_u64(completed)).map_err(BindingError::configuration)
}

/// Rejects a status with a count that a JavaScript number cannot hold; the error has the `JSONPath` of the count.
pub(crate) fn check(status: &ImageStatus) -> Result<(), BindingError> {
    check_counts(status.counts(), || "$".to_owned())?;
    for fleet in status.fleets().unwrap_or_default() {
        check_counts(fleet.counts(), || format!("$.fleets['{}']", fleet.id()))?;
        for region in fleet.regions() {
            check_counts(region.counts(), || format!("$.fleets['{}'].regions['{}']", fleet.id(), region.id()))?;
        }
    }
    Ok(())
}

fn check_counts(counts: MachineCounts, path: impl Fn() -> String) -> Result<(), BindingError> {
    let numbers = [
        (".pending_machines", counts.pending_machines()),
        (".failed_machines", counts.failed_machines()),
        (".completed_machines", counts.completed_machines()),
        ("", counts.total_machines()),
    ];
    let too_large = numbers.into_iter().find(|(_, machines)| *machines > MAX_SAFE_INTEGER);
    let Some((name, machines)) = too_large else { return Ok(()) };
    let path = path() + name;
    let message = format!(
        "{path}: {machines} machines exceed {MAX_SAFE_INTEGER}, the largest integer that JavaScript holds exactly"
    );
    Err(BindingError::decode(path, message))
}
