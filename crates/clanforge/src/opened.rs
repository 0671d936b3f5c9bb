//! Tells whether an attempt opened a connection or took a pooled one.

use std::cell::Cell;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

tokio::task_local! {
    static OPENED: Cell<bool>;
}

/// Runs an attempt, and returns whether it asked for a connection to be opened.
///
/// The pool asks its connector within the future of the request, and only where no connection is at hand: none that is
/// idle, and none of HTTP/2, which many requests share. Where several attempts ask at the same time and the server speaks
/// HTTP/2, they end up on the connection of one of them: each has asked, and what they got is as fresh as their own.
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
pub(crate) struct NoteOpened;

impl<S> Layer<S> for NoteOpened {
    type Service = Noted<S>;

    fn layer(&self, connector: S) -> Noted<S> {
        Noted(connector)
    }
}

#[derive(Clone)]
pub(crate) struct Noted<S>(S);

impl<S: Service<R>, R> Service<R> for Noted<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: R) -> S::Future {
        // Outside an attempt nobody asks: a connection that lost a race is finished in the background.
        let _ = OPENED.try_with(|opened| opened.set(true));
        self.0.call(target)
    }
}
