//! The documents on standard output, in each of their formats, and recordings, which are files.

pub(crate) mod status;
pub(crate) mod update;
