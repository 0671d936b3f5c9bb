//! Errors in the form that crosses the FFI boundary.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use clanforge::core::ResponseError;
use clanforge::{Error, ErrorKind};
use serde::Serialize;

/// An error with every field that an exception has.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct BindingError(Box<ErrorFields>);

/// The fields of a [`BindingError`].
#[derive(Clone, Debug, Serialize)]
pub struct ErrorFields {
    /// The kind: the same word in every language.
    pub kind: &'static str,
    /// What happened, with the whole chain of causes, in one line. Holds no secret.
    pub message: String,
    /// The HTTP status of the last response.
    pub status: Option<u16>,
    /// The request ID of the last response.
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
    /// How long the call took.
    pub elapsed_seconds: f64,
    /// How long the service asked the client to wait.
    pub retry_after_seconds: Option<f64>,
    /// The error code of the response body.
    pub api_code: Option<String>,
    /// The error message of the response body.
    pub api_message: Option<String>,
    /// The `JSONPath` of the invalid value in the response body.
    pub json_path: Option<String>,
    /// The causes, from the outermost to the root cause.
    pub causes: Vec<String>,
}

impl BindingError {
    /// Returns an error of a kind, without the fields of a call.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(ErrorFields::new(kind, message.into())))
    }

    /// Returns the error for a response body that cannot be decoded; `path` is the `JSONPath` of the invalid value.
    pub fn decode(path: String, message: String) -> Self {
        Self(Box::new(ErrorFields { json_path: Some(path), ..ErrorFields::new(ErrorKind::Decode, message) }))
    }

    /// Returns every field.
    pub fn fields(&self) -> &ErrorFields {
        &self.0
    }

    /// Returns the error for an invalid argument or setting.
    #[allow(clippy::needless_pass_by_value)] // So that `map_err` can take it by name.
    pub fn configuration(problem: impl ToString) -> Self {
        Self::new(ErrorKind::Configuration, problem.to_string())
    }

    /// Returns the error for using a wait that was abandoned.
    pub fn abandoned_wait() -> Self {
        Self::configuration(
            "the wait was abandoned because a call for its next update was interrupted: start a new wait",
        )
    }

    /// Returns the error for a client that cannot be created because the system has no thread or socket left.
    pub fn startup(problem: &impl ToString) -> Self {
        Self::new(ErrorKind::Internal, format!("could not create the client: {}", problem.to_string()))
    }

    /// Returns the error for a panic, which is a bug in this library.
    pub fn panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let text = text.unwrap_or("panic without a message");
        Self::new(ErrorKind::Internal, format!("bug in clanforge, please report it: {text}"))
    }
}

impl ErrorFields {
    fn new(kind: ErrorKind, message: String) -> Self {
        Self {
            kind: kind.as_str(),
            message,
            status: None,
            request_id: None,
            attempts: 0,
            elapsed_seconds: 0.0,
            retry_after_seconds: None,
            api_code: None,
            api_message: None,
            json_path: None,
            causes: Vec::new(),
        }
    }
}

impl From<Error> for BindingError {
    fn from(error: Error) -> Self {
        Self(Box::new(ErrorFields {
            status: error.status(),
            request_id: error.request_id().map(str::to_owned),
            attempts: error.attempts(),
            elapsed_seconds: error.elapsed().as_secs_f64(),
            retry_after_seconds: error.retry_after().map(|pause| pause.as_secs_f64()),
            api_code: error.api_code().map(str::to_owned),
            api_message: error.api_message().map(str::to_owned),
            json_path: error.json_path().map(str::to_owned),
            causes: error.causes().map(ToString::to_string).collect(),
            ..ErrorFields::new(error.kind(), error.to_string())
        }))
    }
}

impl From<ResponseError> for BindingError {
    fn from(error: ResponseError) -> Self {
        let message = error.to_string();
        match error {
            ResponseError::Api(api) => Self(Box::new(ErrorFields {
                api_code: api.code().map(str::to_owned),
                api_message: Some(api.message().to_owned()),
                ..ErrorFields::new(ErrorKind::Api, message)
            })),
            ResponseError::Decode(decode) => Self::decode(decode.path().to_owned(), message),
        }
    }
}

/// Runs a function, and returns a panic as an error: a bug in this library must not end the user's process.
///
/// # Errors
/// The error that the function returns, or an `internal` error where it panics.
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

impl<T, F: Future<Output = Result<T, Error>>> Future for CatchPanic<F> {
    type Output = Result<T, BindingError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context))) {
            Ok(polled) => polled.map_err(BindingError::from),
            Err(panic) => Poll::Ready(Err(BindingError::panic(&*panic))),
        }
    }
}
