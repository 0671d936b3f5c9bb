//! The head of a request, as far as the simulator needs it.

/// The most bytes and headers of a request.
pub(crate) const MAX_HEAD_BYTES: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;

/// A request, read up to its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query, as they were sent.
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    /// How many bytes of a body follow the head.
    pub(crate) body_bytes: usize,
    /// The client closes the connection after this request.
    pub(crate) is_last: bool,
}

impl Request {
    /// Returns the request at the start of `bytes` and the length of its head; `None` if more bytes are needed.
    ///
    /// # Errors
    /// What is wrong, if this is not a request of HTTP/1.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, String> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut parsed = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(length) = parsed.parse(bytes).map_err(|error| error.to_string())? else {
            return if bytes.len() > MAX_HEAD_BYTES { Err("the head is too long".to_owned()) } else { Ok(None) };
        };
        let header = |name: &str| {
            let found = parsed.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
            found.map(|header| String::from_utf8_lossy(header.value).into_owned())
        };
        let body_bytes = match header("content-length") {
            None => 0,
            Some(text) => text.trim().parse().map_err(|_| format!("invalid Content-Length `{text}`"))?,
        };
        let connection = header("connection").unwrap_or_default().to_ascii_lowercase();
        let is_last = if parsed.version == Some(0) { connection != "keep-alive" } else { connection == "close" };
        let request = Self {
            method: parsed.method.unwrap_or_default().to_owned(),
            target: parsed.path.unwrap_or_default().to_owned(),
            headers: parsed.headers.iter().map(pair).collect(),
            body_bytes,
            is_last,
        };
        Ok(Some((request, length)))
    }

    /// Returns the path.
    pub(crate) fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }

    /// Returns the last value of this name in the query, as it was sent.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query
            .split('&')
            .rev()
            .filter_map(|pair| pair.split_once('='))
            .find(|(given, _)| *given == name)
            .map(|(_, value)| value)
    }

    /// Returns the first header of this name, which is case-insensitive.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

fn pair(header: &httparse::Header<'_>) -> (String, String) {
    (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_parsed_once_all_of_it_has_arrived() {
        let text = b"GET /a?b=c HTTP/1.1\r\nAuthorization: Basic eA==\r\nContent-Length: 3\r\n\r\nxyz";
        assert_eq!(Request::parse(&text[..20]), Ok(None));
        let (request, length) = Request::parse(text).unwrap().unwrap();
        assert_eq!((request.target.as_str(), request.body_bytes, length), ("/a?b=c", 3, text.len() - 3));
        assert_eq!(request.header("authorization"), Some("Basic eA=="));
        assert!(!request.is_last);
    }

    #[test]
    fn bytes_that_are_not_a_request_are_an_error() {
        assert!(Request::parse(b"\x16\x03\x01\x02\x00").is_err());
        assert!(Request::parse(b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n").is_err());
        assert!(Request::parse(&vec![b'a'; MAX_HEAD_BYTES + 1]).is_err());
    }
}
