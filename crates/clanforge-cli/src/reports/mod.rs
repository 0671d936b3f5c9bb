//! The documents on standard output, in each of their formats.

pub(crate) mod metrics;
pub(crate) mod status;
pub(crate) mod update;
