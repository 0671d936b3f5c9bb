//! The asynchronous runtime of a command.

use tokio::runtime::Builder;

use crate::failure::Failure;

/// Runs a future to its end on the calling thread.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::system("start the asynchronous runtime", &error))?.block_on(future)
}
