//! What the readings so far add up to.
//!
//! Each of these types takes every reading and tracks one thing: whether there is evidence of the new version ([`Evidence`]),
//! whether the rollout moves ([`Progress`]), how fast ([`Pace`]), when the next install ends ([`Forecast`]), how many
//! readings agree ([`Streak`]), and for how long readings have failed ([`Outage`]). None of them decides anything.

mod estimate;
mod evidence;
mod forecast;
mod outage;
mod part;
mod progress;
mod streak;
mod view;

pub use estimate::Estimate;

pub(super) use estimate::Pace;
pub(super) use evidence::Evidence;
pub(super) use forecast::Forecast;
pub(super) use outage::Outage;
pub(super) use progress::Progress;
pub(super) use streak::Streak;
