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

/// Returns what a server of HTTP/2 sends in response to the first request of a connection: a status with this many headers, at
/// most 16,000.
pub(crate) fn http2_response(headers: usize) -> Vec<u8> {
    const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    const STATUS_200: u8 = 0x88;
    const FIRST_OF_DYNAMIC_TABLE: u8 = 0x80 + 62;
    // The first header adds itself to the dynamic table of RFC 7541, which the others refer to.
    let mut block = [&[STATUS_200, 0x40, 7][..], b"x-trace", &[100], &[b'1'; 100]].concat();
    block.resize(block.len() + headers.saturating_sub(1), FIRST_OF_DYNAMIC_TABLE);
    [&SETTINGS, &frame_head(block.len(), 1, 4)[..], &block, &frame_head(STATUS.len(), 0, 1), STATUS].concat()
}

/// Returns the head of a frame of the first stream (RFC 9113, section 4.1).
fn frame_head(length: usize, kind: u8, flags: u8) -> [u8; 9] {
    let [.., high, middle, low] = length.to_be_bytes();
    [high, middle, low, kind, flags, 0, 0, 0, 1]
}
