//! The three counts that the service gives for an image, a fleet and a region.

use serde::{Deserialize, Serialize};

/// The three counts of one image, fleet or region.
///
/// The meanings are those of the service's documentation. The sum of the three always fits into 64 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "Fields")]
#[allow(clippy::struct_field_names)] // They are the service's names.
pub struct MachineCounts {
    /// Running machines with an install pending.
    pending_machines: u64,
    /// Disabled machines that are unable to install.
    failed_machines: u64,
    /// Running machines that are fully installed.
    completed_machines: u64,
}

impl MachineCounts {
    /// Returns the counts of machines that are pending, failed and completed, in this order.
    ///
    /// # Errors
    /// [`CountOverflow`] if the sum of the three exceeds [`u64::MAX`].
    pub const fn new(pending: u64, failed: u64, completed: u64) -> Result<Self, CountOverflow> {
        let counts = Self { pending_machines: pending, failed_machines: failed, completed_machines: completed };
        match counts.checked_total() {
            Some(_) => Ok(counts),
            None => Err(CountOverflow),
        }
    }

    /// Returns the number of running machines with installs pending.
    pub const fn pending_machines(self) -> u64 {
        self.pending_machines
    }

    /// Returns the number of disabled machines that are unable to install.
    pub const fn failed_machines(self) -> u64 {
        self.failed_machines
    }

    /// Returns the number of running machines that are fully installed.
    pub const fn completed_machines(self) -> u64 {
        self.completed_machines
    }

    /// Returns the number of all machines: pending, failed and completed.
    pub const fn total_machines(self) -> u64 {
        self.pending_machines + self.failed_machines + self.completed_machines
    }

    /// Returns the counts of both together.
    ///
    /// # Errors
    /// [`CountOverflow`] if the machines of both together exceed [`u64::MAX`].
    pub fn plus(self, other: Self) -> Result<Self, CountOverflow> {
        let (Some(pending), Some(failed), Some(completed)) = (
            self.pending_machines.checked_add(other.pending_machines),
            self.failed_machines.checked_add(other.failed_machines),
            self.completed_machines.checked_add(other.completed_machines),
        ) else {
            return Err(CountOverflow);
        };
        Self::new(pending, failed, completed)
    }

    /// Returns the sum of `parts`.
    ///
    /// # Errors
    /// [`CountOverflow`] if all machines together exceed [`u64::MAX`].
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Result<Self, CountOverflow> {
        parts.into_iter().try_fold(Self::default(), Self::plus)
    }

    /// Returns the sum of parts of a status, whose constructors have checked that it fits.
    pub(crate) fn sum_of_parts(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::sum(parts).expect("a status holds no more machines than 64 bits can count")
    }

    const fn checked_total(self) -> Option<u64> {
        match self.pending_machines.checked_add(self.failed_machines) {
            Some(sum) => sum.checked_add(self.completed_machines),
            None => None,
        }
    }
}

/// Counts as they are deserialized, before their sum is checked.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_field_names)] // They are the service's names.
struct Fields {
    pending_machines: u64,
    failed_machines: u64,
    completed_machines: u64,
}

impl TryFrom<Fields> for MachineCounts {
    type Error = CountOverflow;

    fn try_from(fields: Fields) -> Result<Self, CountOverflow> {
        Self::new(fields.pending_machines, fields.failed_machines, fields.completed_machines)
    }
}

/// More machines than 64 bits can count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the machine counts add up to more than {max}", max = u64::MAX)]
pub struct CountOverflow;
