//! What holds for every input, whoever it comes from.
//!
//! Each function panics where a law is broken. Property tests call them with inputs that make sense, the fuzz targets
//! with any bytes at all, and this crate's tests with the seeds of fuzzing. A function that takes bytes returns what came
//! of them, so that the seeds are seen to reach every end.
//!
//! | Bytes | Law |
//! | --- | --- |
//! | the body of a response | [`body()`] |
//! | a limit, a scope or a gate, and the body of a status | [`expression`] |
//! | a scenario file | [`scenario()`] |
//! | a file of recorded waits | [`recording`] |
//! | a policy and readings, in a few bytes each | [`script()`] |

#![allow(clippy::missing_panics_doc)] // To panic is how a law says that it is broken.

mod body;
mod expression;
mod recording;
mod scenario;
mod script;
mod status;
mod waiting;

pub use body::body;
pub use expression::{expression, verdict};
pub use recording::recording;
pub use scenario::scenario;
pub use script::script;
pub use status::{counts, status};
pub use waiting::waiting;

/// A law for any bytes: returns what came of them.
pub type Law = fn(&[u8]) -> &'static str;

/// The fuzz targets and their laws.
pub const TARGETS: [(&str, Law); 5] =
    [("decode", body), ("gate", expression), ("scenario", scenario), ("replay", recording), ("monitor", script)];
