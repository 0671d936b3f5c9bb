//! The model of one response: an image, its fleets, their regions, and the three counts of each.
//!
//! The module exports [`ImageStatus`] and its parts. They are sorted by ID, their IDs are unique and their sums fit
//! into 64 bits: the constructors check it, so no other module has to. Aggregates (readiness, percent complete, failed
//! regions, mismatches) are methods of the same types. Reading a response is the work of [`decode`](crate::decode).

mod counts;
mod image;
mod json;
mod summary;

pub use counts::{CountOverflow, MachineCounts};
pub use image::{FleetStatus, ImageStatus, InvalidStatus, RegionRow, RegionStatus};
pub use summary::{Mismatch, Readiness, Summary};

pub(crate) use image::sort_by_unique_id;
