//! Waiting, as a state machine without a clock or I/O.
//!
//! A [`Monitor`] takes each reading with its time and returns a [`Step`]: an [`Update`] to show, and what to do next:
//! read again after a poll interval, or stop with an [`Outcome`]. The driver reads and sleeps: async Rust, blocking Rust, the
//! command line, a replay of recorded readings, a simulation in virtual time.
//!
//! [`Policy`] and [`Baseline`] go in, updates and the outcome come out; all of them are data with a JSON form.
//! `machine` takes the readings, `tracking` holds what they add up to, `conclusion` decides whether the wait ends,
//! `interval` when to read next. A [`Snapshot`] is a monitor as JSON, which another process continues.
//!
//! ```
//! use std::time::Duration;
//!
//! use clanforge_core::monitor::{Baseline, Freshness, Monitor, Next, OutcomeKind, Policy, Reading};
//! use clanforge_core::{ImageRef, ImageStatus, MachineCounts};
//!
//! let status = |pending, completed| ImageStatus::new(MachineCounts::new(pending, 0, completed).unwrap());
//! let image = ImageRef::new(1234, 5678);
//! let baseline = Baseline::new(image, status(0, 40));
//! let mut monitor = Monitor::new(image, Policy::default(), Some(&baseline))?;
//!
//! // Everything is completed, but with the previous version: not ready.
//! let step = monitor.observe(Duration::ZERO, Reading::Status(status(0, 40)));
//! assert!(matches!(step.next, Next::Read { .. }));
//!
//! // Two readings show the new version installing, one shows it completed, and another confirms it.
//! monitor.observe(Duration::from_secs(120), Reading::Status(status(40, 0)));
//! monitor.observe(Duration::from_secs(125), Reading::Status(status(40, 0)));
//! monitor.observe(Duration::from_secs(600), Reading::Status(status(0, 40)));
//! let step = monitor.observe(Duration::from_secs(602), Reading::Status(status(0, 40)));
//! let Next::Finished(outcome) = step.next else { panic!("two readings agree") };
//! assert_eq!((outcome.kind, outcome.freshness), (OutcomeKind::Ready, Freshness::Observed));
//! # Ok::<(), clanforge_core::monitor::InvalidPolicy>(())
//! ```

mod baseline;
mod combined;
mod conclusion;
mod interval;
mod machine;
mod outcome;
mod policy;
mod snapshot;
mod step;
mod tracking;
mod update;

pub use baseline::Baseline;
pub use combined::{CombinedOutcome, ImageOutcome, NotAllReady};
pub use machine::Monitor;
pub use outcome::{Freshness, NotReady, Outcome, OutcomeKind};
pub use policy::{InvalidPolicy, Policy};
pub use snapshot::{InvalidSnapshot, Snapshot};
pub use step::{Next, Reading, Step};
pub use tracking::Estimate;
pub use update::{Changes, ReadFailed, ReadFailure, ReadingTaken, Update};
