//! Tells whether a request opened a connection or took one from the pool.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

tokio::task_local! {
    static OPENED: Cell<bool>;
}

/// Runs a request, and returns whether a connection was opened for it, or failed to open.
///
/// The pool calls its connector within the future of the request, and only where it has no connection: no idle one, and none
/// of HTTP/2, which many requests share. Where an idle one becomes available before the new one is open, the request takes it,
/// and the new one is opened in the background. Where several requests call the connector at the same time and the server
/// uses HTTP/2, they share the connection of one of them, which is as fresh as their own.
pub(crate) async fn track<F: Future>(request: F) -> (F::Output, bool) {
    OPENED
        .scope(Cell::new(false), async {
            let output = request.await;
            (output, OPENED.with(Cell::get))
        })
        .await
}

/// Records each connection that is opened.
#[derive(Clone, Copy)]
pub(crate) struct ConnectTracker;

impl<S> Layer<S> for ConnectTracker {
    type Service = TrackedConnector<S>;

    fn layer(&self, connector: S) -> TrackedConnector<S> {
        TrackedConnector(connector)
    }
}

#[derive(Clone)]
pub(crate) struct TrackedConnector<S>(S);

impl<S, R> Service<R> for TrackedConnector<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let opening = self.0.call(target);
        Box::pin(async move {
            let connection = opening.await;
            // Outside a request nobody reads it: the request has taken another connection.
            let _ = OPENED.try_with(|opened| opened.set(true));
            connection
        })
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::{Ready, pending, ready};

    use super::*;

    /// Opens a connection immediately, or never.
    struct Connector {
        is_quick: bool,
    }

    impl Service<()> for Connector {
        type Response = ();
        type Error = Infallible;
        type Future = Pin<Box<dyn Future<Output = Result<(), Infallible>> + Send>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, (): ()) -> Self::Future {
            if self.is_quick { Box::pin(ready(Ok(()))) } else { Box::pin(pending()) }
        }
    }

    /// Returns whether a request that calls the connector opened a connection, where it may take a pooled one meanwhile.
    async fn opens(is_quick: bool, pooled: Option<Ready<()>>) -> bool {
        let mut connector = ConnectTracker.layer(Connector { is_quick });
        let request = async {
            let opening = connector.call(());
            match pooled {
                Some(pooled) => drop(futures_util::future::select(pooled, opening).await),
                None => drop(opening.await),
            }
        };
        track(request).await.1
    }

    #[tokio::test]
    async fn a_request_that_opens_a_connection_is_recorded() {
        assert!(opens(true, None).await);
    }

    #[tokio::test]
    async fn a_request_that_takes_a_pooled_connection_while_another_opens_is_not_recorded() {
        assert!(!opens(false, Some(ready(()))).await);
        assert!(!opens(true, Some(ready(()))).await);
    }

    #[tokio::test]
    async fn a_request_that_needs_no_connection_is_not_recorded() {
        assert!(!track(async {}).await.1);
    }
}
