//! The client and runtime of one process.

use std::sync::Arc;

use clanforge_bindings::{BindingError, Closing, Settings};

use crate::blocking::BlockingRuntime;

/// The client and runtime of one process.
pub(crate) struct ProcessState {
    process: u32,
    pub(crate) client: clanforge::Client,
    pub(crate) runtime: BlockingRuntime,
    pub(crate) closing: Closing,
}

impl ProcessState {
    pub(crate) fn new(settings: &Settings, is_async: bool) -> Result<Arc<Self>, BindingError> {
        let client = settings.builder().build()?;
        let runtime = if is_async { BlockingRuntime::default() } else { BlockingRuntime::new()? };
        Ok(Arc::new(Self { process: std::process::id(), client, runtime, closing: Closing::default() }))
    }

    /// Whether this is the state of this process, and not of its parent.
    pub(crate) fn is_own(&self) -> bool {
        self.process == std::process::id()
    }
}
