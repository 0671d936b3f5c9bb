//! Servers that echo the credentials of a request, in every part of a response: no client may show them.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::response::response;
use crate::server::{self, Action};

/// Running servers that echo credentials.
#[derive(Serialize)]
pub struct Echoes {
    /// Their base URLs.
    pub urls: Vec<String>,
    /// A file that exists once a client has followed a redirect to another origin.
    pub followed: String,
    #[serde(skip)]
    _folder: tempfile::TempDir,
}

impl Echoes {
    /// Starts all of them.
    ///
    /// # Errors
    /// If the system has no more sockets.
    pub fn start() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let followed = folder.path().join("followed");
        let other_origin = format!("http://{}", trap(&followed)?);
        let urls = all(&other_origin).into_iter().map(|echo| {
            let script =
                move |request: server::Request<'_>| vec![Action::Send(echo(&secrets(request.head))), Action::Close];
            server::start(script).map(|address| format!("http://{address}"))
        });
        let urls = urls.collect::<io::Result<_>>()?;
        Ok(Self { urls, followed: followed.to_string_lossy().into_owned(), _folder: folder })
    }
}

/// Starts a server that writes the head of each request to a file.
fn trap(file: &Path) -> io::Result<SocketAddr> {
    let file = file.to_owned();
    server::start(move |request| {
        assert!(std::fs::write(&file, request.head).is_ok(), "the request cannot be written to the file");
        vec![Action::Close]
    })
}

/// Returns the credentials of a request, as they were sent and decoded.
fn secrets(head: &str) -> String {
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (given, value) = line.split_once(": ")?;
            given.eq_ignore_ascii_case(name).then_some(value)
        })
    };
    let authorization = header("proxy-authorization").or_else(|| header("authorization")).unwrap_or_default();
    let decoded = authorization.split(' ').next_back().and_then(|encoded| STANDARD.decode(encoded).ok());
    let decoded = decoded.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    format!("{authorization} {decoded} {}", decoded.replace(':', " "))
}

type Echo = Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

fn all(other_origin: &str) -> Vec<Echo> {
    let mut echoes: Vec<Echo> = Vec::new();
    for status in [200, 400, 401, 403, 404, 408, 422, 429, 500, 503] {
        echoes.push(Box::new(move |secrets| response(status, "", secrets.as_bytes())));
        echoes.push(Box::new(move |secrets| {
            let envelope = serde_json::json!({"error": true, "error_code": secrets, "error_message": secrets});
            response(status, "", envelope.to_string().as_bytes())
        }));
        echoes.push(Box::new(move |secrets| response(status, "", format!("<h1>{secrets}</h1>").as_bytes())));
        echoes.push(Box::new(move |secrets| response(status, &format!("X-Request-Id: {secrets}\r\n"), b"{}")));
        echoes.push(Box::new(move |secrets| response(status, &format!("Content-Type: {secrets}\r\n"), b"{}")));
        echoes.push(Box::new(move |secrets| response(status, &format!("Retry-After: {secrets}\r\n"), b"{}")));
    }
    for status in [301, 302, 303, 307, 308] {
        let other_origin = other_origin.to_owned();
        echoes.push(Box::new(move |secrets| {
            let secret = secrets.split(' ').nth(1).unwrap_or_default();
            let location = format!("{other_origin}/{secret}?{secret}");
            response(status, &format!("Location: {location}\r\n"), secrets.as_bytes())
        }));
        echoes.push(Box::new(move |secrets| {
            let secret = secrets.split(' ').nth(1).unwrap_or_default();
            let location = format!("https://{secret}:{secret}@{secret}.example/{secret}?{secret}");
            response(status, &format!("Location: {location}\r\n"), b"")
        }));
    }
    echoes.push(Box::new(|secrets| format!("HTTP/1.1 {secrets}\r\n\r\n").into_bytes()));
    echoes.push(Box::new(|secrets| {
        let body = serde_json::json!({"pending_machines": secrets, "completed_machines": 1});
        response(200, "", body.to_string().as_bytes())
    }));
    echoes.push(Box::new(|secrets| {
        let body = serde_json::json!({"pending_machines": 1, "completed_machines": 1, "fleets": {secrets: secrets}});
        response(200, "", body.to_string().as_bytes())
    }));
    echoes
}
