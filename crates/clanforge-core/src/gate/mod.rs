//! The caller's own definition of ready, and what it says of one status.
//!
//! A [`Gate`] is data: three limits and where they apply. [`Gate::evaluate`] judges a status and returns a [`Verdict`],
//! which is data as well: what was judged, which limits it misses, and a sentence for people.

mod definition;
mod evaluate;
mod limit;
mod percentage;
mod scope;
mod unknown_name;
mod verdict;

pub use definition::{Gate, InvalidPer, Per};
pub use limit::{InvalidLimit, Limit};
pub use percentage::{InvalidPercentage, Percentage};
pub use scope::{Missing, Scope};
pub use verdict::{CountName, ScopeVerdict, Shortfall, Verdict};
