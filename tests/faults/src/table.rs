//! Every fault.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::certificates::Certificate;
use crate::fault::{Expected, Fault, Stage, Task};
use crate::server::Act::{self, Close, Drip, Endless, Hang, Reset, Send};
use crate::server::Acts;

/// A status with three completed machines.
pub(crate) const STATUS: &[u8] = br#"{"pending_machines": 0, "failed_machines": 0, "completed_machines": 3}"#;
const INSTALLING: &[u8] = br#"{"pending_machines": 2, "failed_machines": 0, "completed_machines": 1}"#;

/// How older parts of the service refuse, with any HTTP status.
const ENVELOPE: &[u8] = br#"{"success": false, "error": true, "error_code": 1, "error_message": "image locked by diffid: 218595", "messages": [], "_debug": []}"#;

/// A second, for a call that would go on for ever.
const SOON: u32 = 1;

/// Returns every fault, with the service that has it.
pub(crate) fn all() -> Vec<(Fault, Stage)> {
    [connections(), encryption(), broken_answers(), bodies(), statuses(), rate_limits(), redirects(), recoveries()]
        .into_iter()
        .flatten()
        .collect()
}

fn connections() -> Vec<(Fault, Stage)> {
    let fails = |attempts| error("connection", None, attempts);
    vec![
        (fault("an unknown host name", fails(2)), Stage::UnknownHost),
        (fault("a port that nobody listens on", fails(2)), Stage::Refusing),
        (hopeless("a connection that is never taken"), Stage::Full),
        (fault("closed before the answer", fails(2)), acts(|| vec![Close])),
        (fault("reset before the answer", fails(2)), acts(|| vec![Reset])),
        (
            fault("closed within the head", fails(2)),
            acts(|| vec![Send(b"HTTP/1.1 200 OK\r\nContent-".to_vec()), Close]),
        ),
        (fault("reset within the head", fails(2)), acts(|| vec![Send(b"HTTP/1.1 200 OK\r\nContent-".to_vec()), Reset])),
        (hopeless("no answer, on an open connection"), acts(|| vec![Hang])),
        (hopeless("a head that drips"), acts(|| vec![Drip(answer(200, "", STATUS), Duration::from_millis(50)), Close])),
        (
            idle("an idle connection that was closed"),
            // The second request finds it closed; it goes out again at once, on a connection of its own.
            Stage::Server(Box::new(|request| {
                if request.number == 0 { vec![Send(answer(200, "", STATUS)), Close] } else { good() }
            })),
        ),
        (
            idle("an idle connection that is reset by the next request"),
            Stage::Server(Box::new(|request| match request.number {
                1 => vec![Reset],
                _ => vec![Send(answer(200, "", STATUS))],
            })),
        ),
    ]
}

fn encryption() -> Vec<(Fault, Stage)> {
    let distrusted = |name| fault(name, error("connection", None, 1));
    vec![
        (fault("a certificate of the trusted authority", Expected::Read), Stage::Encrypted(Certificate::Good)),
        (distrusted("an expired certificate"), Stage::Encrypted(Certificate::Expired)),
        (distrusted("a certificate that is not valid yet"), Stage::Encrypted(Certificate::NotYetValid)),
        (distrusted("a certificate for another name"), Stage::Encrypted(Certificate::OtherName)),
        (distrusted("a certificate of another authority"), Stage::Encrypted(Certificate::OtherAuthority)),
        (distrusted("a certificate that signed itself"), Stage::Encrypted(Certificate::SelfSigned)),
        (
            distrusted("a service that knows old protocols only"),
            // The alert `protocol_version`, as TLS 1.0 writes it.
            Stage::NoHandshake(b"\x15\x03\x01\x00\x02\x02\x46"),
        ),
        (
            fault("plain http on the port of https", error("connection", None, 2)),
            Stage::NoHandshake(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
        ),
    ]
}

fn broken_answers() -> Vec<(Fault, Stage)> {
    let breaks = |name| fault(name, error("connection", Some(200), 2));
    let no_http = |name| fault(name, error("connection", None, 2));
    vec![
        (breaks("closed within the body"), acts(|| vec![Send(half_answer()), Close])),
        (breaks("reset within the body"), acts(|| vec![Send(half_answer()), Reset])),
        (
            breaks("closed within a chunk"),
            acts(|| vec![Send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{\"pen".to_vec()), Close]),
        ),
        (
            breaks("a chunk of no length"),
            acts(|| vec![Send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n{}".to_vec()), Close]),
        ),
        (
            hopeless("a body that drips"),
            acts(|| {
                let whole = answer(200, "", STATUS);
                let (head, body) = whole.split_at(whole.len() - STATUS.len());
                vec![Send(head.to_vec()), Drip(body.to_vec(), Duration::from_millis(50))]
            }),
        ),
        (no_http("an answer that is not HTTP"), acts(|| vec![Send(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), Close])),
        (
            no_http("a length that is no number"),
            acts(|| vec![Send(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}".to_vec()), Close]),
        ),
        (
            no_http("two lengths"),
            acts(|| {
                vec![Send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ".to_vec()), Close]
            }),
        ),
    ]
}

fn bodies() -> Vec<(Fault, Stage)> {
    let unreadable = |name| fault(name, error("decode", Some(200), 1));
    let refused = |name| fault(name, error("api", Some(200), 1));
    let body = |body: &'static [u8]| acts(move || vec![Send(answer(200, "", body))]);
    vec![
        (
            unreadable("a body without an end"),
            acts(|| {
                let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
                vec![Send(head), Endless([b"10000\r\n", &[b' '; 65536][..], b"\r\n"].concat())]
            }),
        ),
        (
            unreadable("a body over the limit, announced"),
            acts(|| vec![Send(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{".to_vec()), Hang]),
        ),
        (
            unreadable("a small body that unpacks to a large one"),
            acts(|| vec![Send(answer(200, "Content-Encoding: gzip\r\n", &packed(&vec![b' '; 64 << 20])))]),
        ),
        (
            unreadable("a packed body that breaks off"),
            acts(|| {
                let packed = packed(STATUS);
                vec![Send(answer(200, "Content-Encoding: gzip\r\n", &packed[..packed.len() / 2]))]
            }),
        ),
        (
            unreadable("a body that is not packed as it says"),
            acts(|| vec![Send(answer(200, "Content-Encoding: gzip\r\n", STATUS))]),
        ),
        (unreadable("an empty body"), body(b"")),
        (unreadable("JSON that breaks off"), body(br#"{"pending_machines": 0, "comple"#)),
        (unreadable("text that is no JSON"), body(b"{pending_machines: 0, completed_machines: 3}")),
        (
            unreadable("bytes that are no text"),
            body(b"{\"pending_machines\": 0, \"\xff\xfe\": 1, \"completed_machines\": 3}"),
        ),
        (unreadable("null"), body(b"null")),
        (unreadable("a list"), body(b"[]")),
        (unreadable("an object without counts"), body(b"{}")),
        (unreadable("a status without completed machines"), body(br#"{"pending_machines": 0, "failed_machines": 0}"#)),
        (unreadable("a negative count"), body(br#"{"pending_machines": -1, "completed_machines": 3}"#)),
        (unreadable("half a machine"), body(br#"{"pending_machines": 0.5, "completed_machines": 3}"#)),
        (
            unreadable("a count that stands twice"),
            body(br#"{"pending_machines": 7, "pending_machines": 0, "completed_machines": 3}"#),
        ),
        (
            unreadable("counts whose sum no number holds"),
            body(br#"{"pending_machines": 1, "completed_machines": 18446744073709551615}"#),
        ),
        (
            unreadable("a page to log in, with 200"),
            acts(|| {
                let page = b"<!DOCTYPE html><html><title>Log in</title></html>";
                vec![Send(answer(200, "Content-Type: text/html\r\n", page))]
            }),
        ),
        (
            fault("a status under another content type", Expected::Read),
            acts(|| vec![Send(answer(200, "Content-Type: text/html\r\n", STATUS))]),
        ),
        (refused("the service's own refusal, with 200"), body(ENVELOPE)),
    ]
}

fn statuses() -> Vec<(Fault, Stage)> {
    let bare = |name, status, kind, attempts| {
        (fault(name, error(kind, Some(status), attempts)), acts(move || vec![Send(answer(status, "", b""))]))
    };
    let spoken = |name, status, kind, attempts| {
        (fault(name, error(kind, Some(status), attempts)), acts(move || vec![Send(answer(status, "", ENVELOPE))]))
    };
    vec![
        bare("204", 204, "decode", 1),
        bare("206", 206, "decode", 1),
        bare("304", 304, "api", 1),
        bare("400", 400, "api", 1),
        spoken("400 in the service's words", 400, "api", 1),
        bare("401", 401, "authentication", 1),
        bare("403", 403, "permission_denied", 1),
        spoken("403 in the service's words", 403, "permission_denied", 1),
        bare("404", 404, "not_found", 1),
        bare("405", 405, "api", 1),
        bare("407", 407, "connection", 1),
        bare("408", 408, "timeout", 2),
        bare("410", 410, "api", 1),
        bare("418", 418, "api", 1),
        bare("500", 500, "server", 2),
        spoken("500 in the service's words", 500, "api", 2),
        bare("501", 501, "server", 1),
        bare("502", 502, "server", 2),
        bare("503", 503, "server", 2),
        bare("504", 504, "server", 2),
        (
            fault("503 with a page", error("server", Some(503), 2)),
            acts(|| vec![Send(answer(503, "Content-Type: text/html\r\n", b"<html>Down for maintenance</html>"))]),
        ),
        (
            fault("401 with a body that never ends", error("authentication", Some(401), 1)),
            acts(|| vec![Send(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 99\r\n\r\n{".to_vec()), Hang]),
        ),
    ]
}

fn rate_limits() -> Vec<(Fault, Stage)> {
    const DATE: &str = "Date: Sun, 01 Nov 2026 10:00:00 GMT\r\n";

    let limited = |name, attempts, headers: String| {
        let fault = fault(name, error("rate_limited", Some(429), attempts));
        (fault, acts(move || vec![Send(answer(429, &headers, b""))]))
    };
    vec![
        limited("429", 2, String::new()),
        limited("429 with Retry-After of no seconds", 2, "Retry-After: 0\r\n".to_owned()),
        limited("429 with Retry-After of a second", 2, "Retry-After: 1\r\n".to_owned()),
        limited("429 with Retry-After of more than a call may take", 1, "Retry-After: 3600\r\n".to_owned()),
        limited(
            "429 with Retry-After until a moment",
            2,
            format!("{DATE}Retry-After: Sun, 01 Nov 2026 10:00:01 GMT\r\n"),
        ),
        limited(
            "429 with Retry-After until a moment that is over",
            2,
            format!("{DATE}Retry-After: Sun, 01 Nov 2026 09:00:00 GMT\r\n"),
        ),
        limited(
            "429 with Retry-After until tomorrow",
            1,
            format!("{DATE}Retry-After: Mon, 02 Nov 2026 10:00:00 GMT\r\n"),
        ),
        limited("429 with Retry-After of no form", 2, "Retry-After: soon\r\n".to_owned()),
        (
            fault("503 with Retry-After of more than a call may take", error("server", Some(503), 1)),
            acts(|| vec![Send(answer(503, "Retry-After: 3600\r\n", b""))]),
        ),
    ]
}

fn redirects() -> Vec<(Fault, Stage)> {
    let to = |name, status, location: &'static str| {
        let fault = fault(name, error("redirect", Some(status), 1));
        (fault, acts(move || vec![Send(answer(status, &format!("Location: {location}\r\n"), b""))]))
    };
    vec![
        to("301 to another origin", 301, "https://elsewhere.example/login?next=/cfp"),
        to("302 to another path", 302, "/login"),
        to("303 to another origin", 303, "https://elsewhere.example/"),
        to("307 to another origin", 307, "https://elsewhere.example/"),
        to("308 to another origin", 308, "https://elsewhere.example/"),
        to("302 to no address", 302, "https://["),
        (fault("302 to nowhere", error("api", Some(302), 1)), acts(|| vec![Send(answer(302, "", b""))])),
    ]
}

fn recoveries() -> Vec<(Fault, Stage)> {
    let once = |name, acts: fn() -> Vec<Act>| {
        let stage = Stage::Server(Box::new(move |request| if request.number == 0 { acts() } else { good() }));
        (fault(name, Expected::Read), stage)
    };
    let wait = |name, outcome| Fault { task: Task::Wait, retries: 0, ..fault(name, Expected::Outcome { outcome }) };
    let refuses =
        |name, kind, status| Fault { task: Task::Wait, retries: 0, ..fault(name, error(kind, Some(status), 1)) };
    let then = |first: fn() -> Vec<Act>| {
        Stage::Server(Box::new(move |request| match request.number {
            0 => vec![Send(answer(200, "", INSTALLING))],
            1 => first(),
            _ => good(),
        }))
    };
    vec![
        once("503 once", || vec![Send(answer(503, "", b""))]),
        once("429 once", || vec![Send(answer(429, "Retry-After: 0\r\n", b""))]),
        once("reset once", || vec![Reset]),
        once("closed within the body once", || vec![Send(half_answer()), Close]),
        (
            Fault { task: Task::StatusSigned, ..fault("a signature by a clock that is an hour slow", Expected::Read) },
            Stage::Server(Box::new(|request| match request.number {
                0 => vec![Send(answer(403, &format!("Date: {}\r\n", an_hour_ahead()), b""))],
                _ => good(),
            })),
        ),
        (wait("a wait during which the service restarts", "ready"), {
            let acts: Acts =
                Box::new(|request| if request.number < 2 { vec![Send(answer(200, "", INSTALLING))] } else { good() });
            Stage::Restarting(acts, 2, Duration::from_millis(300))
        }),
        (
            wait("a wait during which the clock steps an hour ahead and a day back", "ready"),
            Stage::Stepping(
                |request| if request.number < 4 { vec![Send(answer(200, "", INSTALLING))] } else { good() },
            ),
        ),
        (wait("a wait with a 503 within", "ready"), then(|| vec![Send(answer(503, "", b""))])),
        (wait("a wait with a reset within", "ready"), then(|| vec![Reset])),
        (wait("a wait with a page to log in within", "ready"), then(|| vec![Send(answer(200, "", b"<html></html>"))])),
        (
            refuses("a wait whose credentials are revoked", "authentication", 401),
            then(|| vec![Send(answer(401, "", b""))]),
        ),
        (
            refuses("a wait whose permission is revoked", "permission_denied", 403),
            then(|| vec![Send(answer(403, "", b""))]),
        ),
    ]
}

fn fault(name: &'static str, expected: Expected) -> Fault {
    Fault { name, task: Task::Status, timeout: 20, retries: 1, expected }
}

/// Returns a fault that only the end of the call's time ends.
fn hopeless(name: &'static str) -> Fault {
    Fault { timeout: SOON, ..fault(name, error("timeout", None, 1)) }
}

fn idle(name: &'static str) -> Fault {
    Fault { task: Task::StatusTwice, retries: 0, ..fault(name, Expected::Read) }
}

fn error(kind: &'static str, status: Option<u16>, attempts: u32) -> Expected {
    Expected::Error { kind, status, attempts }
}

fn acts(acts: impl Fn() -> Vec<Act> + Sync + std::marker::Send + 'static) -> Stage {
    Stage::Server(Box::new(move |_| acts()))
}

fn good() -> Vec<Act> {
    vec![Send(answer(200, "", STATUS))]
}

/// Returns an answer of HTTP.
pub(crate) fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    // These two have no body, and so no length.
    let length = match status {
        204 | 304 => String::new(),
        _ => format!("Content-Length: {}\r\n", body.len()),
    };
    [format!("HTTP/1.1 {status} -\r\n{headers}{length}\r\n").as_bytes(), body].concat()
}

fn half_answer() -> Vec<u8> {
    let mut whole = answer(200, "", STATUS);
    whole.truncate(whole.len() - STATUS.len() / 2);
    whole
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Memory takes everything that is written into it.
    encoder.write_all(body).and_then(|()| encoder.finish()).unwrap_or_default()
}

fn an_hour_ahead() -> String {
    httpdate::fmt_http_date(std::time::SystemTime::now() + Duration::from_secs(3600))
}
