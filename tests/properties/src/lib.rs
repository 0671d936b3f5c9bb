//! Properties that hold for every input.
//!
//! Each function panics if a property is violated. Property tests call them with generated inputs, the fuzz targets
//! with arbitrary bytes, and this crate's tests with the seeds of the fuzz targets. A function that takes bytes returns
//! the name of the result that they lead to, so that a test can check that the seeds cover every result.
//!
//! | Bytes | Property |
//! | --- | --- |
//! | the body of a response | [`body()`] |
//! | a limit, a scope or a gate, and the body of a status | [`expression`] |
//! | a scenario file | [`scenario()`] |
//! | a file of recorded waits | [`recording`] |
//! | a policy and readings, in a few bytes each | [`script()`] |

#![allow(clippy::missing_panics_doc)] // A violated property panics.

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
pub use waiting::{restored, waiting};

/// A property of arbitrary bytes: returns the name of the result.
pub type Property = fn(&[u8]) -> &'static str;

/// The fuzz targets and their properties.
pub const TARGETS: [(&str, Property); 5] =
    [("decode", body), ("gate", expression), ("scenario", scenario), ("replay", recording), ("monitor", script)];
