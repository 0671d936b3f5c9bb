//! The client and runtime of one process.

use std::sync::Arc;

use clanforge_bindings::{BindingError, Closing, Settings};

use crate::runtime::blocking::BlockingRuntime;
use crate::runtime::descriptors::Descriptors;

/// The client and runtime of one process.
pub(crate) struct ProcessState {
    descriptors: Descriptors,
    pub(crate) client: clanforge::Client,
    pub(crate) runtime: BlockingRuntime,
    pub(crate) closing: Closing,
}

impl ProcessState {
    pub(crate) fn new(settings: &Settings, is_async: bool) -> Result<Arc<Self>, BindingError> {
        let client = settings.builder().build()?;
        let runtime = if is_async { BlockingRuntime::default() } else { BlockingRuntime::new()? };
        let descriptors = Descriptors::new().map_err(|problem| BindingError::startup(&problem))?;
        Ok(Arc::new(Self { descriptors, client, runtime, closing: Closing::default() }))
    }

    /// Whether this is the state of this process, and its connections are open: a forked child and a daemon need a new one.
    pub(crate) fn is_own(&self) -> bool {
        self.descriptors.are_own()
    }
}

impl Drop for ProcessState {
    fn drop(&mut self) {
        if !self.is_own() {
            // Without a lock, which a thread of the parent may have held.
            let (runtime, closing) = (std::mem::take(&mut self.runtime), std::mem::take(&mut self.closing));
            std::mem::forget((self.client.clone(), runtime, closing));
        }
    }
}
