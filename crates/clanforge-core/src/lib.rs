//! What a Clanforge image status means: models, decoding, aggregation, gate and waiting, without I/O.
//!
//! Nothing here reads a clock, the environment, a file or a socket; nothing is async and nothing depends on the
//! language of the caller. A reading goes through the crate in this order:
//!
//! | Step | Module | In → out |
//! | --- | --- | --- |
//! | request | [`request`] | image and detail → path and query |
//! | decode | [`decode`] | response body → [`ImageStatus`], or what is wrong with it and where |
//! | aggregate | [`status`] | counts of the image, its fleets and regions → readiness, percent complete, failed regions |
//! | judge | [`gate`] | status and [`Gate`] → [`Verdict`] and a sentence |
//! | wait | [`monitor`] | readings and their times → when to read again, or how the wait ends |
//!
//! In addition: [`recording`] (waits as lines of JSON), [`documents`] (the JSON that commands print), [`error_kind`] and
//! [`error_report`] (what goes wrong), [`exit_code`] (how a command ends), [`text`] (untrusted text, made safe to show),
//! [`seconds`] and [`timestamp`] (durations and times in JSON); with the feature of the same name, `report` (waits as HTML,
//! SVG and Markdown) and `schema` (JSON Schema of all documents).
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

pub mod decode;
pub mod documents;
pub mod error_kind;
pub mod error_report;
pub mod exit_code;
pub mod gate;
pub mod monitor;
pub mod recording;
#[cfg(feature = "report")]
pub mod report;
pub mod request;
#[cfg(feature = "schema")]
pub mod schema;
pub mod seconds;
pub mod status;
pub mod text;
pub mod timestamp;
mod version;

pub use decode::{ApiError, DecodeError, ResponseError, decode_image_status};
pub use error_kind::ErrorKind;
pub use error_report::ErrorReport;
pub use exit_code::ExitCode;
pub use gate::{
    CountName, Gate, InvalidLimit, InvalidPer, InvalidPercentage, Limit, Missing, Per, Percentage, Scope, ScopeVerdict,
    Shortfall, Verdict,
};
pub use request::{ImageRef, ImageStatusRequest};
pub use status::{
    CountOverflow, FleetStatus, ImageStatus, InvalidStatus, MachineCounts, Mismatch, Readiness, RegionRow,
    RegionStatus, Summary,
};
