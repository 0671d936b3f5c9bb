//! Numbers for the report.

#[allow(clippy::cast_precision_loss)] // Means need no more digits.
pub(crate) const fn float(count: u64) -> f64 {
    count as f64
}

/// Returns the median; not a number if there are none.
pub(crate) fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
