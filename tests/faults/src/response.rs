//! HTTP responses as bytes.

/// An image status with three completed machines.
pub const STATUS: &[u8] = br#"{"pending_machines": 0, "failed_machines": 0, "completed_machines": 3}"#;

/// Returns a whole response; each line of `headers` ends with CR LF.
pub fn response(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    // These two have no body, and so no length.
    let length = match status {
        204 | 304 => String::new(),
        _ => format!("Content-Length: {}\r\n", body.len()),
    };
    [format!("HTTP/1.1 {status} -\r\n{headers}{length}\r\n").as_bytes(), body].concat()
}
