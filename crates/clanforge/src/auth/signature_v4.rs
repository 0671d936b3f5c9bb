//! AWS Signature Version 4 of a request without a body, in the Authorization header.
//!
//! As AWS describes it in "Create a signed AWS API request". What is signed is the method, path, query, host, the time and
//! the hash of the empty body: what clients of the service were seen to sign.

use std::fmt;
use std::time::{Duration, SystemTime};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::{digest, hmac};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// The first year with five digits, since 1970.
const YEAR_10000: Duration = Duration::from_secs(253_402_300_800);

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SIGNED_HEADERS: &str = "host;x-amz-date";

/// The characters that AWS encodes: all but the unreserved ones of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Signs requests to one service in one region.
#[derive(Clone)]
pub(crate) struct SigningKey {
    pub(crate) access_key: SecretString,
    pub(crate) secret_key: SecretString,
    pub(crate) region: &'static str,
    pub(crate) service: &'static str,
}

/// The headers of a signed request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    /// The header `Authorization`.
    pub(crate) authorization: String,
    /// The header `X-Amz-Date`.
    pub(crate) date: String,
    /// The signature alone: a secret for as long as it is valid.
    pub(crate) hex: String,
}

impl SigningKey {
    /// Returns the signature of a request without a body at this time; `None` if the time is before 1970 or after 9999.
    pub(crate) fn sign(&self, method: &str, url: &Url, time: SystemTime) -> Option<Signature> {
        let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        if since_1970 >= YEAR_10000 {
            return None;
        }
        // 2015-08-30T12:36:00Z → 20150830T123600Z
        let date = humantime::format_rfc3339_seconds(time).to_string().replace(['-', ':'], "");
        let (day, _) = date.split_at(8);
        let (region, service) = (self.region, self.service);
        let scope = format!("{day}/{region}/{service}/aws4_request");
        let text = format!("{ALGORITHM}\n{date}\n{scope}\n{}", sha256(&canonical_request(method, url, &date)));
        let secret = format!("AWS4{}", self.secret_key.expose_secret());
        let key = [day, region, service, "aws4_request"]
            .into_iter()
            .fold(secret.into_bytes(), |key, part| hmac_sha256(&key, part).as_ref().to_vec());
        let hex = hex(hmac_sha256(&key, &text).as_ref());
        let access_key = self.access_key.expose_secret();
        let authorization =
            format!("{ALGORITHM} Credential={access_key}/{scope}, SignedHeaders={SIGNED_HEADERS}, Signature={hex}");
        Some(Signature { authorization, date, hex })
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("region", &self.region)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

fn canonical_request(method: &str, url: &Url, date: &str) -> String {
    let (path, query, host) = (canonical_path(url), canonical_query(url), host(url));
    format!("{method}\n{path}\n{query}\nhost:{host}\nx-amz-date:{date}\n\n{SIGNED_HEADERS}\n{}", sha256(""))
}

/// Returns the path, encoded once more than it is sent, as every service but S3 expects it.
fn canonical_path(url: &Url) -> String {
    let segments: Vec<_> = url.path().split('/').filter(|segment| !segment.is_empty()).map(encoded).collect();
    let end = if url.path().ends_with('/') && !segments.is_empty() { "/" } else { "" };
    format!("/{}{end}", segments.join("/"))
}

fn canonical_query(url: &Url) -> String {
    let mut pairs: Vec<_> = url.query_pairs().map(|(name, value)| (encoded(&name), encoded(&value))).collect();
    pairs.sort();
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// Returns the host as in the Host header: without the port that the scheme has by default.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

fn hmac_sha256(key: &[u8], text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
}

fn sha256(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    use fmt::Write;

    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of AWS's published test suite for Signature Version 4.
    fn key_of_the_suite() -> SigningKey {
        SigningKey {
            access_key: "AKIDEXAMPLE".into(),
            secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
            region: "us-east-1",
            service: "service",
        }
    }

    /// The time of its signatures: 2015-08-30T12:36:00Z.
    const TIME_OF_THE_SUITE: Duration = Duration::from_secs(1_440_938_160);

    /// The cases of the suite that sign these two headers of a GET with a normalised path, and the signatures it expects. Those
    /// whose path is encoded once are left out: only S3 does that.
    const SUITE: [(&str, &str, &str); 15] = [
        ("get-vanilla", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("get-relative", "/example/..", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (
            "get-relative-relative",
            "/example1/example2/../..",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        ("get-slash-dot-slash", "/./", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("get-slash", "//", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("get-slash-pointless-dot", "/./example", "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
        ("get-slashes", "//example//", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
        (
            "get-unreserved",
            "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
        ),
        (
            "get-vanilla-empty-query-key",
            "/?Param1=value1",
            "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
        ),
        ("get-vanilla-query", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (
            "get-vanilla-query-order-encoded",
            "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
            "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
        ),
        (
            "get-vanilla-query-order-key-case",
            "/?Param2=value2&Param1=value1",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "get-vanilla-query-unreserved",
            "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
        ),
        ("get-vanilla-utf8-query", "/?ሴ=bar", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
        ("with the default port", ":443/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ];

    #[test]
    fn signatures_match_the_published_suite() {
        for (name, rest, expected) in SUITE {
            let url = Url::parse(&format!("https://example.amazonaws.com{rest}")).unwrap();
            let signature = key_of_the_suite().sign("GET", &url, SystemTime::UNIX_EPOCH + TIME_OF_THE_SUITE).unwrap();
            assert_eq!(signature.hex, expected, "{name}");
            assert_eq!(signature.date, "20150830T123600Z");
            assert_eq!(
                signature.authorization,
                format!(
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                     SignedHeaders=host;x-amz-date, Signature={expected}"
                )
            );
        }
    }

    #[test]
    fn a_signature_covers_the_method() {
        // The case post-vanilla of the suite.
        let url = Url::parse("https://example.amazonaws.com/").unwrap();
        let signature = key_of_the_suite().sign("POST", &url, SystemTime::UNIX_EPOCH + TIME_OF_THE_SUITE).unwrap();
        assert_eq!(signature.hex, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    }

    #[test]
    fn times_without_a_four_digit_year_are_not_signed() {
        let url = Url::parse("https://example.amazonaws.com/").unwrap();
        let sign = |time| key_of_the_suite().sign("GET", &url, time);
        assert_eq!(sign(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), None);
        assert_eq!(sign(SystemTime::UNIX_EPOCH + YEAR_10000), None);
        let last = sign(SystemTime::UNIX_EPOCH + YEAR_10000 - Duration::from_secs(1)).unwrap();
        assert_eq!(last.date, "99991231T235959Z");
    }

    #[test]
    fn debug_shows_neither_key() {
        assert_eq!(
            format!("{:?}", key_of_the_suite()),
            r#"SigningKey { region: "us-east-1", service: "service", .. }"#
        );
    }
}
