//! Tells whether an attempt opened a connection or took a pooled one.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

tokio::task_local! {
    static OPENED: Cell<bool>;
}

/// Runs an attempt, and returns whether a connection was opened for it, or failed to be.
///
/// The pool asks its connector within the future of the request, and only where no connection is at hand: none that is
/// idle, and none of HTTP/2, which many requests share. Should an idle one come back before the new one is open, the request
/// takes that, and the new one is finished in the background. Where several attempts ask at the same time and the server
/// speaks HTTP/2, they end up on the connection of one of them, which is as fresh as their own.
pub(crate) async fn watch<F: Future>(attempt: F) -> (F::Output, bool) {
    OPENED
        .scope(Cell::new(false), async {
            let output = attempt.await;
            (output, OPENED.with(Cell::get))
        })
        .await
}

/// Notes every connection that is opened.
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
            // Outside an attempt nobody asks: this one lost its race.
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

    /// Opens a connection at once, or never.
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

    /// Returns whether an attempt that asks for a connection, and takes a pooled one where that is there first, opened one.
    async fn opens(is_quick: bool, pooled: Option<Ready<()>>) -> bool {
        let mut connector = ConnectTracker.layer(Connector { is_quick });
        let attempt = async {
            let opening = connector.call(());
            match pooled {
                Some(pooled) => drop(futures_util::future::select(pooled, opening).await),
                None => drop(opening.await),
            }
        };
        watch(attempt).await.1
    }

    #[tokio::test]
    async fn an_attempt_that_opens_a_connection_has_opened_one() {
        assert!(opens(true, None).await);
    }

    #[tokio::test]
    async fn an_attempt_that_takes_a_pooled_connection_while_another_opens_has_opened_none() {
        assert!(!opens(false, Some(ready(()))).await);
        assert!(!opens(true, Some(ready(()))).await);
    }

    #[tokio::test]
    async fn an_attempt_that_asks_for_no_connection_has_opened_none() {
        assert!(!watch(async {}).await.1);
    }
}
