//! Errors in the form that crosses the FFI boundary.

use std::any::Any;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use clanforge::core::ResponseError;
use clanforge::{Error, ErrorKind, ErrorReport};
use futures_util::FutureExt;
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
        Error::from(error).into()
    }
}

/// Runs a function, and returns a panic as an error: a bug in this library must not end the user's process.
///
/// # Errors
/// The error that the function returns, or an `internal` error if it panics.
pub fn catch_panic<T, E: From<BindingError>>(run: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(BindingError::panic(&*panic).into()))
}

/// Waits for a call, and returns a panic of it as an error.
///
/// # Errors
/// The error of the call, or an `internal` error if it panics.
pub async fn catch_panic_of<T, E: Into<BindingError>>(
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, BindingError> {
    let result = AssertUnwindSafe(call).catch_unwind().await;
    result.map_err(|panic| BindingError::panic(&*panic))?.map_err(Into::into)
}
