//! Every fault.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use rustls::version::{TLS12, TLS13};

use crate::certificates::Certificate;
use crate::fault::{Expected, Fault, Setup, Task};
use crate::response::{STATUS, response};
use crate::server::Action::{self, Close, Drip, Endless, Hang, Reset, Send};
use crate::server::Request;

const INSTALLING: &[u8] = br#"{"pending_machines": 2, "failed_machines": 0, "completed_machines": 1}"#;

/// How older parts of the service report an error, with any HTTP status.
const API_ERROR: &[u8] = br#"{"success": false, "error": true, "error_code": 1, "error_message": "image locked by diffid: 218595", "messages": [], "_debug": []}"#;

const LOGIN_PAGE: &[u8] = b"<!DOCTYPE html><html><title>Log in</title></html>";

/// Returns every fault, with its setup.
pub(crate) fn all() -> Vec<(Fault, Setup)> {
    [connections(), tls(), broken_responses(), bodies(), statuses(), rate_limits(), redirects(), transient()]
        .into_iter()
        .flatten()
        .collect()
}

fn connections() -> Vec<(Fault, Setup)> {
    let fails = |attempts| error("connection", None, attempts);
    let half_head = || Send(b"HTTP/1.1 200 OK\r\nContent-".to_vec());
    vec![
        (fault("a host name that does not resolve", fails(2)), Setup::UnknownHost),
        (
            fault("a host name that takes 11 s to resolve, longer than the connect timeout", Expected::Read),
            Setup::SlowName(11),
        ),
        (times_out("a host name whose resolution does not end"), Setup::EndlessName),
        (
            fault("a proxy that refuses the tunnel", fails(2)),
            Setup::Proxy(Box::new(|_| vec![Send(response(403, "", b"")), Close])),
        ),
        (fault("a port that refuses connections", fails(2)), Setup::Refusing),
        (times_out("a connection that is never accepted"), Setup::Full),
        (fault("the server closes the connection before the response", fails(2)), always([Close])),
        (fault("the server resets the connection before the response", fails(2)), always([Reset])),
        (
            fault("the server closes the connection in the middle of the response header", fails(2)),
            always([half_head(), Close]),
        ),
        (
            fault("the server resets the connection in the middle of the response header", fails(2)),
            always([half_head(), Reset]),
        ),
        (times_out("the server never responds"), always([Hang])),
        (
            times_out("the server sends the response header one byte at a time"),
            always([Drip(response(200, "", STATUS), Duration::from_millis(50)), Close]),
        ),
        (
            second_call("the server closed an idle connection"),
            script(|request| if request.number == 0 { vec![Send(response(200, "", STATUS)), Close] } else { good() }),
        ),
        (
            second_call("the server resets an idle connection at the next request"),
            script(|request| if request.number == 1 { vec![Reset] } else { good() }),
        ),
    ]
}

fn tls() -> Vec<(Fault, Setup)> {
    let distrusted = |name| fault(name, error("connection", None, 1));
    let of_openssl =
        |name, version, certificate| (fault(name, Expected::Read), Setup::TlsOfOpenSsl(version, certificate));
    vec![
        (fault("a certificate of a trusted CA", Expected::Read), Setup::Tls(Certificate::Valid)),
        of_openssl("a certificate with a P-521 key over TLS 1.2", &TLS12, "P-521.sha512"),
        of_openssl("a certificate with a P-521 key over TLS 1.3", &TLS13, "P-521.sha512"),
        of_openssl("a certificate signed with SHA-512 by a P-256 key", &TLS13, "P-256.sha512"),
        of_openssl("a certificate signed with SHA-512 by a P-384 key", &TLS13, "P-384.sha512"),
        (distrusted("an expired certificate"), Setup::Tls(Certificate::Expired)),
        (distrusted("a certificate that is not valid yet"), Setup::Tls(Certificate::NotYetValid)),
        (distrusted("a certificate for another host name"), Setup::Tls(Certificate::OtherName)),
        (distrusted("a certificate of an untrusted CA"), Setup::Tls(Certificate::OtherAuthority)),
        (distrusted("a self-signed certificate"), Setup::Tls(Certificate::SelfSigned)),
        (
            distrusted("a server that supports only TLS 1.1 and older"),
            // The alert `protocol_version` (RFC 5246, section 7.2), as TLS 1.0 writes it.
            Setup::BrokenHandshake(b"\x15\x03\x01\x00\x02\x02\x46"),
        ),
        (
            distrusted("a server that supports no TLS parameters of the client"),
            // The alert `handshake_failure` (RFC 8446, section 6.2).
            Setup::BrokenHandshake(b"\x15\x03\x03\x00\x02\x02\x28"),
        ),
        (
            fault("plain HTTP on an HTTPS port", error("connection", None, 2)),
            Setup::BrokenHandshake(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
        ),
    ]
}

fn broken_responses() -> Vec<(Fault, Setup)> {
    let breaks_off = |name| fault(name, error("connection", Some(200), 2));
    let not_http = |name| fault(name, error("connection", None, 2));
    let headers = |count| "X-Trace: 1\r\n".repeat(count);
    let chunked = |chunks: &str| Send(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}").into());
    vec![
        (
            breaks_off("the server closes the connection in the middle of the body"),
            always([Send(half_response()), Close]),
        ),
        (
            breaks_off("the server resets the connection in the middle of the body"),
            always([Send(half_response()), Reset]),
        ),
        (
            breaks_off("the server closes the connection in the middle of a chunk"),
            always([chunked("20\r\n{\"pen"), Close]),
        ),
        (breaks_off("a chunk with an invalid size"), always([chunked("many\r\n{}"), Close])),
        (times_out("the server sends the body one byte at a time"), {
            let whole = response(200, "", STATUS);
            let (head, body) = whole.split_at(whole.len() - STATUS.len());
            always([Send(head.to_vec()), Drip(body.to_vec(), Duration::from_millis(50))])
        }),
        (fault("a response with 500 headers", Expected::Read), always([Send(response(200, &headers(500), STATUS))])),
        (
            fault("a response with 600 headers", error("connection", None, 1)),
            always([Send(response(200, &headers(600), STATUS))]),
        ),
        (fault("a response with 500 headers over HTTP/2", Expected::Read), Setup::Http2Headers(500)),
        (
            fault("a response with more than 400 KB of headers over HTTP/2", error("connection", None, 1)),
            Setup::Http2Headers(4000),
        ),
        (not_http("a response that is not HTTP"), always([Send(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), Close])),
        (
            not_http("an invalid Content-Length"),
            always([Send(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}".to_vec()), Close]),
        ),
        (
            not_http("two different Content-Length headers"),
            always([Send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ".to_vec()), Close]),
        ),
    ]
}

fn bodies() -> Vec<(Fault, Setup)> {
    let unreadable = |name| fault(name, error("decode", Some(200), 1));
    let body = |body: &[u8]| always([Send(response(200, "", body))]);
    let gzip = |body: &[u8]| always([Send(response(200, "Content-Encoding: gzip\r\n", body))]);
    let html = |body| always([Send(response(200, "Content-Type: text/html\r\n", body))]);
    vec![
        (
            unreadable("a chunked body that never ends"),
            always([
                Send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec()),
                Endless([b"10000\r\n", &[b' '; 65536][..], b"\r\n"].concat()),
            ]),
        ),
        (
            unreadable("a Content-Length above the size limit"),
            always([Send(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{".to_vec()), Hang]),
        ),
        (
            unreadable("a gzip body that decompresses to more than the size limit"),
            gzip(&gzipped(&vec![b' '; 17 << 20])),
        ),
        (unreadable("a gzip body that is truncated"), {
            let gzipped = gzipped(STATUS);
            gzip(&gzipped[..gzipped.len() / 2])
        }),
        (unreadable("Content-Encoding: gzip with a body that is not compressed"), gzip(STATUS)),
        (fault("Content-Encoding: X-GZIP with a gzip body of two members", Expected::Read), {
            let (first, second) = STATUS.split_at(STATUS.len() / 2);
            let body = [gzipped(first), gzipped(second)].concat();
            always([Send(response(200, "Content-Encoding: X-GZIP\r\n", &body))])
        }),
        (
            fault("Content-Encoding: identity with a body that is not compressed", Expected::Read),
            always([Send(response(200, "Content-Encoding: identity\r\n", STATUS))]),
        ),
        (
            unreadable("Content-Encoding: br"),
            always([Send(response(200, "Content-Encoding: br\r\n", b"\x0b\x02\x80{}\x03"))]),
        ),
        (fault("a status after a byte order mark", Expected::Read), body(&[b"\xef\xbb\xbf", STATUS].concat())),
        (unreadable("an empty body"), body(b"")),
        (unreadable("truncated JSON"), body(br#"{"pending_machines": 0, "comple"#)),
        (unreadable("a body that is not JSON"), body(b"{pending_machines: 0, completed_machines: 3}")),
        (
            unreadable("a body that is not UTF-8"),
            body(b"{\"pending_machines\": 0, \"\xff\xfe\": 1, \"completed_machines\": 3}"),
        ),
        (unreadable("JSON null"), body(b"null")),
        (unreadable("a JSON array"), body(b"[]")),
        (unreadable("a JSON object without counts"), body(b"{}")),
        (unreadable("a status without completed_machines"), body(br#"{"pending_machines": 0, "failed_machines": 0}"#)),
        (unreadable("a negative count"), body(br#"{"pending_machines": -1, "completed_machines": 3}"#)),
        (unreadable("a fractional count"), body(br#"{"pending_machines": 0.5, "completed_machines": 3}"#)),
        (
            unreadable("a duplicate count"),
            body(br#"{"pending_machines": 7, "pending_machines": 0, "completed_machines": 3}"#),
        ),
        (
            unreadable("counts whose sum exceeds 64 bits"),
            body(br#"{"pending_machines": 1, "completed_machines": 18446744073709551615}"#),
        ),
        (unreadable("HTTP 200 with a login page"), html(LOGIN_PAGE)),
        (fault("a status with Content-Type: text/html", Expected::Read), html(STATUS)),
        (fault("HTTP 200 with an API error", error("api", Some(200), 1)), body(API_ERROR)),
    ]
}

fn statuses() -> Vec<(Fault, Setup)> {
    let with = |name, status, body, kind, attempts| {
        (fault(name, error(kind, Some(status), attempts)), always([Send(response(status, "", body))]))
    };
    let empty = |name, status, kind, attempts| with(name, status, b"", kind, attempts);
    vec![
        empty("HTTP 204", 204, "decode", 1),
        empty("HTTP 206", 206, "decode", 1),
        empty("HTTP 304", 304, "api", 1),
        empty("HTTP 400", 400, "api", 1),
        with("HTTP 400 with an API error", 400, API_ERROR, "api", 1),
        empty("HTTP 401", 401, "authentication", 1),
        empty("HTTP 403", 403, "permission_denied", 1),
        with("HTTP 403 with an API error", 403, API_ERROR, "permission_denied", 1),
        with("HTTP 401 with an HTML page", 401, LOGIN_PAGE, "authentication", 1),
        with("HTTP 403 with an HTML page", 403, LOGIN_PAGE, "permission_denied", 1),
        empty("HTTP 404", 404, "not_found", 1),
        with("HTTP 404 with an HTML page", 404, LOGIN_PAGE, "not_found", 1),
        empty("HTTP 405", 405, "api", 1),
        empty("HTTP 407", 407, "connection", 1),
        empty("HTTP 408", 408, "timeout", 2),
        empty("HTTP 410", 410, "api", 1),
        empty("HTTP 418", 418, "api", 1),
        empty("HTTP 500", 500, "server", 2),
        with("HTTP 500 with an API error", 500, API_ERROR, "api", 2),
        empty("HTTP 501", 501, "server", 1),
        empty("HTTP 502", 502, "server", 2),
        empty("HTTP 503", 503, "server", 2),
        empty("HTTP 504", 504, "server", 2),
        empty("HTTP 520 of a CDN", 520, "server", 2),
        empty("HTTP 527 of a CDN", 527, "server", 2),
        empty("HTTP 530 of a CDN", 530, "server", 2),
        empty("HTTP 528", 528, "server", 1),
        with("HTTP 503 with an HTML page", 503, b"<html>Down for maintenance</html>", "server", 2),
        (
            fault("HTTP 401 with a body that never ends", error("authentication", Some(401), 1)),
            always([Send(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 99\r\n\r\n{".to_vec()), Hang]),
        ),
    ]
}

fn rate_limits() -> Vec<(Fault, Setup)> {
    const DATE: &str = "Date: Sun, 01 Nov 2026 10:00:00 GMT\r\n";

    let limited = |name, attempts, headers: String| {
        (fault(name, error("rate_limited", Some(429), attempts)), always([Send(response(429, &headers, b""))]))
    };
    let seconds = |seconds| format!("Retry-After: {seconds}\r\n");
    let date = |date| format!("{DATE}Retry-After: {date}\r\n");
    vec![
        limited("HTTP 429", 2, String::new()),
        limited("HTTP 429 with Retry-After: 0", 2, seconds("0")),
        limited("HTTP 429 with Retry-After: 1", 2, seconds("1")),
        limited("HTTP 429 with Retry-After: 3600", 1, seconds("3600")),
        limited("HTTP 429 with a Retry-After date in a second", 2, date("Sun, 01 Nov 2026 10:00:01 GMT")),
        limited("HTTP 429 with a Retry-After date in the past", 2, date("Sun, 01 Nov 2026 09:00:00 GMT")),
        limited("HTTP 429 with a Retry-After date in a day", 1, date("Mon, 02 Nov 2026 10:00:00 GMT")),
        limited("HTTP 429 with an invalid Retry-After", 2, seconds("soon")),
        (
            fault("HTTP 503 with Retry-After: 3600", error("server", Some(503), 1)),
            always([Send(response(503, &seconds("3600"), b""))]),
        ),
    ]
}

fn redirects() -> Vec<(Fault, Setup)> {
    let to = |name, status, location: &str| {
        let headers = format!("Location: {location}\r\n");
        (fault(name, error("redirect", Some(status), 1)), always([Send(response(status, &headers, b""))]))
    };
    vec![
        to("HTTP 301 to another origin", 301, "https://elsewhere.example/login?next=/cfp"),
        to("HTTP 302 to another path", 302, "/login"),
        to("HTTP 303 to another origin", 303, "https://elsewhere.example/"),
        to("HTTP 307 to another origin", 307, "https://elsewhere.example/"),
        to("HTTP 308 to another origin", 308, "https://elsewhere.example/"),
        to("HTTP 302 with an invalid Location", 302, "https://["),
        (fault("HTTP 302 without a Location", error("api", Some(302), 1)), always([Send(response(302, "", b""))])),
    ]
}

fn transient() -> Vec<(Fault, Setup)> {
    let first = |name, actions: Vec<Action>| {
        let setup = script(move |request| if request.number == 0 { actions.clone() } else { good() });
        (fault(name, Expected::Read), setup)
    };
    let wait = |name, expected| Fault { task: Task::Wait, retries: 0, ..fault(name, expected) };
    let ready = |name| wait(name, Expected::Outcome { outcome: "ready" });
    let second = |actions: Vec<Action>| {
        script(move |request| match request.number {
            0 => installing(),
            1 => actions.clone(),
            _ => good(),
        })
    };
    let empty = |status, headers| Send(response(status, headers, b""));
    vec![
        first("one HTTP 503, then a status", vec![empty(503, "")]),
        first("one HTTP 429, then a status", vec![empty(429, "Retry-After: 0\r\n")]),
        first("one reset connection, then a status", vec![Reset]),
        first("one connection closed in the middle of the body, then a status", vec![Send(half_response()), Close]),
        (
            Fault {
                task: Task::StatusSigned,
                ..fault("signed requests, with a clock that is an hour slow", Expected::Read)
            },
            script(|request| match request.number {
                0 => vec![Send(response(403, &format!("Date: {}\r\n", an_hour_ahead()), b""))],
                _ => good(),
            }),
        ),
        (ready("a wait during which the server restarts"), {
            let script = |request: Request<'_>| {
                let status = if request.number < 2 { INSTALLING } else { STATUS };
                vec![Send(response(200, "", status)), Close]
            };
            Setup::Restarting(Box::new(script), 2, Duration::from_millis(300))
        }),
        (
            ready("a wait during which the clock jumps an hour ahead and a day back"),
            Setup::JumpingClock(|request| if request.number < 4 { installing() } else { good() }),
        ),
        (ready("a wait with one HTTP 503"), second(vec![empty(503, "")])),
        (ready("a wait with one reset connection"), second(vec![Reset])),
        (ready("a wait with one login page"), second(vec![Send(response(200, "", LOGIN_PAGE))])),
        (
            wait("a wait whose credentials are revoked", error("authentication", Some(401), 1)),
            second(vec![Send(response(401, "", API_ERROR))]),
        ),
        (
            wait("a wait whose permission is revoked", error("permission_denied", Some(403), 1)),
            second(vec![Send(response(403, "", API_ERROR))]),
        ),
        (ready("a wait with one HTTP 401 of a proxy"), second(vec![empty(401, "")])),
        (ready("a wait with one HTTP 403 of a firewall"), second(vec![Send(response(403, "", LOGIN_PAGE))])),
        (ready("a wait with one HTTP 302 to a login page"), second(vec![empty(302, "Location: /login\r\n")])),
        (ready("a wait with one HTTP 407 of a proxy"), second(vec![empty(407, "")])),
        (ready("a wait with one HTTP 520 of a CDN"), second(vec![empty(520, "")])),
        (ready("a wait with one HTTP 404 of an ingress"), second(vec![Send(response(404, "", b"404 page not found"))])),
    ]
}

fn fault(name: &'static str, expected: Expected) -> Fault {
    Fault { name, task: Task::Status, timeout: 20, retries: 1, expected }
}

/// Returns a fault that only the deadline of the call ends.
fn times_out(name: &'static str) -> Fault {
    Fault { timeout: 1, ..fault(name, error("timeout", None, 1)) }
}

/// Returns a fault of the second call, which reads a status in spite of it, without a retry.
fn second_call(name: &'static str) -> Fault {
    Fault { task: Task::StatusTwice, retries: 0, ..fault(name, Expected::Read) }
}

fn error(kind: &'static str, status: Option<u16>, attempts: u32) -> Expected {
    Expected::Error { kind, status, attempts }
}

fn always<const N: usize>(actions: [Action; N]) -> Setup {
    script(move |_| actions.to_vec())
}

fn script(script: impl Fn(Request<'_>) -> Vec<Action> + Sync + std::marker::Send + 'static) -> Setup {
    Setup::Server(Box::new(script))
}

fn good() -> Vec<Action> {
    vec![Send(response(200, "", STATUS))]
}

fn installing() -> Vec<Action> {
    vec![Send(response(200, "", INSTALLING))]
}

/// Returns a response that breaks off in the middle of its body.
fn half_response() -> Vec<u8> {
    let mut whole = response(200, "", STATUS);
    whole.truncate(whole.len() - STATUS.len() / 2);
    whole
}

fn gzipped(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    encoder.write_all(body).and_then(|()| encoder.finish()).unwrap_or_default()
}

fn an_hour_ahead() -> String {
    httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_secs(3600))
}
