//! The default settings of a client.

use std::time::Duration;

/// The base URL of the service, by its documentation.
pub const BASE_URL: &str = "https://api.multiplay.co.uk";

/// The longest that opening a connection may take, TLS included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest that one attempt may take, from opening a connection to the last byte of the response.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);

/// The longest that a call may take, with all its attempts and the backoff between them.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// How many retries follow a transient error.
pub const RETRIES: u32 = 2;

/// The longest backoff before the first retry. It doubles with each further retry; the backoff itself is drawn evenly between
/// zero and the longest (full jitter).
pub const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// The longest backoff before any retry.
pub const MAX_BACKOFF: Duration = Duration::from_secs(8);

/// The longest Retry-After that a call waits for. Where the service asks for more, the call ends with the error.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// How long an idle connection is kept: less than the 60 s after which load balancers commonly close theirs.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// The largest response body, in bytes after decompression: 16 MiB.
pub const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
