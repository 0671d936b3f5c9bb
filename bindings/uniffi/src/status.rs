//! The handle of an image status: records hold it, and `models` reads it.

use std::sync::Arc;

/// The status of an image: the number of machines in each state, and with detail those of each fleet and region.
#[derive(Debug, PartialEq, uniffi::Object)]
#[uniffi::export(Eq)]
pub struct ImageStatus(pub(crate) Arc<clanforge::ImageStatus>);

/// A status without machines, in the place of one that is not decoded yet.
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
