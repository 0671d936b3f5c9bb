//! What went wrong with TLS, in plain words.

use std::time::{Duration, SystemTime};

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error, PeerIncompatible};

use crate::error::cut;

/// The first second of the year 10000, which no HTTP date can show.
const YEAR_10000: u64 = 253_402_300_800;

/// Returns what is wrong in one sentence; for a certificate, with the dates or names that differ from what was
/// expected.
pub(crate) fn explain(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(problem) => explain_certificate(problem),
        Error::NoCertificatesPresented => "the server sent no certificate".to_owned(),
        Error::InvalidMessage(_) => "the server does not use TLS on this port: is it an http:// address?".to_owned(),
        error if is_too_old(error) => "the server does not support TLS 1.2 or later".to_owned(),
        Error::AlertReceived(AlertDescription::CertificateRequired) => {
            "the server requires a client certificate, which this client does not support".to_owned()
        }
        Error::AlertReceived(AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity)
        | Error::PeerIncompatible(_) => "the server supports no TLS parameters that this client supports".to_owned(),
        Error::AlertReceived(alert) => format!("the server ended the handshake with the TLS alert {alert:?}"),
        error => cut(&error.to_string()),
    }
}

/// Returns true if the next handshake fails like this one: the cause is the certificate or a setting.
pub(crate) fn is_permanent(error: &Error) -> bool {
    use AlertDescription as Alert;
    use Error::{
        AlertReceived, InvalidCertificate, NoApplicationProtocol, NoCertificatesPresented, PeerIncompatible,
        UnsupportedNameType,
    };

    is_too_old(error)
        || matches!(
            error,
            InvalidCertificate(_)
                | NoApplicationProtocol
                | NoCertificatesPresented
                | PeerIncompatible(_)
                | UnsupportedNameType
                | AlertReceived(
                    Alert::HandshakeFailure
                        | Alert::InsufficientSecurity
                        | Alert::CertificateRequired
                        | Alert::NoApplicationProtocol
                )
        )
}

fn explain_certificate(problem: &CertificateError) -> String {
    use CertificateError as Problem;

    match problem {
        Problem::Expired => "the certificate expired".to_owned(),
        Problem::ExpiredContext { not_after, .. } => {
            let on = date(*not_after).map_or_else(String::new, |date| format!(" on {date}"));
            format!("the certificate expired{on}: renew it, or correct this machine's clock")
        }
        Problem::NotValidYet => "the certificate is not valid yet".to_owned(),
        Problem::NotValidYetContext { not_before, .. } => {
            let yet = date(*not_before).map_or_else(|| "yet".to_owned(), |date| format!("before {date}"));
            format!("the certificate is not valid {yet}: correct this machine's clock")
        }
        Problem::NotValidForName => "the certificate is for another host name".to_owned(),
        Problem::NotValidForNameContext { expected, presented } => {
            let names: Vec<_> = presented.iter().map(|name| bare_name(name)).collect();
            let names = match names.is_empty() {
                true => ": it names no host".to_owned(),
                false => format!(", only for {}", cut(&names.join(", "))),
            };
            format!("the certificate is not valid for {}{names}", expected.to_str())
        }
        Problem::UnknownIssuer => "the certificate is self-signed, or its issuer is not in that trust store".to_owned(),
        Problem::BadEncoding => "the certificate is malformed".to_owned(),
        Problem::BadSignature => {
            "the certificate was not signed by the issuer that it names, or was signed with an RSA key of fewer than 2048 bits"
                .to_owned()
        }
        Problem::Revoked => "the certificate is revoked".to_owned(),
        Problem::InvalidPurpose | Problem::InvalidPurposeContext { .. } => {
            "the certificate is not meant for servers".to_owned()
        }
        Problem::UnhandledCriticalExtension => {
            "the certificate has a critical extension that this client does not support".to_owned()
        }
        Problem::UnsupportedSignatureAlgorithmContext { .. }
        | Problem::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "the certificate is signed with an algorithm that this client does not support".to_owned()
        }
        Problem::Other(other) => explain_other(&other.to_string()),
        Problem::ApplicationVerificationFailure => "the platform rejected the certificate".to_owned(),
        problem => cut(&format!("the certificate is invalid: {problem}")),
    }
}

/// Explains a problem that has no variant in rustls, by its name in webpki.
fn explain_other(name: &str) -> String {
    match name {
        "CaUsedAsEndEntity" => {
            "the server's certificate is self-signed, or a CA certificate: it must be one that a CA has signed"
        }
        "EndEntityUsedAsCa" => "the certificate was signed by a certificate that is not a CA certificate",
        "NameConstraintViolation" => "the CA is not allowed to sign certificates for this host name",
        "PathLenConstraintViolated" | "MaximumPathDepthExceeded" => {
            "there are more intermediate CA certificates than are allowed"
        }
        "MaximumPathBuildCallsExceeded"
        | "MaximumSignatureChecksExceeded"
        | "MaximumNameConstraintComparisonsExceeded" => "the chain of certificates takes too long to verify",
        "SignatureAlgorithmMismatch" => "the certificate names two different algorithms for its signature",
        "UnsupportedCertVersion" => "the certificate is not of X.509 version 3",
        "EmptyEkuExtension"
        | "ExtensionValueInvalid"
        | "InvalidSerialNumber"
        | "InvalidNetworkMaskConstraint"
        | "MalformedDnsIdentifier"
        | "MalformedExtensions"
        | "MalformedNameConstraint" => "the certificate is malformed",
        name => return cut(&format!("the certificate is invalid: {name}")),
    }
    .to_owned()
}

/// Returns the date of a time; `None` if it has none.
fn date(time: UnixTime) -> Option<String> {
    let seconds = time.as_secs();
    let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).filter(|_| seconds < YEAR_10000);
    time.map(httpdate::fmt_http_date)
}

/// Returns `a.example` for `DnsName("a.example")`, the form in which rustls lists the names of a certificate.
fn bare_name(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

fn is_too_old(error: &Error) -> bool {
    matches!(
        error,
        Error::AlertReceived(AlertDescription::ProtocolVersion)
            | Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                    | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
            )
    )
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::ServerName;

    use super::*;

    fn certificate(problem: CertificateError) -> String {
        explain(&Error::InvalidCertificate(problem))
    }

    #[test]
    fn a_certificate_error_names_the_dates_and_names_that_differ() {
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        for (problem, expected) in [
            (
                CertificateError::ExpiredContext { time: at(1_800_000_000), not_after: at(1_577_836_800) },
                "the certificate expired on Wed, 01 Jan 2020 00:00:00 GMT: renew it, or correct this machine's clock",
            ),
            (
                CertificateError::NotValidYetContext { time: at(0), not_before: at(u64::MAX) },
                "the certificate is not valid yet: correct this machine's clock",
            ),
            (
                CertificateError::NotValidForNameContext {
                    expected: ServerName::try_from("a.example").unwrap(),
                    presented: vec![r#"DnsName("b.example")"#.to_owned(), "IpAddress(127.0.0.1)".to_owned()],
                },
                "the certificate is not valid for a.example, only for b.example, 127.0.0.1",
            ),
            (
                CertificateError::NotValidForNameContext {
                    expected: ServerName::try_from("127.0.0.1").unwrap(),
                    presented: Vec::new(),
                },
                "the certificate is not valid for 127.0.0.1: it names no host",
            ),
        ] {
            assert_eq!(certificate(problem), expected);
        }
    }

    #[test]
    fn a_problem_that_rustls_does_not_name_is_explained_in_a_sentence() {
        for (name, expected) in [
            ("NameConstraintViolation", "the CA is not allowed to sign certificates for this host name"),
            ("UnsupportedCertVersion", "the certificate is not of X.509 version 3"),
            ("MalformedExtensions", "the certificate is malformed"),
        ] {
            let source: Box<dyn std::error::Error + Send + Sync> = name.into();
            assert_eq!(certificate(CertificateError::Other(rustls::OtherError(source.into()))), expected);
        }
    }

    #[test]
    fn an_alert_that_the_next_handshake_gets_as_well_is_permanent() {
        for (alert, expected) in [
            (AlertDescription::HandshakeFailure, true),
            (AlertDescription::InsufficientSecurity, true),
            (AlertDescription::CertificateRequired, true),
            (AlertDescription::NoApplicationProtocol, true),
            (AlertDescription::InternalError, false),
        ] {
            assert_eq!(is_permanent(&Error::AlertReceived(alert)), expected, "{alert:?}");
        }
    }

    #[test]
    fn no_explanation_is_longer_than_a_few_lines() {
        let presented = vec![format!("DnsName(\"{}.example\")", "a".repeat(60)); 200];
        let expected = ServerName::try_from("a.example").unwrap();
        assert!(certificate(CertificateError::NotValidForNameContext { expected, presented }).len() < 400);
        assert!(explain(&Error::General("x".repeat(5000))).len() < 400);
    }
}
