//! The laws, with inputs that make sense, with any bytes and with the seeds of fuzzing.

mod bytes;
mod seeds;
mod statuses;
mod waits;
