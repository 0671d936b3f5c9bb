//! How calls run: on the thread of their caller, or in the background for an event loop, with a runtime, a client and connections
//! for each process.

pub(crate) mod background;
pub(crate) mod blocking;
pub(crate) mod call;
pub(crate) mod completion_queue;
pub(crate) mod descriptors;
pub(crate) mod process_state;
