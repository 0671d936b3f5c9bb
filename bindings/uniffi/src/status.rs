//! The handle of an image status, which records contain. Its methods are in `models`.

use std::sync::Arc;

/// The status of an image: machine counts in total and, with detail, for each fleet and region.
#[derive(Debug, PartialEq, uniffi::Object)]
#[uniffi::export(Eq)]
pub struct ImageStatus(pub(crate) Arc<clanforge::ImageStatus>);

/// A status without machines: the placeholder in a record until its status is set.
impl Default for ImageStatus {
    fn default() -> Self {
        Self(Arc::new(clanforge::ImageStatus::new(clanforge::MachineCounts::default())))
    }
}

impl ImageStatus {
    pub(crate) fn handle(status: clanforge::ImageStatus) -> Arc<Self> {
        Arc::new(Self(Arc::new(status)))
    }
}
