//! The documents that commands write, and recordings, which they read back.

pub(crate) mod recording;
pub(crate) mod status;
