//! Why a request got no response, and whether another attempt may get one.

use std::error::Error as StdError;

use clanforge_core::ErrorKind;

use crate::error::{Failure, Progress, Retry, RetryReason, cause_texts, chain, cut, find, plain_cause};
use crate::http::resolver::NoThread;
use crate::http::route::{MAX_HEADERS, Route};
use crate::http::tls;

/// What hyper-util says of a proxy that cannot be reached, wants other credentials, or opens no tunnel. The types of these
/// errors are private to it.
const PROXY_UNREACHED: &str = "tunnel error: failed to create underlying connection";
const PROXY_REFUSED: &str = "tunnel error: proxy authorization required";
const TUNNEL_REFUSED: &str = "tunnel error: unsuccessful";

/// What hyper says of a response header with too many headers or bytes.
const HEADER_TOO_LARGE: &str = "message head is too large";

/// The codes of operating systems for a process or a machine that has no file descriptor or socket left: ENFILE and EMFILE of
/// Unix, WSAEMFILE of Windows. The standard library has no kind for them.
const NO_DESCRIPTORS: [i32; 3] = [23, 24, 10024];

/// The beginning of what the standard library says of a host name that does not resolve.
const LOOKUP_FAILED: &str = "failed to lookup address information: ";

/// Returns why a request got no response. `opened` is true if a connection was opened for the
/// request, or failed to open, and false if it took one from the pool.
pub(crate) fn classify_transport_error(route: &Route, opened: bool, error: reqwest::Error) -> Failure {
    let error = error.without_url();
    let causes = cause_texts(&error);
    let says = |text: &str| causes.iter().any(|cause| cause == text);
    let (target, proxy) = (&route.origin, route.proxy.as_ref());
    let peer = match proxy {
        None => target.clone(),
        // Plain http needs no tunnel: the connection is one to the proxy.
        Some(proxy) if says(PROXY_UNREACHED) || target.starts_with("http://") => {
            format!("{proxy} on the way to {target}")
        }
        Some(proxy) => format!("{target} through {proxy}"),
    };
    let cause = plain_cause(&error);
    let is_rejected = find::<h2::Error>(&error).is_some_and(is_rejected_unprocessed);
    let after_backoff = |message| Failure::new(ErrorKind::Connection, Retry::AfterBackoff, message);
    let failure = if let Some(proxy) = proxy.filter(|_| says(PROXY_REFUSED)) {
        Failure::new(ErrorKind::Connection, Retry::Never, proxy.refusal())
    } else if let Some(proxy) = proxy.filter(|_| says(TUNNEL_REFUSED)) {
        let message = format!("{proxy} refused to connect to {target}; check the base URL and what the proxy allows");
        Failure::new(ErrorKind::Connection, Retry::OnceAfterBackoff, message)
    } else if let Some(tls) = find::<rustls::Error>(&error) {
        let retry = if tls::error::is_permanent(tls) { Retry::Never } else { Retry::AfterBackoff };
        let (trust, explanation) = (&route.trust, tls::error::explain(tls));
        let message = format!("could not connect securely to {peer} with {trust}: {explanation}");
        Failure::new(ErrorKind::Connection, retry, message)
    } else if error.is_connect() && error.is_timeout() {
        let message = format!("could not connect to {peer} within {} s", route.connect_timeout.as_secs_f64());
        Failure::new(ErrorKind::Timeout, Retry::AfterBackoff, message)
    } else if error.is_connect() {
        let message = format!("could not connect to {peer}: {cause}");
        Failure::new(unreached_kind(&error), Retry::AfterBackoff, message)
    } else if error.is_builder() {
        Failure::new(ErrorKind::Internal, Retry::Never, format!("the request could not be built: {cause}"))
    } else if is_rejected {
        let message = format!("{peer} rejected the request before processing it");
        Failure::new(ErrorKind::Connection, Retry::Immediately(RetryReason::Connection), message)
    } else if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_timeout) {
        // The only timeout that hyper has here is that of its ping.
        lost(opened, format!("the connection to {peer} is dead: no response to an HTTP/2 ping"))
    } else if chain(&error).any(is_closed) {
        let os_error = find::<std::io::Error>(&error).filter(|error| error.raw_os_error().is_some());
        let cause = os_error.map_or_else(String::new, |_| format!(": {cause}"));
        lost(opened, format!("{peer} closed the connection before it sent a whole response header{cause}"))
    } else if says(HEADER_TOO_LARGE) {
        let message = format!("the response header of {peer} is too large: more than {MAX_HEADERS} headers, or 400 KB");
        Failure::new(ErrorKind::Connection, Retry::Never, message)
    } else if find::<h2::Error>(&error).is_some_and(is_invalid_response) {
        let message = format!("the response header of {peer} is not valid HTTP/2, or larger than 400 KB");
        Failure::new(ErrorKind::Connection, Retry::Never, message)
    } else if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse) {
        after_backoff(format!("the response of {peer} is not valid HTTP: {cause}"))
    } else {
        after_backoff(format!("the connection to {peer} failed before the response: {cause}"))
    };
    let is_unprocessed = error.is_connect() || is_rejected;
    let progress = if is_unprocessed { Progress::NotProcessed } else { Progress::MaybeProcessed };
    Failure { progress, ..failure.with_causes(causes) }
}

/// Returns the failure of a request whose connection ended before the response. A connection from the pool may have
/// been dead before: that says nothing about the service, so that the retry is free.
fn lost(opened: bool, message: String) -> Failure {
    let retry = if opened { Retry::AfterBackoff } else { Retry::Immediately(RetryReason::Connection) };
    Failure::new(ErrorKind::Connection, retry, message)
}

/// Returns why the name of `host`, the service or its proxy, has no addresses.
pub(crate) fn unresolved(host: &str, error: &(dyn StdError + 'static)) -> Failure {
    let cause = plain_cause(error);
    let cause = cause.strip_prefix(LOOKUP_FAILED).unwrap_or(&cause);
    let message = match error.is::<NoThread>() {
        true => format!("could not start a thread that resolves {host}: {cause}"),
        false => format!("could not resolve {host}: {cause}"),
    };
    let failure = Failure::new(unreached_kind(error), Retry::AfterBackoff, message);
    Failure { progress: Progress::NotProcessed, ..failure.with_causes(vec![cut(&error.to_string())]) }
}

/// Returns the kind of an error because of which no connection was opened.
fn unreached_kind(error: &(dyn StdError + 'static)) -> ErrorKind {
    let is_local = |cause: &(dyn StdError + 'static)| {
        let code = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::raw_os_error);
        cause.is::<NoThread>() || code.is_some_and(|code| NO_DESCRIPTORS.contains(&code))
    };
    match std::iter::once(error).chain(chain(error)).any(is_local) {
        true => ErrorKind::Local,
        false => ErrorKind::Connection,
    }
}

/// Returns true if a server of HTTP/2 said that it did not process the request, and reported no error: by refusing
/// its stream (RFC 9113, section 8.7), or by a GOAWAY whose last stream is an earlier one (section 6.8).
fn is_rejected_unprocessed(error: &h2::Error) -> bool {
    let is_refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    let is_going_away = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
    error.is_remote() && (is_refused || is_going_away)
}

/// Returns true if h2 rejected a response: by a reset of its stream, or by closing the connection for a header that is several
/// times as large as allowed. It does not tell a header that is too large from one that is not valid.
fn is_invalid_response(error: &h2::Error) -> bool {
    let reasons = [h2::Reason::PROTOCOL_ERROR, h2::Reason::ENHANCE_YOUR_CALM];
    error.is_library() && error.reason().is_some_and(|reason| reasons.contains(&reason))
}

fn is_closed(error: &(dyn StdError + 'static)) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};

    let by_hyper = error
        .downcast_ref::<hyper::Error>()
        .is_some_and(|error| error.is_incomplete_message() || error.is_canceled() || error.is_closed());
    let by_system = error.downcast_ref::<std::io::Error>().is_some_and(|error| {
        matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof)
    });
    by_hyper || by_system
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_machine_that_has_no_descriptor_left_is_told_from_a_service_that_cannot_be_reached() {
        let nested = |code| io::Error::other(io::Error::other(io::Error::from_raw_os_error(code)));
        for code in NO_DESCRIPTORS {
            assert_eq!(unreached_kind(&nested(code)), ErrorKind::Local, "{code}");
            assert_eq!(unreached_kind(&io::Error::from_raw_os_error(code)), ErrorKind::Local, "{code}");
        }
        assert_eq!(unreached_kind(&nested(111)), ErrorKind::Connection);
        assert_eq!(unreached_kind(&io::Error::other("Name or service not known")), ErrorKind::Connection);
    }
}
