//! The runtime of asynchronous calls.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle};

use crate::error::BindingError;

/// Returns the runtime of this process, which runs on a single thread.
///
/// # Errors
/// `local` if the system has no thread or socket left for it.
pub fn runtime() -> Result<&'static Handle, BindingError> {
    static RUNTIME: OnceLock<Result<Handle, String>> = OnceLock::new();
    let handle = RUNTIME.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build();
        let runtime = runtime.map_err(|problem| problem.to_string())?;
        let handle = runtime.handle().clone();
        std::thread::Builder::new()
            .name("clanforge".to_owned())
            .spawn(move || runtime.block_on(std::future::pending::<()>()))
            .map_err(|problem| problem.to_string())?;
        Ok(handle)
    });
    handle.as_ref().map_err(BindingError::startup)
}
