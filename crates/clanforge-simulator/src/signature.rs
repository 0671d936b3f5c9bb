//! Verifies AWS Signature Version 4 as a service does: from the request that arrived, without the client.

use std::time::{Duration, SystemTime};

use ring::{digest, hmac};

use crate::http::Request;

/// Region, service and terminator of the credential scope, which follow the day.
const SCOPE: &str = "/eu-west-1/cf/aws4_request";

/// The most by which the time of a signature may differ from the time of its arrival.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// Returns true if `parameters`, the Authorization header after its scheme, sign the request with these keys, now.
pub(crate) fn is_valid(parameters: &str, request: &Request, access_key: &str, secret_key: &str) -> bool {
    verify(parameters, request, access_key, secret_key).unwrap_or(false)
}

fn verify(parameters: &str, request: &Request, access_key: &str, secret_key: &str) -> Option<bool> {
    let field = |name: &str| parameters.split(',').find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='));
    let (given_key, scope) = field("Credential")?.split_once('/')?;
    let day = scope.strip_suffix(SCOPE)?;
    let signed = field("SignedHeaders")?;
    let date = request.header("x-amz-date")?;
    let is_whole = ["host", "x-amz-date"].iter().all(|name| signed.split(';').any(|listed| listed == *name));
    if given_key != access_key || !date.starts_with(day) || !is_whole || !is_fresh(date)? {
        return Some(false);
    }
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", sha256(canonical(request, signed)?.as_bytes()));
    let mut key = format!("AWS4{secret_key}").into_bytes();
    for part in scope.split('/') {
        key = hmac(&key, part);
    }
    Some(field("Signature")? == hex(&hmac(&key, &text)))
}

/// Returns the canonical request. Path and query need no encoding: the service has no other URLs.
fn canonical(request: &Request, signed: &str) -> Option<String> {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let mut pairs: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    let headers: Option<Vec<_>> =
        signed.split(';').map(|name| Some(format!("{name}:{}", request.header(name)?.trim()))).collect();
    let (query, headers, body) = (pairs.join("&"), headers?.join("\n"), sha256(b""));
    Some(format!("{}\n{path}\n{query}\n{headers}\n\n{signed}\n{body}", request.method))
}

/// Returns whether a time such as `20150830T123600Z` is close enough to now.
fn is_fresh(date: &str) -> Option<bool> {
    let part = |from: usize, to: usize| date.get(from..to);
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(9, 11)?, part(11, 13)?, part(13, 15)?);
    let time = humantime::parse_rfc3339(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z")).ok()?;
    let now = SystemTime::now();
    let apart = now.duration_since(time).or_else(|_| time.duration_since(now)).ok()?;
    Some(apart <= LIFETIME)
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect()
}
