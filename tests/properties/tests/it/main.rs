//! The properties, with generated inputs, with arbitrary bytes and with the seeds of the fuzz targets.

mod bytes;
mod schemas;
mod seeds;
mod statuses;
mod waits;
