//! What the transport needs to know of an operation of the service.

use std::time::Duration;

use clanforge_core::ResponseError;
use reqwest::Method;

/// One operation of the service: its request as data, whether the request may be repeated, and how the response decodes.
pub(crate) trait Endpoint: Sync {
    /// What the body of a successful response decodes to.
    type Output: Send;

    const METHOD: Method;

    /// True where sending the request twice is the same as sending it once. Other requests are retried only where the service
    /// certainly did not process them.
    const IS_IDEMPOTENT: bool;

    /// What the response is, for errors: `an image status`.
    const RESPONSE: &'static str;

    /// What the service does not have where it responds with 404, for errors: `such image or account service`.
    const SUBJECT: &'static str;

    /// Returns the path below the base URL, with the leading slash.
    fn path(&self) -> String;

    /// Returns the query without the question mark; `None` if there is none.
    fn query(&self) -> Option<&str>;

    /// Decodes the body of a response with status 200 that caches between the service and the client had kept for `age`.
    ///
    /// # Errors
    /// Where the body is an error of the service, or not what the documentation describes.
    fn decode(&self, body: &[u8], age: Duration) -> Result<Self::Output, ResponseError>;
}
