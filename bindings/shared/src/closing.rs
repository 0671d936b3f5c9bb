//! Clients that are closed while their calls run.

use tokio_util::sync::CancellationToken;

use crate::error::BindingError;

/// Ends the calls of a client once it is closed. Clones close together.
#[derive(Clone, Default)]
pub struct Closing(CancellationToken);

impl Closing {
    /// Ends every call that runs, and every later one before it sends a request.
    pub fn close(&self) {
        self.0.cancel();
    }

    /// Waits for a call, or until the client is closed.
    ///
    /// # Errors
    /// The error of the call, or `configuration` once the client is closed.
    pub async fn end<T, E: From<BindingError>>(self, call: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        if let Some(result) = self.0.run_until_cancelled(call).await {
            return result;
        }
        // Lets the connection of the call notice that it was dropped, and close.
        tokio::task::yield_now().await;
        Err(BindingError::configuration("the client was closed during the call").into())
    }
}
