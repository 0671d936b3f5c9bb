//! Services that repeat everything they were sent, wherever an answer has room for it: what they were sent must show nowhere.

use std::io;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::server::{self, Act};
use crate::table::answer;

/// The services that repeat, as long as they are there.
#[derive(Serialize)]
pub struct Echoes {
    /// Their addresses.
    pub urls: Vec<String>,
    /// A file that is there once a client has followed one of them to another origin.
    pub followed: String,
    #[serde(skip)]
    _folder: tempfile::TempDir,
}

impl Echoes {
    /// Starts all of them.
    ///
    /// # Errors
    /// Where the system has no more sockets.
    pub fn start() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let followed = folder.path().join("followed");
        let elsewhere = trap(&followed)?;
        let urls = all(&elsewhere).into_iter().map(|echo| {
            server::start(Box::new(move |request| vec![Act::Send(echo(&secrets(request.head))), Act::Close]))
        });
        let urls = urls.collect::<io::Result<_>>()?;
        Ok(Self { urls, followed: followed.to_string_lossy().into_owned(), _folder: folder })
    }
}

/// Returns an address of another origin that notes when it is asked anything.
fn trap(note: &Path) -> io::Result<String> {
    let note = note.to_owned();
    server::start(Box::new(move |request| {
        assert!(std::fs::write(&note, request.head).is_ok(), "a leak cannot be noted");
        vec![Act::Close]
    }))
}

/// Returns the credentials of a request, as they were sent and as they were before.
fn secrets(head: &str) -> String {
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (given, value) = line.split_once(": ")?;
            given.eq_ignore_ascii_case(name).then_some(value)
        })
    };
    let authorization = header("proxy-authorization").or_else(|| header("authorization")).unwrap_or_default();
    let decoded = authorization.split(' ').next_back().and_then(|proof| STANDARD.decode(proof).ok());
    let decoded = decoded.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    format!("{authorization} {decoded} {}", decoded.replace(':', " "))
}

type Echo = Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

fn all(elsewhere: &str) -> Vec<Echo> {
    let mut echoes: Vec<Echo> = Vec::new();
    for status in [200, 400, 401, 403, 404, 408, 422, 429, 500, 503] {
        echoes.push(Box::new(move |secrets| answer(status, "", secrets.as_bytes())));
        echoes.push(Box::new(move |secrets| {
            let envelope = serde_json::json!({"error": true, "error_code": secrets, "error_message": secrets});
            answer(status, "", envelope.to_string().as_bytes())
        }));
        echoes.push(Box::new(move |secrets| answer(status, "", format!("<h1>{secrets}</h1>").as_bytes())));
        echoes.push(Box::new(move |secrets| answer(status, &format!("X-Request-Id: {secrets}\r\n"), b"{}")));
        echoes.push(Box::new(move |secrets| answer(status, &format!("Content-Type: {secrets}\r\n"), b"{}")));
        echoes.push(Box::new(move |secrets| answer(status, &format!("Retry-After: {secrets}\r\n"), b"{}")));
    }
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = elsewhere.to_owned();
        echoes.push(Box::new(move |secrets| {
            let secret = secrets.split(' ').nth(1).unwrap_or_default();
            let location = format!("{elsewhere}/{secret}?{secret}");
            answer(status, &format!("Location: {location}\r\n"), secrets.as_bytes())
        }));
        echoes.push(Box::new(move |secrets| {
            let secret = secrets.split(' ').nth(1).unwrap_or_default();
            let location = format!("https://{secret}:{secret}@{secret}.example/{secret}?{secret}");
            answer(status, &format!("Location: {location}\r\n"), b"")
        }));
    }
    echoes.push(Box::new(|secrets| format!("HTTP/1.1 {secrets}\r\n\r\n").into_bytes()));
    echoes.push(Box::new(|secrets| {
        let body = serde_json::json!({"pending_machines": secrets, "completed_machines": 1});
        answer(200, "", body.to_string().as_bytes())
    }));
    echoes.push(Box::new(|secrets| {
        let body = serde_json::json!({"pending_machines": 1, "completed_machines": 1, "fleets": {secrets: secrets}});
        answer(200, "", body.to_string().as_bytes())
    }));
    echoes
}
