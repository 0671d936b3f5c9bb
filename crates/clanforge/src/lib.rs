//! Tells whether a game image has reached the machines of a fleet on Multiplay Clanforge.
//!
//! An unofficial client of the service's *image status* endpoint. By default, an error body,
//! an empty fleet, a body that is not a status and an unreachable service never count as ready: each is reported as such.
//!
//! ```no_run
//! use clanforge::{Client, Gate, ImageRef};
//!
//! # async fn look() -> Result<(), clanforge::Error> {
//! let client = Client::from_env()?; // CLANFORGE_ACCESS_KEY and CLANFORGE_SECRET_KEY, or CLANFORGE_TOKEN
//! let status = client.image_status(ImageRef::new(1234, 5678)).detail(true).await?;
//! println!("{}: {}", status.readiness(), status.counts().percent_text());
//! for region in status.failed_regions().unwrap_or_default() {
//!     println!("{} has {} failed machines", region.name, region.counts.failed_machines());
//! }
//! println!("{}", Gate::default().evaluate(&status));
//! # Ok(())
//! # }
//! ```
//!
//! The service's response names no version: until the rollout of a version has started, the counts still describe the
//! version before it. One reading cannot tell them apart. [`Client::wait`] does, by a baseline from before the start:
//!
//! ```no_run
//! # async fn patch(client: clanforge::Client, image: clanforge::ImageRef) -> Result<(), Box<dyn std::error::Error>> {
//! let baseline = client.baseline(image).await?;
//! // … start the rollout …
//! client.wait(image).baseline(baseline).await?.into_result()?;
//! // … send players over …
//! # Ok(())
//! # }
//! ```
//!
//! # Contents
//!
//! | Subject | Items |
//! | --- | --- |
//! | requests | [`Client`], [`ClientBuilder`], [`Credentials`]; without async: `blocking` (feature `blocking`) |
//! | responses | [`ImageStatus`] and its parts, [`Readiness`] |
//! | waiting | [`Client::wait`], [`Client::watch`], [`Client::baseline`], [`monitor`]; for several images [`Client::wait_all`], [`Client::watch_all`] |
//! | starting a rollout and waiting for it | [`Client::rollout`] |
//! | your definition of ready | [`Gate`], [`Limit`], [`Verdict`] |
//! | errors | [`Error`], [`ErrorKind`] |
//! | options and their defaults | [`ClientOptions`] |
//!
//! # Logs
//!
//! The crate logs through [`tracing`]. Each call has a span `image_status`, with an event at level `debug` for each request, each
//! response and each failed attempt. Waits log the progress of the rollout at level `info`, and warnings, outages and outcomes
//! other than ready at level `warn`. Keys, tokens, queries, bodies and headers that are not on a list of harmless ones are
//! never logged.

mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod call;
mod client;
mod environment;
mod error;
mod http;
mod image_status;
mod options;
pub mod schema;
mod wait;

pub use clanforge_core as core;
pub use clanforge_core::monitor;
pub use clanforge_core::{
    CountName, ErrorKind, ErrorReport, ExitCode, FleetStatus, Gate, ImageRef, ImageStatus, Limit, MachineCounts,
    Mismatch, Missing, Per, Readiness, RegionRow, RegionStatus, Scope, ScopeVerdict, Shortfall, Summary, Verdict,
};

pub use auth::{AuthScheme, Credentials};
pub use builder::ClientBuilder;
pub use client::Client;
pub use error::Error;
pub use image_status::ImageStatusCall;
pub use options::ClientOptions;
pub use wait::{AllUpdates, Rollout, RolloutCall, RolloutError, Updates, WaitAllCall, WaitCall, WaitOptions};
