//! Servers to test against: simulators, servers that send raw bytes, and one of HTTP/2 that is written frame by frame.

mod certificates;
mod http2_server;
mod raw_server;
mod simulators;

use std::time::{Duration, Instant};

use clanforge::ImageRef;

pub(crate) use certificates::{Authority, server_config};
pub(crate) use http2_server::{
    CANCEL, ENHANCE_YOUR_CALM, Http2Server, INTERNAL_ERROR, NO_ERROR, REFUSED_STREAM, Response,
};
pub(crate) use raw_server::{RecordingServer, STATUS_RESPONSE, raw_server, stalling_server};
pub(crate) use simulators::{always, builder, client, json, simulation, simulator};

pub(crate) const IMAGE: ImageRef = ImageRef::new(1234, 5678);

/// Waits until another thread makes a condition true, for as long as a very busy machine may need.
pub(crate) fn until(condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(60), "the condition does not become true");
        std::thread::yield_now();
    }
}
