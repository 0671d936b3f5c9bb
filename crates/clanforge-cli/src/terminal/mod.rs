//! Standard output and standard error: streams, colours, tables, progress and signals.

pub(crate) mod columns;
pub(crate) mod live_view;
pub(crate) mod log;
pub(crate) mod paint;
pub(crate) mod progress;
pub(crate) mod signals;
pub(crate) mod streams;
pub(crate) mod table;
