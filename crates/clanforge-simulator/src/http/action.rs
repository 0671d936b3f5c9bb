//! What is done with a connection.

use std::time::Duration;

use bytes::Bytes;

/// One step of a reply. A connection is kept for the next request unless a step ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Sends bytes.
    Send(Bytes),
    /// Sends bytes one at a time, with this delay before each.
    Drip(Bytes, Duration),
    /// Sends this number of spaces.
    Fill(u64),
    /// Sends the same bytes again and again.
    Endless(Bytes),
    /// Does nothing for this time.
    Delay(Duration),
    /// Sends nothing more, and keeps the connection open until the client closes it.
    Hang,
    /// Closes the connection cleanly.
    Close,
    /// Closes the connection cleanly when the next request arrives.
    CloseOnReuse,
    /// Resets the connection.
    Reset,
}
