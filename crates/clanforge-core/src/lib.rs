//! What a Clanforge image status means, without asking anybody for it.
//!
//! Nothing here reads a clock, the environment, a file or a socket; nothing is async and nothing knows a foreign
//! language. A reading goes through the crate in this order:
//!
//! | Step | Module | In → out |
//! | --- | --- | --- |
//! | ask | [`request`] | image and detail → path and query |
//! | read | [`decode`] | body → [`ImageStatus`], or what is wrong with it and where |
//! | model | [`status`] | counts of the image, its fleets and their regions |
//! | sum up | [`summary`] | status → readiness, percent complete, failed regions, mismatches |
//! | judge | [`gate`], [`verdict`] | status and [`Gate`] → [`Verdict`] and a sentence |
//! | wait | [`monitor`] | readings and their times → when to read again, and how it ends |
//!
//! ```
//! use clanforge_core::{Gate, Limit, Readiness, decode_image_status};
//!
//! let status = decode_image_status(br#"{"pending_machines": 0, "failed_machines": 1, "completed_machines": 39}"#)?;
//! assert_eq!(status.readiness(), Readiness::Degraded);
//! assert_eq!(status.percent_complete(), Some(97.5));
//!
//! let verdict = Gate::default().evaluate(&status);
//! assert_eq!(verdict.reason(), "not ready: the image has 1 failed machine, at most 0 allowed");
//! assert!(Gate::default().max_failed(Limit::percent(5)?).evaluate(&status).is_ready());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod counts;
pub mod decode;
pub mod error_kind;
pub mod gate;
pub mod limit;
pub mod monitor;
pub mod percentage;
pub mod request;
pub mod status;
pub mod summary;
pub mod text;
pub mod verdict;
mod wire;

pub use counts::{CountOverflow, MachineCounts};
pub use decode::{ApiError, DecodeError, ResponseError, decode_image_status};
pub use error_kind::ErrorKind;
pub use gate::{Gate, InvalidPer, Per};
pub use limit::{InvalidLimit, Limit};
pub use percentage::{InvalidPercentage, Percentage};
pub use request::{ImageRef, ImageStatusRequest};
pub use status::{FleetStatus, ImageStatus, InvalidStatus, RegionRow, RegionStatus};
pub use summary::{Mismatch, Readiness, Summary};
pub use verdict::{CountName, Missing, Scope, ScopeVerdict, Shortfall, Verdict};
