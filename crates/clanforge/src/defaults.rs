//! What a client does unless it is told otherwise.

use std::time::Duration;

/// The service's documented address.
pub const BASE_URL: &str = "https://api.multiplay.co.uk";

/// The longest that opening a connection may take, TLS included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest that one attempt may take, from opening a connection to the last byte of the answer.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);

/// The longest that a whole call may take, with all its attempts and the pauses between them.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// How many more attempts follow a first one that failed in a way that another may mend.
pub const RETRIES: u32 = 2;

/// The longest pause before the first retry. Each pause is drawn evenly from zero to its longest, which doubles.
pub const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// The longest pause before any retry.
pub const MAX_BACKOFF: Duration = Duration::from_secs(8);

/// The longest Retry-After that a call waits for; it ends with the error where the service asks for more.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// How long an unused connection is kept: less than the 60 s after which load balancers commonly close theirs.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// The largest body that is read, after decompression: 16 MiB.
pub const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
