//! What calls run on while their callers go on.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle};

use crate::fault::Fault;

/// Returns the runtime of this process, which one thread drives.
///
/// # Errors
/// Where the system has no thread or no socket left for it.
pub fn runtime() -> Result<&'static Handle, Fault> {
    static RUNTIME: OnceLock<Result<Handle, String>> = OnceLock::new();
    let made = RUNTIME.get_or_init(|| {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build();
        let runtime = runtime.map_err(|problem| problem.to_string())?;
        let handle = runtime.handle().clone();
        std::thread::Builder::new()
            .name("clanforge".to_owned())
            .spawn(move || runtime.block_on(std::future::pending::<()>()))
            .map_err(|problem| problem.to_string())?;
        Ok(handle)
    });
    made.as_ref().map_err(Fault::set_up)
}
