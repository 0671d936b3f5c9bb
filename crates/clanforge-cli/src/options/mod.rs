//! Groups of options that several commands share.

pub(crate) mod connection;
pub(crate) mod gate;
pub(crate) mod policy;
