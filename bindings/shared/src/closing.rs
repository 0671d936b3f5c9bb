//! Clients that are closed while their calls run.

use std::pin::pin;
use std::sync::Arc;

use futures_util::future::{Either, select};
use tokio::sync::Semaphore;

use crate::error::BindingError;

/// Ends the calls of a client once it is closed. Clones close together.
#[derive(Clone)]
pub struct Closing {
    /// Has no permits: acquiring one waits until it is closed.
    closed: Arc<Semaphore>,
}

impl Default for Closing {
    fn default() -> Self {
        Self { closed: Arc::new(Semaphore::new(0)) }
    }
}

impl Closing {
    /// Ends every call that runs, and every later one before it sends a request.
    pub fn close(&self) {
        self.closed.close();
    }

    /// Waits for a call, or until the client is closed.
    ///
    /// # Errors
    /// The error of the call, or `configuration` once the client is closed.
    pub async fn end<T>(self, call: impl Future<Output = Result<T, BindingError>>) -> Result<T, BindingError> {
        match select(pin!(self.closed.acquire()), Box::pin(call)).await {
            Either::Left((_, call)) => {
                drop(call);
                // Lets its connection notice that, and close.
                tokio::task::yield_now().await;
                Err(BindingError::configuration("the client was closed during the call"))
            }
            Either::Right((result, _)) => result,
        }
    }
}
