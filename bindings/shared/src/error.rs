//! Errors in the form that crosses the FFI boundary.

use std::any::Any;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use clanforge::core::ResponseError;
use clanforge::{Error, ErrorKind, ErrorReport};
use serde::Serialize;

/// An error with every field that an exception has.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct BindingError(Box<ErrorReport>);

impl BindingError {
    /// Returns an error of a kind, without the fields of a call.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(ErrorReport::new(kind, message)))
    }

    /// Returns the error for a response body that cannot be decoded; `path` is the `JSONPath` of the invalid value.
    pub fn decode(path: String, message: String) -> Self {
        let mut report = ErrorReport::new(ErrorKind::Decode, message);
        report.json_path = Some(path);
        Self(Box::new(report))
    }

    /// Returns every field, by value.
    pub fn into_report(self) -> ErrorReport {
        *self.0
    }

    /// Returns every field.
    pub fn report(&self) -> &ErrorReport {
        &self.0
    }

    /// Returns the error for an invalid argument or setting.
    #[allow(clippy::needless_pass_by_value)] // So that `map_err` can take it by name.
    pub fn configuration(problem: impl ToString) -> Self {
        Self::new(ErrorKind::Configuration, problem.to_string())
    }

    /// Returns the error for a call of a closed client.
    pub fn closed_client() -> Self {
        Self::configuration("the client is closed: create a new one")
    }

    /// Returns the error for using a wait that was abandoned.
    pub fn abandoned_wait() -> Self {
        Self::configuration(
            "the wait was abandoned because a call for its next update was interrupted: start a new wait",
        )
    }

    /// Returns the error for a client that cannot be created because the system has no thread or socket left.
    pub fn startup(problem: &impl ToString) -> Self {
        Self::new(ErrorKind::Local, format!("could not create the client: {}", problem.to_string()))
    }

    /// Returns the error for a panic, which is a bug in this library.
    pub fn panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        Self::bug(text.unwrap_or("panic without a message"))
    }

    /// Returns the error for a bug in this library.
    pub fn bug(problem: impl Display) -> Self {
        Self::new(ErrorKind::Internal, format!("bug in clanforge, please report it: {problem}"))
    }
}

impl From<Error> for BindingError {
    fn from(error: Error) -> Self {
        Self(Box::new(error.into_report()))
    }
}

impl From<ResponseError> for BindingError {
    fn from(error: ResponseError) -> Self {
        let message = error.to_string();
        match error {
            ResponseError::Api(api) => {
                let mut report = ErrorReport::new(ErrorKind::Api, message);
                report.api_code = api.code().map(str::to_owned);
                report.api_message = Some(api.message().to_owned());
                Self(Box::new(report))
            }
            ResponseError::Decode(decode) => Self::decode(decode.path().to_owned(), message),
        }
    }
}

/// Runs a function, and returns a panic as an error: a bug in this library must not end the user's process.
///
/// # Errors
/// The error that the function returns, or an `internal` error if it panics.
pub fn catch_panic<T, E: From<BindingError>>(run: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(BindingError::panic(&*panic).into()))
}

/// A future that returns a panic of the inner call as an error.
pub struct CatchPanic<F>(Pin<Box<F>>);

impl<F> CatchPanic<F> {
    /// Wraps a call.
    pub fn new(call: F) -> Self {
        Self(Box::pin(call))
    }
}

impl<T, E: Into<BindingError>, F: Future<Output = Result<T, E>>> Future for CatchPanic<F> {
    type Output = Result<T, BindingError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context))) {
            Ok(polled) => polled.map_err(Into::into),
            Err(panic) => Poll::Ready(Err(BindingError::panic(&*panic))),
        }
    }
}
