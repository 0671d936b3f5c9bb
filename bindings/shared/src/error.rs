//! What goes wrong, as fields.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use clanforge::core::ResponseError;
use clanforge::{Error, ErrorKind};
use serde::Serialize;

/// What went wrong, with everything that an exception says.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Fault(Box<Fields>);

/// The fields of a [`Fault`].
#[derive(Clone, Debug, Serialize)]
pub struct Fields {
    /// Its kind: the same word in every language.
    pub kind: &'static str,
    /// The whole chain of causes, in one line without a secret.
    pub message: String,
    /// The HTTP status of the last answer.
    pub status: Option<u16>,
    /// The service's id of the last request.
    pub request_id: Option<String>,
    /// How many requests were sent.
    pub attempts: u32,
    /// How long the call took.
    pub elapsed_seconds: f64,
    /// How long the service asked to wait.
    pub retry_after_seconds: Option<f64>,
    /// The service's own code.
    pub api_code: Option<String>,
    /// The service's own words.
    pub api_message: Option<String>,
    /// Where in the answer the mistake is.
    pub json_path: Option<String>,
    /// The causes, the nearest first.
    pub causes: Vec<String>,
}

impl Fault {
    /// Returns a fault of a kind that came of no call.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Fields::new(kind, message.into())))
    }

    /// Returns an answer that cannot be read, by the place of the mistake.
    pub fn unreadable(path: String, message: String) -> Self {
        Self(Box::new(Fields { json_path: Some(path), ..Fields::new(ErrorKind::Decode, message) }))
    }

    /// Returns everything that it says.
    pub fn fields(&self) -> &Fields {
        &self.0
    }

    /// Returns what is wrong with what was given.
    #[allow(clippy::needless_pass_by_value)] // So it can be named where an error is mapped.
    pub fn configuration(problem: impl ToString) -> Self {
        Self::new(ErrorKind::Configuration, problem.to_string())
    }

    /// Returns what there is to say of a wait that was given up.
    pub fn given_up() -> Self {
        Self::configuration("the wait was given up when a call for its next update was interrupted: begin another")
    }

    /// Returns what there is to say where the system has no thread or no socket left for a client.
    pub fn set_up(problem: &impl ToString) -> Self {
        Self::new(ErrorKind::Internal, format!("the client cannot be set up: {}", problem.to_string()))
    }

    /// Returns what a panic is: a defect.
    pub fn panicked(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let text = text.unwrap_or("a panic without a message");
        Self::new(ErrorKind::Internal, format!("a defect of clanforge: {text}"))
    }
}

impl Fields {
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

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self(Box::new(Fields {
            status: error.status(),
            request_id: error.request_id().map(str::to_owned),
            attempts: error.attempts(),
            elapsed_seconds: error.elapsed().as_secs_f64(),
            retry_after_seconds: error.retry_after().map(|pause| pause.as_secs_f64()),
            api_code: error.api_code().map(str::to_owned),
            api_message: error.api_message().map(str::to_owned),
            json_path: error.json_path().map(str::to_owned),
            causes: error.causes().map(ToString::to_string).collect(),
            ..Fields::new(error.kind(), error.to_string())
        }))
    }
}

impl From<ResponseError> for Fault {
    fn from(error: ResponseError) -> Self {
        let message = error.to_string();
        match error {
            ResponseError::Api(api) => Self(Box::new(Fields {
                api_code: api.code().map(str::to_owned),
                api_message: Some(api.message().to_owned()),
                ..Fields::new(ErrorKind::Api, message)
            })),
            ResponseError::Decode(decode) => Self::unreadable(decode.path().to_owned(), message),
        }
    }
}

/// Runs what may panic, which is a defect and no reason to tear a user's process down.
///
/// # Errors
/// What it returns, or its panic as an `internal` fault.
pub fn guarded<T, E: From<Fault>>(run: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(Fault::panicked(&*panic).into()))
}

/// A call whose panic is a fault as well.
pub struct Guarded<F>(Pin<Box<F>>);

impl<F> Guarded<F> {
    /// Guards a call.
    pub fn new(call: F) -> Self {
        Self(Box::pin(call))
    }
}

impl<T, F: Future<Output = Result<T, Error>>> Future for Guarded<F> {
    type Output = Result<T, Fault>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match catch_unwind(AssertUnwindSafe(|| self.0.as_mut().poll(context))) {
            Ok(polled) => polled.map_err(Fault::from),
            Err(panic) => Poll::Ready(Err(Fault::panicked(&*panic))),
        }
    }
}
