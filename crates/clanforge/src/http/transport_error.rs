//! Why a request had no answer: what failed on the way, and whether another attempt may get through.

use std::error::Error as StdError;

use clanforge_core::ErrorKind;
use rustls::{AlertDescription, CertificateError, PeerIncompatible};

use crate::error::{Failure, Retry, RetryReason, cause_texts, error_chain};
use crate::http::Transport;

/// What hyper-util says of a proxy that cannot be reached, and of one that wants other credentials. It keeps the type of
/// these errors to itself.
const PROXY_UNREACHED: &str = "tunnel error: failed to create underlying connection";
const PROXY_REFUSED: &str = "tunnel error: proxy authorization required";

/// Judges a request that no answer came to; `opened` tells whether a connection was opened for it, or
/// failed to be.
pub(crate) fn classify_transport_error(
    transport: &Transport,
    target: &str,
    opened: bool,
    error: reqwest::Error,
) -> Failure {
    let error = error.without_url();
    let causes = cause_texts(&error);
    let says = |text: &str| causes.iter().any(|cause| cause == text);
    let peer = match &transport.proxy {
        None => target.to_owned(),
        // Plain http needs no tunnel: the connection is one to the proxy.
        Some(proxy) if says(PROXY_UNREACHED) || target.starts_with("http://") => {
            format!("{proxy} on the way to {target}")
        }
        Some(proxy) => format!("{target} through {proxy}"),
    };
    let if_it_was_idle = if opened { Retry::AfterBackoff } else { Retry::Immediately(RetryReason::Connection) };
    let (kind, retry, message) = if let Some(proxy) = transport.proxy.as_ref().filter(|_| says(PROXY_REFUSED)) {
        (ErrorKind::Connection, Retry::Never, proxy.refusal())
    } else if let Some(tls) = find::<rustls::Error>(&error) {
        let retry = if is_final(tls) { Retry::Never } else { Retry::AfterBackoff };
        let message = format!("no secure connection to {peer} with {}{}", transport.trust, hint(tls));
        (ErrorKind::Connection, retry, message)
    } else if error.is_connect() && error.is_timeout() {
        let message = format!("no connection to {peer} within {} s", transport.connect_timeout.as_secs_f64());
        return Failure::new(ErrorKind::Timeout, Retry::AfterBackoff, message);
    } else if error.is_connect() {
        (ErrorKind::Connection, Retry::AfterBackoff, format!("no connection to {peer}"))
    } else if error.is_builder() {
        (ErrorKind::Internal, Retry::Never, "the request cannot be built".to_owned())
    } else if find::<h2::Error>(&error).is_some_and(turned_away) {
        (
            ErrorKind::Connection,
            Retry::Immediately(RetryReason::Connection),
            format!("{peer} turned the request away without looking at it"),
        )
    } else if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_timeout) {
        // hyper's own time is up only for an answer to its ping.
        (ErrorKind::Connection, if_it_was_idle, format!("the connection to {peer} gave no sign of life"))
    } else if error_chain(&error).any(closed_before_the_answer) {
        let message = format!("{peer} closed the connection before the whole head of an answer");
        (ErrorKind::Connection, if_it_was_idle, message)
    } else {
        (ErrorKind::Connection, Retry::AfterBackoff, format!("the connection to {peer} broke before the answer"))
    };
    Failure::new(kind, retry, message).with_causes(causes)
}

fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    error_chain(error).find_map(|cause| cause.downcast_ref())
}

/// Returns true where a server of HTTP/2 said that it did not look at the request, and complained of nothing: by refusing
/// its stream (RFC 9113, section 8.7), or by closing the connection for streams from an earlier one on (section 6.8).
fn turned_away(error: &h2::Error) -> bool {
    let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    let leaving = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
    error.is_remote() && (refused || leaving)
}

fn closed_before_the_answer(error: &(dyn StdError + 'static)) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};

    let by_hyper = error
        .downcast_ref::<hyper::Error>()
        .is_some_and(|error| error.is_incomplete_message() || error.is_canceled() || error.is_closed());
    let by_system = error.downcast_ref::<std::io::Error>().is_some_and(|error| {
        matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof)
    });
    by_hyper || by_system
}

/// Returns what most likely is behind an error that does not say so itself.
fn hint(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidMessage(_) => " (is it a server of plain http?)",
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            " (the certificate is self-signed, or its issuer is not in that trust store)"
        }
        rustls::Error::InvalidCertificate(CertificateError::Other(_)) => {
            " (is the server's own certificate self-signed, or one of an authority? it must be one that an authority signed)"
        }
        _ if is_too_old(error) => " (the server speaks no version of TLS from 1.2 on)",
        _ => "",
    }
}

fn is_too_old(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
            | rustls::Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                    | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
            )
    )
}

/// Returns true where the next handshake fails like this one: the certificate or the settings are to blame.
fn is_final(error: &rustls::Error) -> bool {
    use rustls::Error::{InvalidCertificate, NoCertificatesPresented, PeerIncompatible, UnsupportedNameType};

    is_too_old(error)
        || matches!(error, InvalidCertificate(_) | NoCertificatesPresented | PeerIncompatible(_) | UnsupportedNameType)
}
